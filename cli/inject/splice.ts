// Writes changes into the text of a manifest: new lines between the old ones, which stay as they are.
import { isMap, isSeq, type ParsedNode } from 'yaml';
import type { JsonValue } from '../../core/json.ts';
import type { Change } from './change.ts';
import { emitBlock, emitInline } from './emit.ts';
import {
  beforeComments,
  behindColon,
  columnOf,
  contentEnd,
  dashOf,
  indentsLists,
  isEmpty,
  type MapNode,
  nodeAt,
  type PairNode,
  pairEnd,
  pairOf,
  type SeqNode,
} from './place.ts';

/** Replaces a stretch of a text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A document in its text, with the habits of its writer. */
export interface Source {
  readonly text: string;
  readonly root: ParsedNode | null;
  readonly newline: string;
  readonly indentsLists: boolean;
}

/** Looks at how a document is written; its line breaks are those of the whole text. */
export const readSource = (text: string, root: ParsedNode | null, lineBreak: string): Source => ({
  text,
  root,
  newline: lineBreak,
  indentsLists: indentsLists(text, root),
});

/**
 * Gives the edits that make one change; `undefined` where the text has no place for it, as inside an alias.
 * Offsets are those of the text before any edit. The caller checks that the edited text says what it should.
 */
export const spliceChange = (source: Source, change: Change): Edit | undefined => {
  switch (change.kind) {
    case 'key':
      return insertKey(source, nodeAt(source.root, change.from), change);
    case 'item':
      return insertItem(source, nodeAt(source.root, change.from), change);
    case 'value':
      return replaceValue(source, change);
  }
};

/** Replaces the whole content of a document; its comments are lost. */
export const spliceDocument = (source: Source, root: ParsedNode, value: JsonValue): Edit => {
  const { text, newline: end } = source;
  const behind = contentEnd(text, root);
  const lines = emitBlock(value, source.indentsLists).join(end);
  return { start: root.range[0], end: behind, text: lines + (text[behind - 1] === '\n' ? end : '') };
};

/** Applies edits, which are in order of place; of several at one place, the first comes first. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
};

const insertKey = (source: Source, node: ParsedNode | null | undefined, { to, value }: Change): Edit | undefined => {
  const key = String(to.at(-1));
  if (!isMap(node)) {
    return undefined;
  }
  if (node.flow === true) {
    return insertInFlow(source.text, node, {
      index: node.items.length,
      inline: emitInline({ [key]: value }).slice(1, -1),
    });
  }
  const [first] = node.items as readonly PairNode[];
  return first === undefined
    ? undefined
    : insertLines(source, {
        at: contentEnd(source.text, node),
        column: columnOf(source.text, first.key.range[0]),
        value: { [key]: value },
      });
};

const insertItem = (
  source: Source,
  node: ParsedNode | null | undefined,
  { before, value }: Change,
): Edit | undefined => {
  if (!isSeq(node)) {
    return undefined;
  }
  if (node.flow === true) {
    return insertInFlow(source.text, node as SeqNode, { index: before, inline: emitInline(value) });
  }
  const dash = dashOf(node as SeqNode);
  if (dash === undefined) {
    return undefined;
  }
  const previous = (node as SeqNode).items[before - 1];
  const at = previous === undefined ? beforeComments(source.text, dash) : contentEnd(source.text, previous);
  return insertLines(source, { at, column: columnOf(source.text, dash), value: [value] });
};

/** Puts a value on lines of its own, behind the line on which `at` is. */
const insertLines = (
  { text, newline: end, indentsLists: indentSeq }: Source,
  { at, column, value }: { readonly at: number; readonly column: number; readonly value: JsonValue },
): Edit => {
  const lines = emitBlock(value, indentSeq).map((line) => ' '.repeat(column) + line);
  if (at === 0 || text[at - 1] === '\n') {
    return { start: at, end: at, text: lines.map((line) => line + end).join('') };
  }
  const next = text.indexOf('\n', at);
  return next === -1
    ? { start: text.length, end: text.length, text: lines.map((line) => end + line).join('') }
    : { start: next + 1, end: next + 1, text: lines.map((line) => line + end).join('') };
};

/** Puts an entry between the brackets of a flow collection. */
const insertInFlow = (
  text: string,
  node: MapNode | SeqNode,
  { index, inline }: { readonly index: number; readonly inline: string },
): Edit => {
  const following = isSeq(node) ? node.items[index] : undefined;
  if (following !== undefined && 'range' in following) {
    return { start: following.range[0], end: following.range[0], text: `${inline}, ` };
  }
  const last = lastEnd(text, node);
  if (last === undefined) {
    const bracket = node.range[1] - 1;
    return { start: bracket, end: bracket, text: inline };
  }
  const comma = /^\s*,/.exec(text.slice(last, node.range[1]))?.[0];
  const start = last + (comma ?? '').length;
  return { start, end: start, text: comma === undefined ? `, ${inline}` : ` ${inline}` };
};

/** Where the last entry of a collection ends. */
const lastEnd = (text: string, node: MapNode | SeqNode): number | undefined => {
  const last = (node.items as readonly (PairNode | ParsedNode)[]).at(-1);
  if (last === undefined || 'range' in last) {
    return last === undefined ? undefined : contentEnd(text, last);
  }
  return pairEnd(text, last);
};

const replaceValue = (source: Source, { from, value }: Change): Edit | undefined => {
  const key = from.at(-1);
  const parent = nodeAt(source.root, from.slice(0, -1));
  if (isSeq(parent)) {
    const old = (parent as SeqNode).items[Number(key)];
    return old === undefined
      ? undefined
      : replaceStretch(source, { start: old.range[0], old, replacement: emitInline(value) });
  }
  const pair = isMap(parent) ? pairOf(parent as MapNode, String(key)) : undefined;
  const start = pair === undefined ? -1 : behindColon(source.text, pair);
  if (pair === undefined || start === -1) {
    return undefined;
  }
  const hasLines = isMap(parent) && parent.flow !== true && isFilled(value);
  const replacement = hasLines ? linesBelow(source, pair, value) : ` ${emitInline(value)}`;
  return replaceStretch(source, { start, old: pair.value, replacement });
};

const isFilled = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/** A value on the lines below its key. */
const linesBelow = (source: Source, { key }: PairNode, value: JsonValue): string => {
  const column = columnOf(source.text, key.range[0]);
  const indent = ' '.repeat(Array.isArray(value) && !source.indentsLists ? column : column + 2);
  return emitBlock(value, source.indentsLists)
    .map((line) => source.newline + indent + line)
    .join('');
};

interface Stretch {
  readonly start: number;
  readonly old: ParsedNode | null;
  readonly replacement: string;
}

/** Keeps a comment behind the old value on the first line of the new one. */
const replaceStretch = ({ text, newline: lineBreak }: Source, { start, old, replacement }: Stretch): Edit => {
  const end = Math.max(start, old === null || isEmpty(old) ? start : contentEnd(text, old));
  if (text[end - 1] === '\n') {
    return { start, end, text: replacement + lineBreak };
  }
  const [comment = ''] = replacement.startsWith(lineBreak) ? (/^[ \t]*#[^\r\n]*/.exec(text.slice(end)) ?? []) : [];
  return { start, end: end + comment.length, text: comment + replacement };
};
