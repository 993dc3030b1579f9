// Writes changes into the text of a manifest: new lines between the old ones, which stay as they are.
import { isMap, isSeq, type ParsedNode } from 'yaml';
import { isObject, type JsonValue } from '../../core/json.ts';
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
  newline,
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

/**
 * Gives the edits that make one change; `undefined` where the text has no place for it, as inside an alias.
 * Offsets are those of the text before any edit. The caller checks that the edited text says what it should.
 */
export const spliceChange = (text: string, root: ParsedNode | null, change: Change): Edit | undefined => {
  switch (change.kind) {
    case 'key':
      return insertKey(text, nodeAt(root, change.from), change);
    case 'item':
      return insertItem(text, nodeAt(root, change.from), change);
    case 'value':
      return replaceValue(text, root, change);
  }
};

/** Replaces the whole content of a document; its comments are lost. */
export const spliceDocument = (text: string, root: ParsedNode, value: JsonValue): Edit => ({
  start: root.range[0],
  end: contentEnd(text, root),
  text:
    emitBlock(value, indentsLists(text)).join(newline(text)) +
    (text[contentEnd(text, root) - 1] === '\n' ? newline(text) : ''),
});

/** Applies edits; of several at one place, the first comes first. */
export const applyEdits = (text: string, edits: readonly Edit[]): string => {
  const ordered = edits.toSorted((one, other) => one.start - other.start);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    result += text.slice(at, edit.start) + edit.text;
    at = Math.max(at, edit.end);
  }
  return result + text.slice(at);
};

const insertKey = (text: string, node: ParsedNode | null | undefined, { to, value }: Change): Edit | undefined => {
  const key = String(to.at(-1));
  if (!isMap(node)) {
    return undefined;
  }
  if (node.flow === true) {
    return insertInFlow(text, node, { index: node.items.length, inline: emitInline({ [key]: value }).slice(1, -1) });
  }
  const [first] = node.items as readonly PairNode[];
  return first === undefined
    ? undefined
    : insertLines(text, {
        at: contentEnd(text, node),
        column: columnOf(text, first.key.range[0]),
        value: { [key]: value },
      });
};

const insertItem = (text: string, node: ParsedNode | null | undefined, { before, value }: Change): Edit | undefined => {
  if (!isSeq(node)) {
    return undefined;
  }
  if (node.flow === true) {
    return insertInFlow(text, node as SeqNode, { index: before, inline: emitInline(value) });
  }
  const dash = dashOf(node as SeqNode);
  if (dash === undefined) {
    return undefined;
  }
  const previous = (node as SeqNode).items[before - 1];
  const at = previous === undefined ? beforeComments(text, dash) : contentEnd(text, previous);
  return insertLines(text, { at, column: columnOf(text, dash), value: [value] });
};

/** Puts a value on lines of its own, behind the line on which `at` is. */
const insertLines = (
  text: string,
  { at, column, value }: { readonly at: number; readonly column: number; readonly value: JsonValue },
): Edit => {
  const end = newline(text);
  const lines = emitBlock(value, indentsLists(text)).map((line) => ' '.repeat(column) + line);
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

const replaceValue = (text: string, root: ParsedNode | null, { from, value }: Change): Edit | undefined => {
  const key = from.at(-1);
  const parent = nodeAt(root, from.slice(0, -1));
  if (isSeq(parent)) {
    const item = (parent as SeqNode).items[Number(key)];
    return item === undefined ? undefined : replaceStretch(text, item.range[0], item, emitInline(value));
  }
  const pair = isMap(parent) ? pairOf(parent as MapNode, String(key)) : undefined;
  const start = pair === undefined ? -1 : behindColon(text, pair);
  if (pair === undefined || start === -1) {
    return undefined;
  }
  const inline = emitInline(value);
  const isNested =
    isMap(parent) && parent.flow !== true && (isObject(value) || Array.isArray(value)) && inline.length > 2;
  if (!isNested) {
    return replaceStretch(text, start, pair.value, ` ${inline}`);
  }
  const column = columnOf(text, pair.key.range[0]);
  const indent = ' '.repeat(Array.isArray(value) && !indentsLists(text) ? column : column + 2);
  const lines = emitBlock(value, indentsLists(text)).map((line) => newline(text) + indent + line);
  return replaceStretch(text, start, pair.value, lines.join(''));
};

/** Keeps a comment behind the old value on the first line of the new one. */
const replaceStretch = (text: string, start: number, old: ParsedNode | null, replacement: string): Edit => {
  const end = Math.max(start, old === null || isEmpty(old) ? start : contentEnd(text, old));
  if (text[end - 1] === '\n') {
    return { start, end, text: replacement + newline(text) };
  }
  const [comment = ''] =
    replacement.startsWith('\n') || replacement.startsWith('\r')
      ? (/^[ \t]*#[^\r\n]*/.exec(text.slice(end)) ?? [])
      : [];
  return { start, end: end + comment.length, text: comment + replacement };
};
