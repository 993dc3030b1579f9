// What two changes of one pod come to, worked out without podgraft: the oracle of the composition tests.
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

/** Where two changes contradict each other: keys down from the pod. */
export class MergeConflict extends Error {}

/** The lists whose items have a key; their order is compared apart. */
const KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
};

/**
 * Joins what `one` and `other` each made of `origin`.
 *
 * @throws {MergeConflict} where both changed one place, and not to the same
 */
export const merge = (
  origin: JsonValue | undefined,
  one: JsonValue | undefined,
  other: JsonValue | undefined,
  path: readonly string[] = [],
): JsonValue | undefined => {
  if (isDeepStrictEqual(one, origin) || isDeepStrictEqual(one, other)) {
    return other;
  }
  if (isDeepStrictEqual(other, origin)) {
    return one;
  }
  if (isWhole(path, origin)) {
    throw new MergeConflict(path.join('/'));
  }
  const key = KEYS[path.at(-1) ?? ''];
  if (key !== undefined) {
    return [...mergeObjects(byKey(origin, key), byKey(one, key), { other: byKey(other, key), path }).values()];
  }
  if (isObject(one) && isObject(other)) {
    const merged = mergeObjects(entriesOf(origin), entriesOf(one), { other: entriesOf(other), path });
    return Object.fromEntries(merged);
  }
  throw new MergeConflict(path.join('/'));
};

/** An item of a list is never merged field by field, a container of the pod's own aside. */
const isWhole = (path: readonly string[], origin: JsonValue | undefined): boolean => {
  const list = path.at(-2) ?? '';
  return KEYS[list] !== undefined && !(list.toLowerCase().endsWith('containers') && origin !== undefined);
};

type Members = ReadonlyMap<string, JsonValue>;

const mergeObjects = (
  origin: Members,
  one: Members,
  { other, path }: { readonly other: Members; readonly path: readonly string[] },
): ReadonlyMap<string, JsonValue> => {
  const merged = new Map<string, JsonValue>();
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const value = merge(origin.get(name), one.get(name), other.get(name), [...path, name]);
    if (value !== undefined) {
      merged.set(name, value);
    }
  }
  return merged;
};

const entriesOf = (value: JsonValue | undefined): Members =>
  new Map(isObject(value) ? Object.entries(value as { readonly [key: string]: JsonValue }) : []);

const byKey = (list: JsonValue | undefined, key: string): Members =>
  new Map(itemsOf(list).map((item) => [String(own(item, key)), item]));

const itemsOf = (list: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(list) ? list.filter(isObject) : [];

/** A pod with every keyed list in the order of the keys, for a comparison that does not ask for order. */
export const unordered = (value: JsonValue, name = ''): JsonValue => {
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue) => unordered(item));
    const key = KEYS[name];
    return key === undefined ? items : items.toSorted((a, b) => (keyOf(a, key) < keyOf(b, key) ? -1 : 1));
  }
  if (isObject(value)) {
    const entries = Object.entries(value as { readonly [key: string]: JsonValue });
    return Object.fromEntries(entries.map(([key, member]) => [key, unordered(member, key)]));
  }
  return value;
};

const keyOf = (item: JsonValue, key: string): string => (isObject(item) ? String(own(item, key)) : '');
