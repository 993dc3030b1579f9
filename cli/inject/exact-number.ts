// Numbers whose digits a double does not hold: kept as they are written, and written so again.
import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../../core/errors.ts';
import { isObject, type JsonValue, own } from '../../core/json.ts';

/**
 * A number that would lose digits as a JavaScript number, such as 2^53 + 1.
 *
 * It stands in a manifest's values where JSON has a number; {@link writeJson} and the YAML writer write its digits.
 */
export class ExactNumber {
  /** The number as JSON writes it. */
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  /** What a key says that is such a number. */
  toString(): string {
    return this.digits;
  }
}

/** Reads a decimal number; one that a double holds is a plain number. */
export const readDecimal = (text: string): number | ExactNumber => {
  const number = Number(text);
  return Number.isFinite(number) && canonical(text) === canonical(String(number))
    ? number
    : new ExactNumber(toJsonNumber(text));
};

/** YAML has a plus sign, zeros in front, and a point without a digit on one side of it; JSON has none of these. */
const toJsonNumber = (text: string): string =>
  text
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=$|e)/i, '');

/** The significant digits and the power of ten of the last one. */
const canonical = (text: string): string => {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${sign === '-' ? '-' : ''}${significant}e${power}`;
};

/** Gives a value with plain numbers, as whoever reads its JSON text has it. */
export const roundNumbers = (value: JsonValue): JsonValue => {
  const unknown: unknown = value;
  if (unknown instanceof ExactNumber) {
    return Number(unknown.digits);
  }
  if (Array.isArray(value)) {
    return value.map(roundNumbers);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, roundNumbers(member)]))
    : value;
};

/** Counts the numbers that need their digits. */
export const countExact = (value: unknown): number => {
  if (value instanceof ExactNumber) {
    return 1;
  }
  return typeof value === 'object' && value !== null
    ? Object.values(value).reduce<number>((sum, member) => sum + countExact(member), 0)
    : 0;
};

/**
 * Gives a value that was made of a rounded one the digits of the old one again.
 *
 * @throws {Fault} `manifest.number` where one of them has no place in it any more
 */
export const restoreDigits = (old: JsonValue, now: JsonValue): JsonValue => {
  const restored = restore(old, now);
  if (countExact(restored) !== countExact(old)) {
    throw new Fault('manifest.number', 'a number with more than 15 digits would lose some of them');
  }
  return restored;
};

const restore = (old: JsonValue, now: JsonValue): JsonValue => {
  if (isDeepStrictEqual(roundNumbers(old), now)) {
    return old;
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    return now.map((item: JsonValue) => restore(counterpart(old, item), item));
  }
  return isObject(old) && isObject(now)
    ? Object.fromEntries(Object.entries(now).map(([key, member]) => [key, restore(own(old, key) ?? null, member)]))
    : now;
};

/** The old item that goes on as a new one: the same, or one of the same name. */
const counterpart = (old: readonly JsonValue[], item: JsonValue): JsonValue => {
  const name = isObject(item) ? own(item, 'name') : undefined;
  const same = old.find((candidate) => isDeepStrictEqual(roundNumbers(candidate), item));
  const named = (candidate: JsonValue): boolean => isObject(candidate) && own(candidate, 'name') === name;
  return same ?? (name === undefined ? undefined : old.find(named)) ?? null;
};
