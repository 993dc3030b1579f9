// Keeps what parsing a YAML file gave as plain JSON, so that it can be parsed at build and only read at start.
import { type JsonValue, own, pointer } from '../json.ts';
import type { ParsedYaml, ValuePath } from './parse.ts';

/** A parsed file: its value, and line and column of each part by its JSON Pointer. */
export interface RecordedYaml {
  readonly value: JsonValue;
  readonly places: Readonly<Record<string, readonly [line: number, column: number]>>;
}

/** Records what `parseYaml` gave. */
export const recordYaml = ({ value, placeOf }: ParsedYaml): RecordedYaml => {
  const places: [string, [number, number]][] = [];
  const visit = (part: JsonValue, path: ValuePath): void => {
    const { line = 1, column = 1 } = placeOf(path);
    places.push([pointer(path), [line, column]]);
    if (typeof part === 'object' && part !== null) {
      const isList = Array.isArray(part);
      for (const [key, below] of Object.entries(part)) {
        visit(below, [...path, isList ? Number(key) : key]);
      }
    }
  };
  visit(value, []);
  return { value, places: Object.fromEntries(places) };
};

/**
 * Gives it back as `parseYaml` would.
 *
 * @param file the name for places
 */
export const replayYaml = ({ value, places }: RecordedYaml, file: string): ParsedYaml => ({
  value,
  placeOf: (path) => {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = own(places, pointer(path.slice(0, length)));
      if (place !== undefined) {
        return { file, line: place[0], column: place[1], pointer: pointer(path) };
      }
    }
    return { file, line: 1, column: 1, pointer: pointer(path) };
  },
});
