// The steps from a decoded review to a verdict: scope, shape, decide, render, graft.
import type { AdmissionReview } from './admission/review.ts';
import { outOfScope } from './admission/scope.ts';
import { unreadable } from './admission/unreadable.ts';
import type { FindTemplate } from './bundle/compile-templates.ts';
import { Fault } from './errors.ts';
import { isObject, type JsonObject, type JsonValue } from './json.ts';
import { checkAnnotationsSize } from './k8s/annotations-size.ts';
import { checkPodShape } from './k8s/shape.ts';
import { type Graft, graftPod } from './pod/graft.ts';
import { patchContainers } from './pod/patch-containers.ts';
import type { RecordedOperation } from './pod/write-operations.ts';
import type { Decision, Denial, Injection } from './policy/decision.ts';
import { checkLookups, type FindFacts, spliceFacts } from './policy/facts.ts';
import type { Policy } from './policy/opa.ts';
import { parseDecision } from './policy/parse-decision.ts';
import { CORE, type CoreCode } from './reason.ts';
import type { Timings } from './review.ts';
import type { Rendered } from './template/rendered.ts';

/** What the steps work with. */
export interface Parts {
  readonly policy: Policy;
  readonly find: FindTemplate;
  readonly clock: () => number;
  readonly findFacts: FindFacts;
}

/** What the steps before the answer came to. */
export interface Verdict {
  readonly denials?: readonly Denial[];
  readonly skips?: Decision['skips'];
  readonly injections?: readonly Injection[];
  readonly operations?: readonly RecordedOperation[];
  readonly warnings?: readonly string[];
  readonly audit?: Decision['audit'];
}

/** One request on its way through the steps. */
export interface Asked {
  readonly review: AdmissionReview;
  readonly body: Uint8Array;
  readonly budget: number | undefined;
  readonly marks: Marks;
}

/** The times of the steps, as they are taken. */
export type Marks = { -readonly [step in keyof Timings]: number };

/**
 * Judges one request.
 *
 * @throws {Fault} `review.unreadable`, or a failure of podgraft's own
 */
export const judge = async (parts: Parts, { review, body, budget, marks }: Asked): Promise<Verdict> => {
  const { request } = review;
  const reason = outOfScope(request);
  if (reason !== undefined) {
    return { skips: [{ system: CORE, code: reason }] };
  }
  const pod = request.object;
  if (pod === undefined) {
    // The words of the Go decoder, which people search for.
    return refuse('object_missing', 'unexpected end of JSON input');
  }
  const misshape = isObject(pod)
    ? checkPodShape(pod)
    : 'json: cannot unmarshal the object into Go value of type v1.Pod';
  if (misshape !== undefined || !isObject(pod)) {
    return refuse('pod_shape', misshape ?? '');
  }
  const oversize = checkAnnotationsSize(pod);
  if (oversize !== undefined) {
    return refuse('annotations_size', oversize);
  }
  const decision = await decideWithFacts(parts, { review, body, budget, marks });
  if (decision.denials.length > 0 || decision.injections.length === 0) {
    return { denials: decision.denials, skips: decision.skips, warnings: decision.warnings, audit: decision.audit };
  }
  return inject(parts, { pod, decision, marks });
};

/** The pod's author can ask for more than is rendered; that is no failure of podgraft. */
const renderWithinSize = (render: () => Rendered): Rendered | undefined => {
  try {
    return render();
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'template.size') {
      return undefined;
    }
    throw thrown;
  }
};

const refuse = (code: CoreCode, message: string, system: string = CORE): Verdict => ({
  denials: [{ system, code, message }],
});

/** Decides; where the policy asks for facts, finds them and decides once more, and only once. */
const decideWithFacts = async (parts: Parts, { review, body, budget, marks }: Asked): Promise<Decision> => {
  const start = parts.clock();
  const first = await decide(parts.policy, body);
  const middle = parts.clock();
  marks.decide = middle - start;
  if (first.lookups.length === 0 || first.denials.length > 0) {
    return first;
  }
  checkLookups(first.lookups);
  const facts = await parts.findFacts(first.lookups, { namespace: review.request.namespace, budget });
  const found = parts.clock();
  marks.lookup = found - middle;
  const second = await decide(parts.policy, spliceFacts(body, facts));
  marks.decide += parts.clock() - found;
  if (second.lookups.length > 0) {
    throw new Fault('policy.lookups', 'the policy asks for facts again after it was given facts');
  }
  return second;
};

const decide = async (policy: Policy, body: Uint8Array): Promise<Decision> => {
  let value: JsonValue | undefined;
  try {
    value = await policy.evaluate(body, 'podgraft/decision');
  } catch (fault) {
    const reason = unreadable(JSON.parse(new TextDecoder().decode(body)) as JsonValue);
    throw reason === undefined ? fault : new Fault('review.unreadable', reason, { cause: fault });
  }
  return parseDecision(value);
};

const inject = (
  parts: Parts,
  { pod, decision, marks }: { pod: JsonObject; decision: Decision; marks: Marks },
): Verdict => {
  const { injections, warnings, audit, skips } = decision;
  const start = parts.clock();
  const grafts: Graft[] = [];
  for (const { system, template, parameters, containerPatches = [], listens = [] } of injections) {
    const found = parts.find(system, template);
    if (found === undefined) {
      throw new Fault('template.unknown', `the decision names a template "${template}" that ${system} does not have`);
    }
    const rendered = renderWithinSize(() => found.render(parameters));
    if (rendered === undefined) {
      return refuse('too_large', `what the pod asks ${system} for is larger than podgraft renders`, system);
    }
    const patched = patchContainers(rendered, containerPatches);
    if ('message' in patched) {
      return refuse('container_patch', patched.message, system);
    }
    grafts.push({ system, template, rendered: patched.rendered, listens });
  }
  const middle = parts.clock();
  marks.render = middle - start;
  const grafted = graftPod(pod, grafts);
  marks.graft = parts.clock() - middle;
  return 'conflict' in grafted
    ? refuse('conflict', grafted.conflict.message, grafted.conflict.system)
    : { injections, skips, operations: grafted.operations, warnings, audit };
};
