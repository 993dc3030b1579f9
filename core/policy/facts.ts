// Facts: what a decision needs from outside the review, asked of the runtime and handed to a second round.
import { Fault } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Lookup } from './decision.ts';

/** What came of one lookup: the kind's own fields, or why there is no fact. The policy chooses what that means. */
export type Fact = JsonObject | { readonly error: { readonly code: string; readonly message: string } };

/** What a lookup may use of the request. */
export interface LookupContext {
  readonly namespace: string;
  /** Milliseconds until the caller gives up; `undefined` where it didn't say. */
  readonly budget: number | undefined;
}

/**
 * Finds facts; a runtime brings it. It answers every lookup, with an `error` where there is no fact.
 *
 * @throws {Fault} `facts.timeout` when the budget is used up: then there is no answer at all
 */
export type FindFacts = (lookups: readonly Lookup[], context: LookupContext) => Promise<Readonly<Record<string, Fact>>>;

/** The facts of a runtime that has no adapters. */
export const noFacts: FindFacts = async (lookups) =>
  Object.fromEntries(
    lookups.map(({ key, kind }) => [
      key,
      { error: { code: 'no_adapter', message: `this podgraft has no adapter for facts of kind "${kind}"` } },
    ]),
  );

/** More lookups than a pod can need; each may cost a request to another server. */
const MAX_LOOKUPS = 256;

/**
 * Writes facts into a review as its last member, so that the policy is still handed the bytes that were sent.
 *
 * @param body a JSON object
 */
export const spliceFacts = (body: Uint8Array, facts: Readonly<Record<string, JsonValue>>): Uint8Array => {
  const end = body.lastIndexOf('}'.charCodeAt(0));
  const tail = new TextEncoder().encode(`,"facts":${JSON.stringify(facts)}}`);
  const spliced = new Uint8Array(end + tail.byteLength);
  spliced.set(body.subarray(0, end));
  spliced.set(tail, end);
  return spliced;
};

/** Refuses a decision that asks for more than a pod can need. */
export const checkLookups = (lookups: readonly Lookup[]): void => {
  if (lookups.length > MAX_LOOKUPS) {
    throw new Fault(
      'policy.lookups',
      `the policy asks for ${lookups.length} facts; at most ${MAX_LOOKUPS} are looked up`,
    );
  }
};
