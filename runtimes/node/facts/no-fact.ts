// Why there is no fact: a closed set of codes, carried as faults inside of the adapters and as values outside.
import { Fault } from '../../../core/errors.ts';
import type { Fact } from '../../../core/policy/facts.ts';

/** The codes that `docs/facts.md` explains. */
export const factCodes = [
  'no_adapter',
  'not_found',
  'unauthorized',
  'forbidden',
  'unavailable',
  'invalid',
  'ambiguous',
  'too_large',
] as const;

/** Why there is no fact. */
export type FactCode = (typeof factCodes)[number];

const PREFIX = 'fact.';

/** Makes the fault that ends one lookup. The message reaches the pod's author: it never quotes an answer. */
export const noFact = (code: FactCode, message: string, cause?: unknown): Fault =>
  new Fault(`${PREFIX}${code}`, message, cause === undefined ? {} : { cause });

/** The code of a fault made by {@link noFact}; `undefined` for anything else. */
export const factCodeOf = (thrown: unknown): FactCode | undefined =>
  thrown instanceof Fault ? factCodes.find((code) => thrown.code === PREFIX + code) : undefined;

/**
 * Makes the fact that says why there is none.
 *
 * @throws whatever is no such reason: running out of time, and mistakes
 */
export const toFact = (thrown: unknown): Fact => {
  const code = factCodeOf(thrown);
  if (code === undefined || !(thrown instanceof Fault)) {
    throw thrown;
  }
  return { error: { code, message: thrown.message } };
};
