// Shows what edits make of a text as a unified diff.
import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatchHunk } from 'diff';
import { createColors } from 'picocolors';
import { type LineChange, lineChanges, splitLines } from './line-change.ts';
import type { Edit } from './splice.ts';

/** A text with the edits to it, in order of place. */
export interface EditedText {
  readonly text: string;
  readonly edits: readonly Edit[];
}

/** Writes a unified diff; empty where nothing differs. Its time grows with the text, however many edits there are. */
export const formatDiff = (
  file: string,
  { text, edits }: EditedText,
  { colour }: { readonly colour: boolean },
): string => {
  const hunks = toHunks(splitLines(text), lineChanges(text, edits));
  if (hunks.length === 0) {
    return '';
  }
  const names = { oldFileName: file, newFileName: `${file} (injected)` };
  const headers = { oldHeader: undefined, newHeader: undefined };
  const patch = formatPatch({ ...names, ...headers, hunks: [...hunks] }, FILE_HEADERS_ONLY);
  return colour ? patch.split('\n').map(painter()).join('\n') : patch;
};

const painter = (): ((line: string) => string) => {
  const colours = createColors(true);
  return (line) => {
    if (line.startsWith('---') || line.startsWith('+++')) {
      return colours.bold(line);
    }
    switch (line[0]) {
      case '+':
        return colours.green(line);
      case '-':
        return colours.red(line);
      case '@':
        return colours.cyan(line);
      default:
        return line;
    }
  };
};

/** The lines that are shown before and behind a change. */
const CONTEXT = 3;

const toHunks = (lines: readonly string[], changes: readonly LineChange[]): readonly StructuredPatchHunk[] => {
  const hunks: StructuredPatchHunk[] = [];
  let grown = 0;
  let group: LineChange[] = [];
  for (const [index, change] of changes.entries()) {
    group.push(change);
    const next = changes[index + 1];
    if (next === undefined || next.at - endOf(change) > 2 * CONTEXT) {
      const hunk = toHunk(lines, group, grown);
      hunks.push(hunk);
      grown += hunk.newLines - hunk.oldLines;
      group = [];
    }
  }
  return hunks;
};

const endOf = ({ at, old }: LineChange): number => at + old.length;

/** @param grown how many more lines there are before it than there were */
const toHunk = (lines: readonly string[], group: readonly LineChange[], grown: number): StructuredPatchHunk => {
  const start = Math.max((group[0]?.at ?? 0) - CONTEXT, 0);
  const shown: string[] = [];
  const show = (mark: string, some: readonly string[]): void => {
    for (const line of some) {
      shown.push(...(line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_NEWLINE]));
    }
  };
  let at = start;
  let added = 0;
  for (const change of group) {
    show(' ', lines.slice(at, change.at));
    show('-', change.old);
    show('+', change.now);
    at = endOf(change);
    added += change.now.length - change.old.length;
  }
  const end = Math.min(at + CONTEXT, lines.length);
  show(' ', lines.slice(at, end));
  const oldLines = end - start;
  return { oldStart: start + 1, oldLines, newStart: start + 1 + grown, newLines: oldLines + added, lines: shown };
};

const NO_NEWLINE = '\\ No newline at end of file';
