// Go's time.ParseDuration: its grammar, its rounding, its errors.
import type { JsonObject } from '../json.ts';

/** Nanoseconds. The micro sign and the Greek letter both stand for micro. */
const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** A number, and behind it everything up to the next digit or point. */
const GROUP = /^(\d*)(?:\.(\d*))?([^.\d]*)/;

/** One more than the longest duration: what Go lets an unsigned sum reach before the sign is looked at. */
const LIMIT = 2n ** 63n;
const INVALID = 'invalid duration';

/** Parses a duration like `1m30s`; the value is in nanoseconds. */
export const parseDuration = (text: string): JsonObject => {
  const negative = text.startsWith('-');
  const rest = negative || text.startsWith('+') ? text.slice(1) : text;
  const total = rest === '0' ? 0n : addGroups(rest);
  if (typeof total === 'string') {
    return refuse(total === INVALID ? INVALID : `${total} in duration`, text);
  }
  if (total === LIMIT && !negative) {
    return refuse(INVALID, text);
  }
  return { value: Number(negative ? -total : total), error: '' };
};

const refuse = (what: string, text: string): JsonObject => ({ value: null, error: `time: ${what} ${quote(text)}` });

/** The sum of all groups, or what is wrong with the first that is none. */
const addGroups = (text: string): bigint | string => {
  let total = 0n;
  let rest = text;
  do {
    const groups = GROUP.exec(rest) ?? [''];
    const added = measureGroup(groups);
    if (typeof added === 'string') {
      return added;
    }
    total += added;
    if (total > LIMIT) {
      return INVALID;
    }
    rest = rest.slice(groups[0].length);
  } while (rest !== '');
  return total;
};

const measureGroup = ([, whole = '', fraction = '', unit = '']: readonly string[]): bigint | string => {
  const count = countUnits(whole);
  if ((whole === '' && fraction === '') || count > LIMIT) {
    return INVALID;
  }
  const size = Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined;
  if (size === undefined) {
    return unit === '' ? 'missing unit' : `unknown unit ${quote(unit)}`;
  }
  return count * size + measureFraction(fraction, Number(size));
};

/** Twenty significant digits are more than any duration holds. */
const countUnits = (whole: string): bigint => BigInt(whole.replace(/^0+/, '').slice(0, 20));

/** As many digits as fit into 63 bits count; the product is a float, cut off. */
const measureFraction = (fraction: string, size: number): bigint => {
  let digits = fraction.slice(0, 19);
  if (BigInt(digits) > LIMIT) {
    digits = digits.slice(0, 18);
  }
  return BigInt(Math.trunc(Number(digits) * (size / 10 ** digits.length)));
};

/** The `time` package has its own way: every byte that is not printable ASCII in hexadecimal. */
const quote = (text: string): string => {
  let quoted = '';
  for (const character of text) {
    quoted += /^[ -~]$/.test(character) ? character.replace(/["\\]/, '\\$&') : escapeBytes(character);
  }
  return `"${quoted}"`;
};

const escapeBytes = (character: string): string =>
  Array.from(new TextEncoder().encode(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
