// Finds what was added to a value, or replaced in it, as steps that leave everything else where it is.
import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject, type JsonValue, own, pointer } from '../../core/json.ts';
import type { Operation } from '../../core/patch/operation.ts';
import type { Path } from './manifest.ts';

/** One step from the old value to the new one. Steps are in order: applied one after the other, they lead there. */
export interface Change {
  /** A new key of a map, a new item of a list, or another value in a place that there was. */
  readonly kind: 'key' | 'item' | 'value';
  /** Where in the old value: the map, the list (and before which of its items), or the value itself. */
  readonly from: Path;
  readonly before: number;
  /** Where in the new value. */
  readonly to: Path;
  readonly value: JsonValue;
}

interface Walk {
  readonly from: Path;
  readonly to: Path;
}

const ROOT: Walk = { from: [], to: [] };

/** Compares two values. Items of lists are recognised by their names, so that a list in which others were added reads as that. */
export const findChanges = (old: JsonValue, now: JsonValue, walk: Walk = ROOT): readonly Change[] => {
  if (isDeepStrictEqual(old, now)) {
    return [];
  }
  if (isEmpty(old)) {
    return [{ kind: 'value', ...walk, before: 0, value: now }];
  }
  if (isObject(old) && isObject(now) && Object.keys(old).every((key) => Object.hasOwn(now, key))) {
    return mapChanges(old, now, walk);
  }
  const kept = Array.isArray(old) && Array.isArray(now) ? keptItems(old, now) : undefined;
  if (Array.isArray(old) && Array.isArray(now) && kept !== undefined) {
    return listChanges({ old, now, kept }, walk);
  }
  return [{ kind: 'value', ...walk, before: 0, value: now }];
};

const isEmpty = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const mapChanges = (old: JsonObject, now: JsonObject, { from, to }: Walk): readonly Change[] => {
  const inside: Change[] = [];
  const added: Change[] = [];
  for (const [key, value] of Object.entries(now)) {
    const was = own(old, key);
    const there = [...to, key];
    if (was === undefined) {
      added.push({ kind: 'key', from, before: 0, to: there, value });
    } else {
      inside.push(...findChanges(was, value, { from: [...from, key], to: there }));
    }
  }
  return [...inside, ...added];
};

interface Lists {
  readonly old: readonly JsonValue[];
  readonly now: readonly JsonValue[];
  /** For each new item, the old one that it continues. */
  readonly kept: readonly (number | undefined)[];
}

const listChanges = ({ old, now, kept }: Lists, { from, to }: Walk): readonly Change[] => {
  const changes: Change[] = [];
  let before = 0;
  for (const [index, value] of now.entries()) {
    const was = kept[index];
    const there = [...to, index];
    if (was === undefined) {
      changes.push({ kind: 'item', from, before, to: there, value });
    } else {
      changes.push(...findChanges(old[was] ?? null, value, { from: [...from, was], to: there }));
      before = was + 1;
    }
  }
  return changes;
};

/** Every old item has to go on, in order; `undefined` where one does not. */
const keptItems = (old: readonly JsonValue[], now: readonly JsonValue[]): Lists['kept'] | undefined => {
  let next = 0;
  const kept = now.map((item): number | undefined => {
    const candidate = old[next];
    if (candidate === undefined || !isSame(candidate, item)) {
      return undefined;
    }
    next += 1;
    return next - 1;
  });
  if (next === old.length) {
    return kept;
  }
  // Objects without names of their own, as in a List of Kubernetes, go on where they stand.
  return old.length === now.length && [...old, ...now].every(isObject) ? [...old.keys()] : undefined;
};

const isSame = (one: JsonValue, other: JsonValue): boolean => {
  if (isObject(one) && isObject(other) && typeof own(one, 'name') === 'string') {
    return own(one, 'name') === own(other, 'name') && own(one, 'mountPath') === own(other, 'mountPath');
  }
  return isDeepStrictEqual(one, other);
};

/** Writes changes as a JSON Patch. */
export const toOperations = (changes: readonly Change[]): readonly Operation[] =>
  changes.map(({ kind, to, value }) => ({ op: kind === 'value' ? 'replace' : 'add', path: pointer(to), value }));
