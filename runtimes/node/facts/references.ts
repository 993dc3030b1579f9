// The fact of kind "references": which keys of a ConfigMap or Secret hold a reference. Values end here.
import { isObject, type JsonObject, own } from '../../../core/json.ts';
import type { Fact } from '../../../core/policy/facts.ts';
import type { ReadObject, Resource } from './kubernetes-api.ts';

/** What to look for, and where. */
export interface ReferencesLookup {
  readonly resource: Extract<Resource, 'configmaps' | 'secrets'>;
  readonly namespace: string;
  readonly name: string;
  /** A value that begins with one of them is a reference. */
  readonly prefixes: readonly string[];
  /** A value with one of them, and a `}` behind it on the same line, holds one. */
  readonly openings: readonly string[];
}

/**
 * Finds the keys, in order.
 *
 * @throws {Fault} `fact.*`
 */
export const findReferences = async (
  readObject: ReadObject,
  lookup: ReferencesLookup,
  signal: AbortSignal,
): Promise<Fact> => {
  const { resource, namespace, name } = lookup;
  const object = await readObject({ resource, namespace, name }, signal);
  return { keys: keysWithReferences(object, lookup) };
};

/** What the API takes as a key. */
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const keysWithReferences = (object: JsonObject, lookup: ReferencesLookup): readonly string[] => {
  const data = own(object, 'data');
  return Object.entries(isObject(data) ? data : {})
    .filter(([, value]) => typeof value === 'string' && isReference(decode(value, lookup.resource), lookup))
    .map(([key]) => key)
    .filter((key) => KEY.test(key))
    .sort();
};

/** The API gives the values of Secrets in Base64. Bytes that are not UTF-8 do not hide the text around them. */
const decode = (value: string, resource: ReferencesLookup['resource']): string =>
  resource === 'secrets' ? Buffer.from(value, 'base64').toString() : value;

const isReference = (text: string, { prefixes, openings }: ReferencesLookup): boolean =>
  prefixes.some((prefix) => text.startsWith(prefix)) || openings.some((opening) => isOpened(text, opening));

/** Takes time that grows with the length of the text only: it may have a million characters. */
const isOpened = (text: string, opening: string): boolean => {
  for (let at = text.indexOf(opening); at !== -1; ) {
    const behind = at + opening.length;
    const close = text.indexOf('}', behind);
    const end = text.indexOf('\n', behind);
    if (close === -1 || end === -1 || close < end) {
      return close !== -1;
    }
    // No line before that of the brace is closed.
    at = text.indexOf(opening, Math.max(end, text.lastIndexOf('\n', close)));
  }
  return false;
};
