// Turns edits of a text into changes of its lines, in one pass.
import { diffArrays } from 'diff';
import { lineStart } from './place.ts';
import { applyEdits, type Edit } from './splice.ts';

/** Lines that take the place of others; each with its line break. */
export interface LineChange {
  /** The line, from 0, at which the old ones begin. */
  readonly at: number;
  readonly old: readonly string[];
  readonly now: readonly string[];
}

/** Parts a text into lines, each with its line break. */
export const splitLines = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Gives the changes of lines, in order, that edits make; they are in order of place. */
export const lineChanges = (text: string, edits: readonly Edit[]): readonly LineChange[] => {
  const changes: LineChange[] = [];
  let [line, counted] = [0, 0];
  for (const { start, end, edits: inside } of toStretches(text, edits)) {
    line += countBreaks(text, counted, start);
    counted = start;
    const shifted = inside.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const old = text.slice(start, end);
    changes.push(...compare(splitLines(old), splitLines(applyEdits(old, shifted)), line));
  }
  return changes;
};

/** Whole lines of the old text, with all edits that touch them. */
interface Stretch {
  readonly start: number;
  end: number;
  readonly edits: Edit[];
}

const toStretches = (text: string, edits: readonly Edit[]): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  for (const edit of edits) {
    const start = lineStart(text, edit.start);
    const end = endsLine(text, edit) ? edit.end : behindLine(text, edit.end);
    const last = stretches.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(end, last.end);
      last.edits.push(edit);
    } else {
      stretches.push({ start, end, edits: [edit] });
    }
  }
  return stretches;
};

/** Whether an edit leaves the line on which it ends alone. */
const endsLine = (text: string, edit: Edit): boolean =>
  (edit.end === 0 || text[edit.end - 1] === '\n') && edit.text.endsWith('\n');

const behindLine = (text: string, offset: number): number => {
  const next = text.indexOf('\n', offset);
  return next === -1 ? text.length : next + 1;
};

const countBreaks = (text: string, from: number, to: number): number => {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
};

/** With more differences than this, all lines of a stretch count as changed: finding fewer takes too long. */
const MAX_DIFFERENCES = 1000;

const compare = (old: readonly string[], now: readonly string[], at: number): readonly LineChange[] => {
  const parts = old.length === 0 ? undefined : diffArrays([...old], [...now], { maxEditLength: MAX_DIFFERENCES });
  if (parts === undefined) {
    return [{ at, old, now }];
  }
  const changes: LineChange[] = [];
  let line = at;
  for (const { value, added, removed } of parts) {
    if (added) {
      addChange(changes, { at: line, old: [], now: value });
      continue;
    }
    if (removed) {
      addChange(changes, { at: line, old: value, now: [] });
    }
    line += value.length;
  }
  return changes;
};

/** Lines that go and lines that come in the same place are one change. */
const addChange = (changes: LineChange[], change: LineChange): void => {
  const last = changes.at(-1);
  if (last !== undefined && last.at + last.old.length === change.at) {
    changes.splice(-1, 1, { at: last.at, old: [...last.old, ...change.old], now: [...last.now, ...change.now] });
  } else {
    changes.push(change);
  }
};
