// Go's strconv.ParseFloat to 64 bits: its grammar, its rounding, its errors.
import type { JsonObject } from '../json.ts';
import { quote } from './go-quote.ts';

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?\d+)$/;
const SEPARATOR = /(?<=\d)_(?=\d)/g;
const HEXADECIMAL_SEPARATOR = /(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])/g;
const INFINITY = /^([+-]?)inf(?:inity)?$/i;

/**
 * Parses a text as Go does: decimal and hexadecimal floats, `Inf`, `Infinity` and `NaN` in any case; underscores may
 * stand between digits. What JSON cannot carry is answered as `"NaN"`, `"+Inf"` or `"-Inf"`.
 */
export const parseFloat64 = (text: string): JsonObject => {
  const infinite = INFINITY.exec(text);
  if (infinite !== null) {
    return { value: infinite[1] === '-' ? '-Inf' : '+Inf', error: '' };
  }
  if (/^nan$/i.test(text)) {
    return { value: 'NaN', error: '' };
  }
  const value = parseDecimal(text) ?? parseHexadecimal(text);
  if (value === undefined) {
    return { value: null, error: `strconv.ParseFloat: parsing ${quote(text)}: invalid syntax` };
  }
  return Number.isFinite(value)
    ? { value, error: '' }
    : { value: null, error: `strconv.ParseFloat: parsing ${quote(text)}: value out of range` };
};

const parseDecimal = (text: string): number | undefined => {
  const plain = text.replace(SEPARATOR, '');
  return DECIMAL.test(plain) ? Number(plain) : undefined;
};

const parseHexadecimal = (text: string): number | undefined => {
  const match = HEXADECIMAL.exec(text.replace(HEXADECIMAL_SEPARATOR, ''));
  const [, sign, whole = '', fraction = '', power] = match ?? [];
  if (whole === '' && fraction === '') {
    return undefined;
  }
  const digits = (whole + fraction).replace(/^0+/, '');
  const magnitude = digits === '' ? 0 : scale(digits, Number(power) - 4 * fraction.length);
  return sign === '-' ? -magnitude : magnitude;
};

/** Rounds digits × 2^exponent to the nearest double, ties to even. Digits beyond the 30th only break ties. */
const scale = (digits: string, exponent: number): number => {
  const kept = digits.slice(0, 30);
  const sticky = /[^0]/.test(digits.slice(30)) ? '1' : '0';
  const mantissa = BigInt(`0x${kept}${sticky}`);
  const power = exponent + 4 * (digits.length - kept.length) - 4;
  const width = mantissa.toString(2).length;
  const top = width + power;
  if (top > 1024) {
    return Number.POSITIVE_INFINITY;
  }
  if (top < -1075) {
    return 0;
  }
  const unit = Math.max(top - 53, -1074);
  const rounded = unit > power ? roundShift(mantissa, BigInt(unit - power)) : mantissa << BigInt(power - unit);
  return Number(rounded) * 2 ** unit;
};

const roundShift = (value: bigint, shift: bigint): bigint => {
  const floor = value >> shift;
  const twiceRest = (value - (floor << shift)) << 1n;
  const one = 1n << shift;
  const up = twiceRest > one || (twiceRest === one && (floor & 1n) === 1n);
  return up ? floor + 1n : floor;
};
