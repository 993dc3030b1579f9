// What plain scalars mean to kubectl: the tags of YAML 1.1 as Go's library reads them.
import type { ScalarTag, Tags } from 'yaml';
import { type ExactNumber, readDecimal } from './exact-number.ts';

/** Go's reader has no dates, no base 60, no binary and no sets: all of them stay as they are written. */
const unread: readonly string[] = ['int', 'float', 'timestamp', 'binary', 'omap', 'pairs', 'set'];

const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Bases by what stands before the digits. */
const bases: readonly (readonly [RegExp, string])[] = [
  [/^([-+]?)0[xX]([\da-fA-F]+)$/, '0x'],
  [/^([-+]?)0[bB]([01]+)$/, '0b'],
  [/^([-+]?)0[oO]?([0-7]+)$/, '0o'],
];

/** Reads a number as Go's `yaml` does; a text that is none stays one. Underscores may stand anywhere in it. */
const readNumber = (written: string): number | ExactNumber | string => {
  const text = written.replaceAll('_', '');
  for (const [form, prefix] of bases) {
    const [, sign, digits] = form.exec(text) ?? [];
    if (digits !== undefined) {
      const value = BigInt(prefix + digits);
      return readDecimal((sign === '-' ? -value : value).toString());
    }
  }
  return DECIMAL.test(text) ? readDecimal(text) : written;
};

const words: ReadonlyMap<string, number> = new Map([
  ['.inf', Number.POSITIVE_INFINITY],
  ['+.inf', Number.POSITIVE_INFINITY],
  ['-.inf', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
]);

const numberTag = (tag: 'int' | 'float', test: RegExp, resolve: ScalarTag['resolve']): ScalarTag => ({
  identify: (value) => typeof value === 'number',
  default: true,
  tag: `tag:yaml.org,2002:${tag}`,
  test,
  resolve,
});

const numbers: Tags = [
  numberTag('int', /^[-+]?\.?[0-9]/, readNumber),
  numberTag(
    'float',
    /^[-+]?\.?(?:[0-9]|inf|Inf|INF|nan|NaN|NAN)/,
    (text) => words.get(text.toLowerCase()) ?? readNumber(text),
  ),
];

/** Makes the tags of YAML 1.1 those of kubectl. */
export const kubectlTags = (tags: Tags): Tags => [
  ...tags.filter((tag) => typeof tag !== 'object' || !unread.includes(tag.tag.replace('tag:yaml.org,2002:', ''))),
  ...numbers,
];
