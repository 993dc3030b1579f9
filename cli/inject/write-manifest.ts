// Writes a manifest with some of its documents changed, and every other character as it was.
import { isDeepStrictEqual } from 'node:util';
import { Fault } from '../../core/errors.ts';
import type { JsonValue } from '../../core/json.ts';
import { findChanges } from './change.ts';
import { spliceJson, spliceJsonDocument } from './json-splice.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { newline } from './place.ts';
import { applyEdits, type Edit, readSource, spliceChange, spliceDocument } from './splice.ts';

/** The written text, and which documents could not keep their comments. */
export interface Written {
  readonly text: string;
  /** What was done to the old text, in order of place. */
  readonly edits: readonly Edit[];
  /** The lines at which they begin. */
  readonly rewritten: readonly number[];
}

/**
 * Writes a manifest, each document with its new value.
 *
 * What is written is read again and compared. A document whose text has no place for its changes, as where an alias
 * stands in their way, is written anew as a whole.
 *
 * @throws {Fault} `manifest.write` when even that does not read as it should
 */
export const writeManifest = (manifest: Manifest, values: readonly JsonValue[]): Written => {
  if (manifest.documents.every(({ value }, index) => isDeepStrictEqual(value, values[index]))) {
    return { text: manifest.text, edits: [], rewritten: [] };
  }
  const spliced = edit(manifest, values, new Set());
  const whole = new Set([...values.keys()].filter((index) => !isDeepStrictEqual(values[index], spliced.values[index])));
  if (whole.size === 0) {
    return { text: spliced.text, edits: spliced.edits, rewritten: [] };
  }
  const anew = edit(manifest, values, whole);
  if (!isDeepStrictEqual(anew.values, values)) {
    throw new Fault('manifest.write', 'the result cannot be written as YAML; try -o json', {
      at: { file: manifest.file },
    });
  }
  const rewritten = [...whole].map((index) => manifest.documents[index]?.lineOf([]) ?? 1);
  return { text: anew.text, edits: anew.edits, rewritten };
};

interface Edited {
  readonly text: string;
  readonly edits: readonly Edit[];
  /** What the text says; none where a place for a change is missing or the text cannot be read. */
  readonly values: readonly (JsonValue | undefined)[];
}

const edit = (
  { text, file, format, documents }: Manifest,
  values: readonly JsonValue[],
  whole: ReadonlySet<number>,
): Edited => {
  const missing = new Set<number>();
  const edits: Edit[] = [];
  const lineBreak = newline(text);
  const [splice, replace] = format === 'json' ? [spliceJson, spliceJsonDocument] : [spliceChange, spliceDocument];
  for (const [index, { value, root }] of documents.entries()) {
    const now = values[index] ?? null;
    if (isDeepStrictEqual(value, now)) {
      continue;
    }
    const source = readSource(text, root, lineBreak);
    if (whole.has(index) && root !== null) {
      edits.push(replace(source, root, now));
      continue;
    }
    const found = findChanges(value, now).map((change) => splice(source, change));
    edits.push(...found.filter((one) => one !== undefined));
    if (found.includes(undefined)) {
      missing.add(index);
    }
  }
  const ordered = edits.toSorted((one, other) => one.start - other.start);
  const result = applyEdits(text, ordered);
  const read = readBack(result, file);
  return {
    text: result,
    edits: ordered,
    values: documents.map(({ value }, index) =>
      missing.has(index) ? undefined : read === undefined ? unlessChanged(value, values[index]) : read[index],
    ),
  };
};

/** Nothing can be said of the text then: every changed document counts as failed. */
const unlessChanged = (old: JsonValue, now: JsonValue | undefined): JsonValue | undefined =>
  isDeepStrictEqual(old, now) ? old : undefined;

const readBack = (text: string, file: string): readonly JsonValue[] | undefined => {
  try {
    return parseManifest(text, file).documents.map(({ value }) => value);
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return undefined;
    }
    throw thrown;
  }
};
