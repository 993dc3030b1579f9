// A place in a document that a free-form patch names: found with the leniency and the errors of the original's engine.
import { isObject, type JsonValue, own, pointer } from '../json.ts';

/** Why a patch cannot be applied, in the engine's words. Never leaves `runOperations`. */
export class Refusal extends Error {}

/** A member or item, there or not, of an object or list that is there. */
export interface Spot {
  readonly parent: JsonValue;
  readonly key: string;
  /** The tokens that lead to the parent. */
  readonly way: readonly string[];
}

/** No field of Kubernetes has these names; the library refuses to go through them. */
const CLOSED: ReadonlySet<string> = new Set(['__proto__', 'prototype']);

/** Finds the spot that a path names; `undefined` where its parent is missing. What stands before the first `/` is passed over. */
export const findSpot = (document: JsonValue, path: string): Spot | undefined => {
  const [, ...tokens] = path.split('/').map(unescapeToken);
  const key = tokens.pop();
  if (key === undefined || CLOSED.has(key)) {
    return undefined;
  }
  let parent: JsonValue | undefined = document;
  const way: string[] = [];
  for (const token of tokens) {
    const step: string | undefined = CLOSED.has(token) ? undefined : stepInto(parent, token);
    parent = step === undefined ? undefined : memberOf(parent, step);
    if (step === undefined || typeof parent !== 'object' || parent === null) {
      return undefined;
    }
    way.push(step);
  }
  return { parent, key, way };
};

const unescapeToken = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** The token as RFC 6901 has it: an index of a list counted from its start. */
const stepInto = (parent: JsonValue, token: string): string | undefined => {
  const index = Array.isArray(parent) ? parseIndex(token, parent.length) : token;
  return typeof index === 'number' ? String(index) : Array.isArray(parent) ? undefined : index;
};

const memberOf = (parent: JsonValue, key: string): JsonValue | undefined => {
  if (Array.isArray(parent)) {
    return (parent as readonly JsonValue[])[Number(key)];
  }
  return isObject(parent) ? own(parent, key) : undefined;
};

/** The value at a spot: `undefined` for a missing key. @throws {Refusal} for an index that is none */
export const read = ({ parent, key }: Spot, context: string): JsonValue | undefined =>
  memberOf(parent, Array.isArray(parent) ? indexAt(parseIndex(key, parent.length), context) : key);

/**
 * The spot's JSON Pointer for a value that must be there, or be a key of an object.
 *
 * @param complaint instead of Go's own
 * @throws {Refusal}
 */
export const pointAt = ({ parent, key, way }: Spot, context: string, complaint?: string): string =>
  pointer([...way, Array.isArray(parent) ? indexAt(parseIndex(key, parent.length), context, complaint) : key]);

/** The spot's JSON Pointer for a value to insert: a list also has room behind its end. @throws {Refusal} */
export const pointInto = ({ parent, key, way }: Spot, context: string): string => {
  if (!Array.isArray(parent) || key === '-') {
    return pointer([...way, key]);
  }
  const index = parseIndex(key, parent.length + 1);
  const isImproper = typeof index === 'string' && index.startsWith('strconv');
  const why = isImproper ? `${context}: value was not a proper array index: '${key}'` : context;
  return pointer([...way, indexAt(index, why)]);
};

const indexAt = (index: number | string, context: string, complaint?: string): string => {
  if (typeof index === 'string') {
    throw new Refusal(`${context}: ${complaint ?? index}`);
  }
  return String(index);
};

/** A negative index counts from the end. Answers Go's complaint where it is no index of a list that long. */
const parseIndex = (key: string, length: number): number | string => {
  const index = /^[+-]?\d+$/.test(key) ? Number(key) : undefined;
  if (index === undefined) {
    return `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
  }
  if (!Number.isSafeInteger(index)) {
    return `strconv.Atoi: parsing ${JSON.stringify(key)}: value out of range`;
  }
  return index >= length || index < -length
    ? `Unable to access invalid index: ${index}: invalid index referenced`
    : (index + length) % length;
};
