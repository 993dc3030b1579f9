// Composes the steps: the one function behind every face of podgraft.
import { type Answer, respond } from './admission/response.ts';
import { type AdmissionRequest, type AdmissionReview, decodeReview } from './admission/review.ts';
import type { Bundle } from './bundle/bundle.ts';
import { compileTemplates } from './bundle/compile-templates.ts';
import type { Configuration } from './bundle/configuration.ts';
import { configurePolicy } from './bundle/configure-policy.ts';
import { Fault, toError } from './errors.ts';
import { isObject, type JsonValue, own } from './json.ts';
import { type Asked, judge, type Marks, type Parts, type Verdict } from './judge.ts';
import type { RecordedOperation } from './pod/write-operations.ts';
import type { Decision, Denial, Injection } from './policy/decision.ts';
import { type FindFacts, noFacts } from './policy/facts.ts';
import { CORE, createSentences, type FindSentence } from './reason.ts';
import type { Outcome, RequestIdentity, Review } from './review.ts';

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
  const parts: Parts = { policy, find: compileTemplates(bundle, layers), clock, findFacts };
  const reviewWith = (body: Uint8Array, budget?: number) => reviewBody(parts, bundle.digest, { body, budget });
  await reviewWith(new TextEncoder().encode(JSON.stringify(PLAINEST_REVIEW)));
  return {
    digest: bundle.digest,
    warnings,
    sentence: createSentences(data),
    review: reviewWith,
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

const reviewBody = async (
  parts: Parts,
  digest: string,
  { body, budget }: Pick<Asked, 'body' | 'budget'>,
): Promise<Review> => {
  const marks: Marks = { decode: 0, decide: 0, lookup: 0, render: 0, graft: 0, respond: 0 };
  const begin = parts.clock();
  const review = decodeReview(body);
  marks.decode = parts.clock() - begin;
  const verdict = await judgeNamed(parts, { review, body, budget, marks });
  const start = parts.clock();
  const answered = answer(digest, review, verdict);
  marks.respond = parts.clock() - start;
  return { ...answered, request: identify(review.request), timings: marks };
};

/** A failure tells which review it was. */
const judgeNamed = async (parts: Parts, asked: Asked): Promise<Verdict> => {
  try {
    return await judge(parts, asked);
  } catch (thrown) {
    const { uid, operation, namespace, name, generateName } = identify(asked.review.request);
    const about = { uid, namespace, ...(name === '' ? { generateName } : { name }), operation };
    const { code, at } = thrown instanceof Fault ? thrown : { code: 'internal', at: undefined };
    throw new Fault(code, toError(thrown).message, { at, cause: thrown, about });
  }
};

const answer = (
  digest: string,
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
