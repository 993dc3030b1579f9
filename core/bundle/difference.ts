// Finds where two JSON values differ first.
import { isObject, type JsonValue, own, pointer } from '../json.ts';

/** A place in which two values differ; a side that has nothing there lacks its value. */
export interface Difference {
  readonly pointer: string;
  readonly expected: JsonValue | undefined;
  readonly actual: JsonValue | undefined;
}

type Path = readonly (string | number)[];

/** Compares as Kubernetes does: the order of keys never matters, that of lists does. */
export const firstDifference = (
  expected: JsonValue | undefined,
  actual: JsonValue | undefined,
  path: Path = [],
): Difference | undefined => {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    return firstOf(Math.max(expected.length, actual.length), (index) =>
      firstDifference(expected[index], actual[index], [...path, index]),
    );
  }
  if (isObject(expected) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
    return firstOf(keys.length, (index) => {
      const key = keys[index] ?? '';
      return firstDifference(own(expected, key), own(actual, key), [...path, key]);
    });
  }
  return expected === actual ? undefined : { pointer: pointer(path), expected, actual };
};

const firstOf = (length: number, compare: (index: number) => Difference | undefined): Difference | undefined => {
  for (let index = 0; index < length; index += 1) {
    const found = compare(index);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
};
