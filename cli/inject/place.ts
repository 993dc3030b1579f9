// Finds places in the text of a parsed YAML document.
import { isMap, isScalar, isSeq, type Pair, type ParsedNode, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Path } from './manifest.ts';

/** A key with its value. */
export type PairNode = Pair<ParsedNode, ParsedNode | null>;

/** A map as it is written. */
export type MapNode = YAMLMap.Parsed<ParsedNode, ParsedNode | null>;

/** A list as it is written. */
export type SeqNode = YAMLSeq.Parsed<ParsedNode>;

/** Finds the node at a path; `undefined` where none is written, as inside an alias. */
export const nodeAt = (root: ParsedNode | null, path: Path): ParsedNode | null | undefined => {
  let node: ParsedNode | null | undefined = root;
  for (const step of path) {
    if (isMap(node)) {
      node = pairOf(node as MapNode, String(step))?.value;
    } else if (isSeq(node)) {
      node = (node as SeqNode).items[Number(step)];
    } else {
      return undefined;
    }
  }
  return node;
};

/** Finds a map's own pair. */
export const pairOf = (node: MapNode, key: string): PairNode | undefined =>
  (node.items as readonly PairNode[]).find((pair) => isScalar(pair.key) && String(pair.key.value) === key);

/** Tells whether nothing is written where the value should be. */
export const isEmpty = (node: ParsedNode): boolean => isScalar(node) && node.range[0] === node.range[1];

/** The offset behind the colon of a pair; -1 where it cannot be told. */
export const behindColon = (text: string, { key, value }: PairNode): number => {
  const colon = text.indexOf(':', key.range[1]);
  return colon === -1 || (value !== null && !isEmpty(value) && colon >= value.range[0]) ? -1 : colon + 1;
};

/** Where the last character of a key with its value stands. */
export const pairEnd = (text: string, pair: PairNode): number =>
  pair.value === null || isEmpty(pair.value)
    ? Math.max(behindColon(text, pair), pair.key.range[1])
    : contentEnd(text, pair.value);

/** Where the last character of a value stands, comments and blank lines behind it aside. */
export const contentEnd = (text: string, node: ParsedNode): number => {
  if (isMap(node) && node.flow !== true) {
    const last = (node.items as readonly PairNode[]).at(-1);
    if (last !== undefined) {
      return pairEnd(text, last);
    }
  }
  if (isSeq(node) && node.flow !== true) {
    const last = (node as SeqNode).items.at(-1);
    return last === undefined ? node.range[1] : contentEnd(text, last);
  }
  return node.range[1];
};

/** Where the first `-` of a block list stands. */
export const dashOf = (node: SeqNode): number | undefined => {
  const token = node.srcToken;
  const start = token?.type === 'block-seq' ? token.items[0]?.start : undefined;
  return start?.find(({ type }) => type === 'seq-item-ind')?.offset;
};

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;

/** The column, from 0, of an offset. */
export const columnOf = (text: string, offset: number): number => offset - lineStart(text, offset);

/** The start of the line of an item, or of the comments above it, which are its own. */
export const beforeComments = (text: string, offset: number): number => {
  let start = lineStart(text, offset);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^(#.*)?$/.test(text.slice(above, start).trim())) {
      return start;
    }
    start = above;
  }
  return start;
};

/** The line break that a text uses. */
export const newline = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** Whether lists below keys are indented, by the first that is found. */
export const indentsLists = (text: string, root: ParsedNode | null): boolean => {
  let indents = true;
  visit(root, {
    Pair: (_, { key, value }) => {
      const dash = isSeq<ParsedNode>(value) && value.flow !== true ? dashOf(value as SeqNode) : undefined;
      if (dash === undefined) {
        return undefined;
      }
      indents = columnOf(text, dash) > columnOf(text, (key as ParsedNode).range[0]);
      return visit.BREAK;
    },
  });
  return indents;
};
