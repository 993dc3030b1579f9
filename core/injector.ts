// Composes the steps: the one function behind every face of podgraft.
import { type Answer, respond } from './admission/response.ts';
import { type AdmissionRequest, type AdmissionReview, decodeReview } from './admission/review.ts';
import { outOfScope } from './admission/scope.ts';
import { unreadable } from './admission/unreadable.ts';
import type { Bundle } from './bundle/bundle.ts';
import { compileTemplates, type FindTemplate } from './bundle/compile-templates.ts';
import type { Configuration } from './bundle/configuration.ts';
import { configurePolicy } from './bundle/configure-policy.ts';
import { Fault } from './errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from './json.ts';
import { checkPodShape } from './k8s/shape.ts';
import { type Graft, graftPod } from './pod/graft.ts';
import { patchContainers } from './pod/patch-containers.ts';
import type { RecordedOperation } from './pod/write-operations.ts';
import type { Decision, Denial, Injection } from './policy/decision.ts';
import { checkLookups, type FindFacts, noFacts, spliceFacts } from './policy/facts.ts';
import type { Policy } from './policy/opa.ts';
import { parseDecision } from './policy/parse-decision.ts';
import { CORE, type CoreCode, createSentences, type FindSentence } from './reason.ts';
import type { Outcome, RequestIdentity, Review, Timings } from './review.ts';

/** What an injector is made of. */
export interface InjectorOptions {
  readonly bundle: Bundle;
  /** Absent: the bundle's own defaults. */
  readonly configuration?: Configuration | undefined;
  /** Milliseconds, for {@link Review.timings}; absent: they are all zero. */
  readonly clock?: (() => number) | undefined;
  /** Bound of the policy's memory, in pages of 64 KiB; the default is 2,048. */
  readonly maxMemoryPages?: number | undefined;
  /** Finds facts outside the review; absent: every lookup is answered by an error, and the policy chooses. */
  readonly findFacts?: FindFacts | undefined;
}

/** Reviews requests. Immutable: a new bundle or configuration makes a new injector. */
export interface Injector {
  /** The bundle's digest. */
  readonly digest: string;
  /** Doubtful values of the configuration, which a pod may repair. */
  readonly warnings: readonly string[];
  /** The sentence for a code of {@link Review.codes}. */
  readonly sentence: FindSentence;
  /**
   * Reviews one request body.
   *
   * @param budget milliseconds until the caller gives up; only lookups heed it
   * @throws {Fault} `review.*` when the body is no review; anything else is podgraft's own failure
   */
  readonly review: (body: Uint8Array, budget?: number) => Promise<Review>;
}

/**
 * Builds an injector: lays the configuration over the bundle, instantiates the policy, compiles the templates, and
 * reviews the plainest pod once, which warms the policy up and shows that it answers decisions.
 *
 * @throws {Fault} `configuration.*`, `policy.*` or `template.*`, with the place where it is known
 */
export const createInjector = async (options: InjectorOptions): Promise<Injector> => {
  const { bundle, clock = () => 0, findFacts = noFacts } = options;
  const { policy, layers, data, warnings } = await configurePolicy(options);
  const parts: Parts = { policy, find: compileTemplates(bundle, layers), digest: bundle.digest, clock, findFacts };
  await reviewBody(parts, new TextEncoder().encode(JSON.stringify(PLAINEST_REVIEW)));
  return {
    digest: bundle.digest,
    warnings,
    sentence: createSentences(data),
    review: (body, budget) => reviewBody(parts, body, budget),
  };
};

const PLAINEST_REVIEW: JsonValue = {
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: 'warm-up',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    operation: 'CREATE',
    namespace: 'default',
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'warm-up' }, spec: { containers: [] } },
  },
};

interface Parts {
  readonly policy: Policy;
  readonly find: FindTemplate;
  readonly digest: string;
  readonly clock: () => number;
  readonly findFacts: FindFacts;
}

/** What the steps before the answer came to. */
interface Verdict {
  readonly denials?: readonly Denial[];
  readonly skips?: Decision['skips'];
  readonly injections?: readonly Injection[];
  readonly operations?: readonly RecordedOperation[];
  readonly warnings?: readonly string[];
  readonly audit?: Decision['audit'];
}

/** One request on its way through the steps. */
interface Asked {
  readonly review: AdmissionReview;
  readonly body: Uint8Array;
  readonly budget: number | undefined;
  readonly marks: Marks;
}

type Marks = { -readonly [step in keyof Timings]: number };

const reviewBody = async (parts: Parts, body: Uint8Array, budget?: number): Promise<Review> => {
  const marks: Marks = { decode: 0, decide: 0, lookup: 0, render: 0, graft: 0, respond: 0 };
  const begin = parts.clock();
  const review = decodeReview(body);
  marks.decode = parts.clock() - begin;
  const verdict = await judge(parts, { review, body, budget, marks });
  const start = parts.clock();
  const answered = answer(parts, review, verdict);
  marks.respond = parts.clock() - start;
  return { ...answered, request: identify(review.request), timings: marks };
};

const judge = async (parts: Parts, { review, body, budget, marks }: Asked): Promise<Verdict> => {
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
  const decision = await decideWithFacts(parts, { review, body, budget, marks });
  if (decision.denials.length > 0 || decision.injections.length === 0) {
    return { denials: decision.denials, skips: decision.skips, warnings: decision.warnings, audit: decision.audit };
  }
  return inject(parts, { pod, decision, marks });
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
  for (const { system, template, parameters, containerPatches = [] } of injections) {
    const found = parts.find(system, template);
    if (found === undefined) {
      throw new Fault('template.unknown', `the decision names a template "${template}" that ${system} does not have`);
    }
    const patched = patchContainers(found.render(parameters), containerPatches);
    if ('message' in patched) {
      return refuse('container_patch', patched.message, system);
    }
    grafts.push({ system, template, rendered: patched.rendered });
  }
  const middle = parts.clock();
  marks.render = middle - start;
  const grafted = graftPod(pod, grafts);
  marks.graft = parts.clock() - middle;
  return 'conflict' in grafted
    ? refuse('conflict', grafted.conflict.message, grafted.conflict.system)
    : { injections, skips, operations: grafted.operations, warnings, audit };
};

const answer = (
  { digest }: Parts,
  review: AdmissionReview,
  { denials = [], injections = [], skips = [], operations = [], warnings = [], audit = {} }: Verdict,
): Pick<Review, 'response' | 'outcome' | 'codes' | 'operations'> => {
  const codes = explain(denials, injections, skips);
  const outcome = classify(denials, injections, operations);
  const decision = [outcome, ...codes.map(({ system, code }) => `${system}/${code}`)].join(' ');
  const details: Answer = {
    warnings,
    audit: { ...audit, decision, bundle: digest },
    ...(denials.length === 0
      ? { operations: operations.map(({ operation }) => operation) }
      : { message: denials.map(({ message }) => message).join('; ') }),
  };
  return { response: respond(review, details), outcome, codes, operations };
};

const explain = (
  denials: readonly Denial[],
  injections: readonly Injection[],
  skips: Decision['skips'],
): Review['codes'] => {
  if (denials.length > 0) {
    return denials.map(({ system, code }) => ({ system, code }));
  }
  if (injections.length > 0) {
    return injections.map(({ system, reason }) => ({ system, code: reason }));
  }
  return skips.length > 0 ? skips : [{ system: CORE, code: 'not_requested' }];
};

const classify = (
  denials: readonly Denial[],
  injections: readonly Injection[],
  operations: readonly RecordedOperation[],
): Outcome => {
  if (denials.length > 0) {
    return 'denied';
  }
  if (injections.length === 0) {
    return 'skipped';
  }
  return operations.length === 0 ? 'unchanged' : 'injected';
};

const identify = ({ uid, operation, namespace, name, object }: AdmissionRequest): RequestIdentity => {
  const metadata = isObject(object) ? own(object, 'metadata') : undefined;
  const generateName = isObject(metadata) ? own(metadata, 'generateName') : undefined;
  const ownName = isObject(metadata) ? own(metadata, 'name') : undefined;
  return {
    uid,
    operation,
    namespace,
    name: name === '' && typeof ownName === 'string' ? ownName : name,
    generateName: typeof generateName === 'string' ? generateName : '',
  };
};
