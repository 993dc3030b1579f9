// The ways in which `podgraft inject` writes its result.
import { Fault } from '../../core/errors.ts';
import { findChanges, toOperations } from './change.ts';
import { formatDiff } from './diff.ts';
import { emitBlock } from './emit.ts';
import type { InjectedManifest } from './inject-manifest.ts';
import { joinTexts, type ManifestText } from './join-texts.ts';
import { writeJson } from './json-text.ts';
import type { Manifest } from './manifest.ts';
import type { Edit } from './splice.ts';
import type { Written } from './write-manifest.ts';

/** The words of `-o`. */
export const formats = ['yaml', 'json', 'patch', 'review', 'request'] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** A manifest with what became of it. */
export interface Result {
  readonly manifest: Manifest;
  readonly injected: InjectedManifest;
  /** The manifest as it was read, with the changes in it. */
  readonly written: Pick<Written, 'text' | 'edits'>;
}

/** Writes results, in order; without a format each in its own. */
export const formatResults = (format: Format | undefined, results: readonly Result[]): string => {
  switch (format) {
    case undefined:
      return joinTexts(results.map(({ manifest, written }) => ({ text: written.text, format: manifest.format })));
    case 'yaml':
      return joinTexts(results.map(toYaml));
    case 'json':
      return formatJson(results);
    case 'patch':
      return streamJson(results.flatMap(patchesOf));
    case 'review':
      return streamJson(
        workloadsOf(results).flatMap(({ result }) => ('review' in result ? [result.review.response] : [])),
      );
    case 'request':
      return streamJson(workloadsOf(results).map(({ request }) => request));
  }
};

/** Writes what changes in the results of one file as a unified diff. */
export const formatResultDiff = (results: readonly Result[], colour: boolean): string => {
  const [first] = results;
  let text = '';
  const edits: Edit[] = [];
  for (const { manifest, written } of results) {
    const before = text.length;
    edits.push(...written.edits.map((edit) => ({ ...edit, start: edit.start + before, end: edit.end + before })));
    text += manifest.text;
  }
  return formatDiff(first?.manifest.file ?? '', { text, edits }, { colour });
};

const workloadsOf = (results: readonly Result[]): InjectedManifest['workloads'] =>
  results.flatMap(({ injected }) => injected.workloads);

const toYaml = ({ manifest, injected, written }: Result): ManifestText => ({
  format: 'yaml',
  text: manifest.format === 'yaml' ? written.text : `${emitBlock(injected.values[0] ?? null, false).join('\n')}\n`,
});

const patchesOf = ({ manifest, injected }: Result): readonly unknown[] =>
  manifest.documents.flatMap(({ value }, index) =>
    value === null ? [] : [toOperations(findChanges(value, injected.values[index] ?? null))],
  );

/** Several documents become a List, as kubectl has it. */
const formatJson = (results: readonly Result[]): string => {
  const objects = results.flatMap(({ injected }) => injected.values).filter((value) => value !== null);
  const [first] = objects;
  try {
    return streamJson([objects.length === 1 ? first : { apiVersion: 'v1', kind: 'List', items: objects }]);
  } catch (thrown) {
    results.forEach(checkNumbers);
    throw thrown;
  }
};

/** Throws for the first document with a number that JSON has not, with its place. */
const checkNumbers = ({ manifest, injected }: Result): void => {
  for (const [index, { lineOf }] of manifest.documents.entries()) {
    try {
      writeJson(injected.values[index] ?? null);
    } catch (cause) {
      const at = { file: manifest.file, line: lineOf([]) };
      throw cause instanceof Fault ? new Fault(cause.code, cause.message, { at, cause }) : cause;
    }
  }
};

const streamJson = (values: readonly unknown[]): string => values.map((value) => `${writeJson(value, 2)}\n`).join('');
