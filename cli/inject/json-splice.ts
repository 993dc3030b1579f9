// Writes changes into the text of a JSON document, in the way in which the text is written.
import { isMap, isSeq, type ParsedNode } from 'yaml';
import type { JsonValue } from '../../core/json.ts';
import type { Change } from './change.ts';
import { writeJson } from './json-text.ts';
import { type MapNode, nodeAt, type SeqNode } from './place.ts';
import type { Edit, Source } from './splice.ts';

/**
 * Gives the edit that makes one change; `undefined` where the text has no place for it.
 * What a change adds to is never empty: a value comes into the place of an empty collection.
 */
export const spliceJson = (source: Source, change: Change): Edit | undefined => {
  const { from, to, before, value } = change;
  if (change.kind === 'value') {
    const [node, parent] = [nodeAt(source.root, from), nodeAt(source.root, from.slice(0, -1))];
    return node == null || parent == null
      ? undefined
      : { start: node.range[0], end: node.range[1], text: emit(source, parent, value) };
  }
  const parent = nodeAt(source.root, from);
  const entries = parent == null ? [] : entriesOf(parent);
  const next = change.kind === 'item' ? entries[before] : undefined;
  const last = entries.at(-1);
  if (parent == null || last === undefined) {
    return undefined;
  }
  const gap = gapOf(source, parent);
  const key = change.kind === 'key' ? `${JSON.stringify(String(to.at(-1)))}${colonOf(source, parent)}` : '';
  const text = key + emit(source, parent, value);
  return next === undefined
    ? { start: last.end, end: last.end, text: `,${gap}${text}` }
    : { start: next.start, end: next.start, text: `${text},${gap}` };
};

/** Writes a whole document with the indentation of its text. */
export const spliceJsonDocument = (source: Source, root: ParsedNode, value: JsonValue): Edit => ({
  start: root.range[0],
  end: root.range[1],
  text: emit(source, root, value),
});

/** An entry of a collection, from its first character to the one behind its last. */
interface Entry {
  readonly start: number;
  readonly end: number;
}

const entriesOf = (node: ParsedNode): readonly Entry[] => {
  if (isMap(node)) {
    return (node as MapNode).items.map(({ key, value }) => ({ start: key.range[0], end: (value ?? key).range[1] }));
  }
  return isSeq(node) ? (node as SeqNode).items.map(({ range: [start, end] }) => ({ start, end })) : [];
};

/** What stands between two entries behind their comma; with one entry, what stands before it. */
const gapOf = ({ text }: Source, node: ParsedNode): string => {
  const [first, second] = entriesOf(node);
  if (first === undefined) {
    return '';
  }
  const between = second === undefined ? undefined : /,(\s*)$/.exec(text.slice(first.end, second.start))?.[1];
  return between ?? /^\s*/.exec(text.slice(node.range[0] + 1, first.start))?.[0] ?? '';
};

const colonOf = ({ text }: Source, node: ParsedNode): string => {
  const [first] = isMap(node) ? (node as MapNode).items : [];
  return first?.value == null ? ':' : text.slice(first.key.range[1], first.value.range[0]);
};

/** Writes a value that stands in a collection: over several lines where the collection does. */
const emit = (source: Source, parent: ParsedNode, value: JsonValue): string => {
  const gap = gapOf(source, parent);
  const isWide = gap.includes('\n');
  const lines = writeJson(value, isWide ? indentOf(source) : undefined);
  return isWide ? lines.replaceAll('\n', gap.slice(gap.lastIndexOf('\n')).replace(/^\n/, source.newline)) : lines;
};

/** What one level is indented by: what stands before the first key of the document. */
const indentOf = ({ text, root }: Source): string => {
  const [first] = root === null ? [] : entriesOf(root);
  const before = first === undefined ? '' : text.slice(root?.range[0], first.start);
  return /\n([ \t]+)$/.exec(before)?.[1] ?? '  ';
};
