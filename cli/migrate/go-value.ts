// The values that Go's standard library parses from text, with its error texts.
import { quote } from '../../core/policy/go-quote.ts';

/** A parsed value, or Go's own words for why there is none. */
export type Parsed<T> = { readonly value: T } | { readonly error: string };

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'true', 'TRUE', 'True']);
const untruths: ReadonlySet<string> = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False']);

/** Tells whether Go's `strconv.ParseBool` takes a text. */
export const isGoBool = (text: string): boolean => truths.has(text) || untruths.has(text);

/** Reads a boolean as `strconv.ParseBool` does: twelve spellings, no trimming. */
export const parseGoBool = (text: string): Parsed<boolean> =>
  isGoBool(text) ? { value: truths.has(text) } : { error: `strconv.ParseBool: parsing ${quote(text)}: invalid syntax` };

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** Reads a whole number as `strconv.ParseInt(text, 10, 64)` does. */
export const parseGoInt = (text: string): Parsed<bigint> => {
  const quoted = quote(text);
  if (!/^[+-]?[0-9]+$/.test(text)) {
    return { error: `strconv.ParseInt: parsing ${quoted}: invalid syntax` };
  }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value > maxInt64 || value < minInt64
    ? { error: `strconv.ParseInt: parsing ${quoted}: value out of range` }
    : { value };
};
