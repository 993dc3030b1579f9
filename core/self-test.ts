// Tests a bundle by the cases that it brings, before anything relies on it.
import type { Bundle } from './bundle/bundle.ts';
import type { BundleCase } from './bundle/case.ts';
import type { Configuration } from './bundle/configuration.ts';
import { firstDifference } from './bundle/difference.ts';
import { Fault, toError } from './errors.ts';
import { createInjector, type Injector } from './injector.ts';
import { isObject, type JsonObject, type JsonValue, own } from './json.ts';
import { applyPatch } from './patch/apply.ts';
import { type Fact, type FindFacts, noFacts } from './policy/facts.ts';
import type { Review } from './review.ts';

/** How the cases are run. */
export interface SelfTestOptions {
  readonly maxMemoryPages?: number | undefined;
  /** Awaited between two cases, so that a runtime can answer requests meanwhile. */
  readonly pause?: (() => Promise<void>) | undefined;
}

/**
 * Reviews the request of every case and compares the answer with the one it names. A case is asked under its own
 * configuration, never the operator's.
 *
 * @throws {Fault} `bundle.self-test` at the first case that is answered otherwise, with its file
 */
export const selfTest = async (
  bundle: Bundle,
  cases: readonly BundleCase[],
  { maxMemoryPages, pause = async () => {} }: SelfTestOptions = {},
): Promise<void> => {
  for (const group of groupByConfiguration(cases)) {
    const [first] = group;
    const { file, configuration: policy } = first;
    const configuration: Configuration = { server: {}, policy, placeOf: () => ({ file }) };
    const known: { facts: JsonObject } = { facts: {} };
    const findFacts = replay(known);
    const injector = await within(first, () => createInjector({ bundle, configuration, maxMemoryPages, findFacts }));
    for (const one of group) {
      await pause();
      known.facts = one.facts;
      await within(one, () => ask(injector, one));
    }
  }
};

type Group = readonly [BundleCase, ...BundleCase[]];

/** Cases with the same configuration share an injector. */
const groupByConfiguration = (cases: readonly BundleCase[]): readonly Group[] => {
  const groups = new Map<string, [BundleCase, ...BundleCase[]]>();
  for (const one of cases) {
    const key = JSON.stringify(one.configuration);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [one]);
    } else {
      group.push(one);
    }
  }
  return [...groups.values()];
};

/** Finds the facts of the case that is asked; what it does not know is answered as by a runtime without adapters. */
const replay =
  (known: { readonly facts: JsonObject }): FindFacts =>
  async (lookups, context) => {
    const found = new Map<string, Fact>(Object.entries(await noFacts(lookups, context)));
    for (const { key } of lookups) {
      const fact = own(known.facts, key);
      if (isObject(fact)) {
        found.set(key, fact);
      }
    }
    return Object.fromEntries(found);
  };

const ask = async (injector: Injector, { request, response, podAfter }: BundleCase): Promise<void> => {
  const body = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'self-test', ...request },
  };
  const review = await injector.review(new TextEncoder().encode(JSON.stringify(body)));
  const given = answerOf(review);
  compare(
    '/response',
    response,
    Object.fromEntries(Object.keys(response).map((key) => [key, own(given, key) ?? null])),
  );
  if (podAfter !== undefined) {
    const operations = review.operations.map(({ operation }) => operation as unknown as JsonValue);
    const pod = operations.length === 0 ? 'unchanged' : applyPatch(own(request, 'object') ?? null, operations);
    compare('/podAfter', podAfter, pod);
  }
};

const answerOf = ({ response: { response }, outcome, codes }: Review): JsonObject => ({
  allowed: response.allowed,
  message: response.status?.message ?? '',
  warnings: response.warnings ?? [],
  outcome,
  codes: codes.map(({ system, code }) => `${system}/${code}`),
});

const compare = (where: string, expected: JsonValue, actual: JsonValue): void => {
  const difference = firstDifference(expected, actual);
  if (difference !== undefined) {
    const message = `${where}${difference.pointer} should be ${show(difference.expected)}, but it is ${show(difference.actual)}`;
    throw new Fault('bundle.self-test', message);
  }
};

const LONGEST = 200;

const show = (value: JsonValue | undefined): string =>
  value === undefined ? 'absent' : JSON.stringify(value).slice(0, LONGEST);

/** Whatever goes wrong in a case is the bundle's failure, and named by the case. */
const within = async <Value>({ file }: BundleCase, work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (thrown) {
    const { message } = toError(thrown);
    throw new Fault('bundle.self-test', `the bundle fails its own case: ${message}`, { at: { file }, cause: thrown });
  }
};
