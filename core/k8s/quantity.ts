// Kubernetes' resource.Quantity: reads one and writes it as the API server does.

type Format = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

/** digits × 2^binary × 10^decimal, without its sign. */
interface Amount {
  readonly digits: bigint;
  readonly decimal: number;
}

interface Suffix {
  readonly format: Format;
  readonly exponent: number;
}

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO = -9;
const MAX_INT64 = 2n ** 63n - 1n;

/** Up to three digits before one suffix are canonical, whatever they are: nearly every quantity there is. */
const CANONICAL = /^[1-9]\d{0,2}(?:[KMGTP]i|[numkMGTPE])?$/;

/**
 * Writes a quantity in its canonical form: no fraction, and the largest suffix of its own kind that loses nothing;
 * `undefined` where the text is no quantity. Where Kubernetes keeps the text as it was (`+5m`, `2e0`), so does this.
 * What is finer than a nano is rounded away from zero; a binary quantity is capped at 2^63-1.
 * Source: k8s.io/apimachinery/pkg/api/resource, `ParseQuantity` and `String`.
 */
export const canonicalQuantity = (text: string): string | undefined => {
  if (CANONICAL.test(text)) {
    return text;
  }
  const [number, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?/.exec(text) ?? [''];
  const suffix = parseSuffix(text.slice(number.length));
  if (text === '' || suffix === undefined) {
    return undefined;
  }
  const digits = (whole.replace(/^0+/, '') || '0') + fraction;
  if (isKept(digits, fraction.length, suffix)) {
    return text;
  }
  const written = writeAmount(toAmount(digits, fraction.length, suffix), suffix.format);
  return sign === '-' && written !== '0' ? `-${written}` : written;
};

const parseSuffix = (text: string): Suffix | undefined => {
  const decimal = DECIMAL_SUFFIXES.indexOf(text);
  if (decimal >= 0) {
    return { format: 'DecimalSI', exponent: 3 * decimal + NANO };
  }
  const binary = BINARY_SUFFIXES.indexOf(text);
  if (binary > 0) {
    return { format: 'BinarySI', exponent: 10 * binary };
  }
  const exponent = /^[eE][+-]?\d+$/.test(text) ? Number(text.slice(1)) : Number.NaN;
  // The original's exponents are 32 bits wide, and wrap silently.
  return Math.abs(exponent) < 2 ** 31 ? { format: 'DecimalExponent', exponent } : undefined;
};

/** Whether the original remembers the text itself, taking it for canonical: its own rule of thumb, so `1.500` stays. */
const isKept = (digits: string, fraction: number, { format, exponent }: Suffix): boolean => {
  if (format === 'BinarySI') {
    const fits = fraction === 0 && 15 - digits.length - Math.trunc(exponent * 0.3) - 1 >= 0;
    return fits && Number(digits) % 8 !== 0;
  }
  const scale = exponent - fraction;
  const fits = digits.length <= 18 && scale >= NANO;
  return fits && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
};

const toAmount = (digits: string, fraction: number, { format, exponent }: Suffix): Amount => {
  if (format !== 'BinarySI') {
    return roundUp(digits, exponent - fraction);
  }
  const exact = BigInt(digits) << BigInt(exponent);
  const amount = roundUp(exact.toString(), -fraction);
  return amount.digits > MAX_INT64 * 10n ** BigInt(-amount.decimal) ? { digits: MAX_INT64, decimal: 0 } : amount;
};

/** Rounds up to a whole number of nanos. Works on the text, as an exponent may be of any size. */
const roundUp = (digits: string, decimal: number): Amount => {
  if (decimal >= NANO) {
    return { digits: BigInt(digits), decimal };
  }
  const keep = Math.max(0, digits.length + decimal - NANO);
  const rest = digits.slice(keep);
  return { digits: BigInt(digits.slice(0, keep) || '0') + (/[1-9]/.test(rest) ? 1n : 0n), decimal: NANO };
};

const writeAmount = (amount: Amount, format: Format): string => {
  if (amount.digits === 0n) {
    return '0';
  }
  const whole = format === 'BinarySI' ? toWhole(amount) : undefined;
  // A small or broken binary quantity is shown with decimal suffixes.
  return whole !== undefined && whole >= 1024n ? writeBinary(whole) : writeDecimal(amount, format);
};

const toWhole = ({ digits, decimal }: Amount): bigint | undefined => {
  const unit = 10n ** BigInt(-decimal);
  return digits % unit === 0n ? digits / unit : undefined;
};

const writeBinary = (whole: bigint): string => {
  let [rest, suffix] = [whole, 0];
  while (rest % 1024n === 0n) {
    rest /= 1024n;
    suffix += 1;
  }
  return `${rest}${BINARY_SUFFIXES[suffix]}`;
};

const writeDecimal = ({ digits, decimal }: Amount, format: Format): string => {
  const text = digits.toString();
  const stripped = stripZeros(text);
  const exponent = decimal + text.length - stripped.length;
  const thousands = Math.floor(exponent / 3);
  const mantissa = stripped + '0'.repeat(exponent - 3 * thousands);
  if (format === 'DecimalExponent') {
    return thousands === 0 ? mantissa : `${mantissa}e${3 * thousands}`;
  }
  return `${mantissa}${DECIMAL_SUFFIXES[thousands + 3] ?? ''}`;
};

/** A loop: the regular expression for it takes quadratic time over a long run of zeros. */
const stripZeros = (digits: string): string => {
  let end = digits.length;
  while (digits[end - 1] === '0') {
    end -= 1;
  }
  return digits.slice(0, end);
};
