// The ways in which `podgraft inject` writes its result.
import type { JsonValue } from '../../core/json.ts';
import { findChanges, toOperations } from './change.ts';
import { emitBlock } from './emit.ts';
import type { InjectedManifest } from './inject-manifest.ts';
import type { Manifest } from './manifest.ts';

/** The words of `-o`. */
export const formats = ['yaml', 'json', 'patch', 'review', 'request'] as const;

/** One of {@link formats}. */
export type Format = (typeof formats)[number];

/** Writes a result; `text` is the manifest as it was read, with the changes in it. */
export const formatResult = (
  format: Format | undefined,
  {
    manifest,
    injected,
    text,
  }: { readonly manifest: Manifest; readonly injected: InjectedManifest; readonly text: string },
): string => {
  switch (format) {
    case undefined:
      return text;
    case 'yaml':
      return manifest.format === 'yaml' ? text : `${emitBlock(injected.values[0] ?? null, false).join('\n')}\n`;
    case 'json':
      return formatJson(injected.values);
    case 'patch':
      return streamJson(
        manifest.documents.flatMap(({ value }, index) =>
          value === null ? [] : [toOperations(findChanges(value, injected.values[index] ?? null))],
        ),
      );
    case 'review':
      return streamJson(
        injected.workloads.flatMap(({ result }) => ('review' in result ? [result.review.response] : [])),
      );
    case 'request':
      return streamJson(injected.workloads.map(({ request }) => request));
  }
};

/** Several documents become a List, as kubectl has it. */
const formatJson = (values: readonly JsonValue[]): string => {
  const objects = values.filter((value) => value !== null);
  const [first] = objects;
  return writeJson(objects.length === 1 ? first : { apiVersion: 'v1', kind: 'List', items: objects });
};

const streamJson = (values: readonly unknown[]): string => values.map(writeJson).join('');

const writeJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
