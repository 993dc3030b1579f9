// Compares answers with recorded ones, and holds every difference against the table of deliberate ones.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject, type JsonValue, own, pointer } from '../../core/index.ts';

/** A difference that was decided: this case has this value at this pointer of the answer. */
export interface Difference {
  readonly case: string;
  readonly pointer: string;
  /** What podgraft answers there; the key is absent where it answers nothing. */
  readonly expected?: JsonValue;
  /** The section of the behaviour sheet that says why. */
  readonly section: string;
  readonly why: string;
}

/** A place in which two answers differ; a side that has nothing there lacks its key. */
export interface Found {
  readonly pointer: string;
  readonly recorded?: JsonValue;
  readonly actual?: JsonValue;
}

/** Reads the table of one system. */
export const readDifferences = (system: string): readonly Difference[] =>
  (parse(readFileSync(join(import.meta.dirname, 'differences', `${system}.yaml`), 'utf8')) ?? []) as Difference[];

/** Lists the places in which two values differ, at the deepest pointers that tell them apart. */
export const diff = (recorded: JsonValue, actual: JsonValue, path: readonly (string | number)[] = []): Found[] => {
  if (Array.isArray(recorded) && Array.isArray(actual) && recorded.length === actual.length) {
    return recorded.flatMap((item, index) => diff(item, actual[index], [...path, index]));
  }
  if (isObject(recorded) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(actual)])].sort();
    return keys.flatMap((key) => {
      const [left, right] = [own(recorded, key), own(actual, key)];
      if (left !== undefined && right !== undefined) {
        return diff(left, right, [...path, key]);
      }
      const at = pointer([...path, key]);
      return left === undefined
        ? [{ pointer: at, actual: right as JsonValue }]
        : [{ pointer: at, recorded: left as JsonValue }];
    });
  }
  return recorded === actual ? [] : [{ pointer: pointer(path), recorded, actual }];
};

/**
 * Splits what was found into what the table allows and what it doesn't.
 *
 * @param used entries that were needed are added to it, so that the unused ones can be told in the end
 */
export const unexpected = (
  found: readonly Found[],
  table: readonly Difference[],
  used: Set<Difference>,
): readonly Found[] =>
  found.filter((place) => {
    const entry = table.find((row) => row.pointer === place.pointer);
    if (entry === undefined || !isExpected(entry, place)) {
      return true;
    }
    used.add(entry);
    return false;
  });

const isExpected = (entry: Difference, place: Found): boolean =>
  'expected' in entry
    ? place.actual !== undefined && diff(entry.expected as JsonValue, place.actual).length === 0
    : place.actual === undefined;
