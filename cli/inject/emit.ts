// Writes values as YAML that every reader, of YAML 1.1 and of 1.2, reads alike.
import { Document, Scalar, type ScalarTag, visit } from 'yaml';
import { isObject, type JsonValue } from '../../core/json.ts';
import { ExactNumber } from './exact-number.ts';
import { writeJson } from './json-text.ts';

/** Texts that need no quotes anywhere: words without anything that YAML gives a meaning, and quantities. */
const PLAIN = /^(?:[A-Za-z_/][\w./@=+-]*(?::[\w./@=+-]+)*|[1-9]\d*(?:m|[KMGTP]i?))$/;

/** Words that one of the versions takes for a boolean or for null. */
const RESERVED = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** What stands unescaped in JSON but is a line break, or not allowed, in YAML. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

const escapeUnprintable = (text: string): string =>
  text.replace(UNPRINTABLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const isExact = (value: unknown): boolean => value instanceof ExactNumber;

const exactNumberTag: ScalarTag = {
  identify: isExact,
  default: true,
  tag: 'tag:yaml.org,2002:float',
  resolve: (text) => text,
  stringify: ({ value }) => String(value),
};

/**
 * Writes a value in block style, as lines without indentation of their own.
 *
 * @param indentSeq whether a list below a key is indented
 */
export const emitBlock = (value: JsonValue, indentSeq: boolean): readonly string[] => {
  const document = new Document(value, {
    aliasDuplicateObjects: false,
    customTags: (tags) => [...tags, exactNumberTag],
  });
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string') {
        node.type = PLAIN.test(node.value) && !RESERVED.test(node.value) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
      }
    },
  });
  const text = document.toString({
    lineWidth: 0,
    indentSeq,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
  return escapeUnprintable(text).replace(/\n$/, '').split('\n');
};

/** Writes a value on one line, collections in flow style. */
export const emitInline = (value: JsonValue): string => {
  if (Array.isArray(value)) {
    return `[${value.map(emitInline).join(', ')}]`;
  }
  if (isObject(value) && !isExact(value)) {
    const pairs = Object.entries(value).map(([key, member]) => `${emitText(key)}: ${emitInline(member)}`);
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' ? emitText(value) : writeJson(value);
};

const emitText = (text: string): string =>
  PLAIN.test(text) && !RESERVED.test(text) ? text : escapeUnprintable(JSON.stringify(text));
