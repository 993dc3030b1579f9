// Keeps `$(` in a parameter's text from meaning anything to the kubelet.
import { isObject, type JsonValue, setOwn } from '../json.ts';
import { isExpanded, itemPosition, memberPosition, type Position } from './position.ts';
import type { Shape } from './shape.ts';

/** Rewrites a value. */
export type Rewrite = (value: JsonValue) => JsonValue;

/**
 * Doubles what stands before a `(`: the kubelet reads `$(X)` as a variable and `$$` as one `$`, so that only a run
 * of `$` doubled as a whole comes out as it went in.
 * Source: k8s.io/kubernetes/third_party/forked/golang/expansion.
 */
export const escapeExpansions = (text: string): string =>
  text.includes('$(') ? text.replaceAll(/\$+(?=\()/g, (run) => run + run) : text;

/** Doubles a run of `$` at the end, for a text that another follows which may begin with `(` or `$`. */
export const closeExpansion = (text: string): string => text.replace(/\$+$/, (run) => run + run);

/** What rewrites the values of a shape for a position; `undefined` where nothing is to be done. */
export const compileEscape = (shape: Shape, position: Position | undefined): Rewrite | undefined => {
  if (position === undefined || shape.kubelet) {
    return undefined;
  }
  if (isExpanded(position)) {
    return shape.kinds.has('text') ? escapeText : undefined;
  }
  const item = shape.items && compileEscape(shape.items, itemPosition(position));
  if (item !== undefined) {
    return (value) => (Array.isArray(value) ? value.map((each: JsonValue) => item(each)) : value);
  }
  return compileMembers(shape, position);
};

const escapeText: Rewrite = (value) => (typeof value === 'string' ? escapeExpansions(value) : value);

const compileMembers = (shape: Shape, position: Position): Rewrite | undefined => {
  const members = new Map<string, Rewrite>();
  for (const [key, member] of shape.members ?? []) {
    const rewrite = compileEscape(member.shape, memberPosition(position, key));
    if (rewrite !== undefined) {
      members.set(key, rewrite);
    }
  }
  if (members.size === 0) {
    return undefined;
  }
  return (value) => {
    if (!isObject(value)) {
      return value;
    }
    const rewritten: { [key: string]: JsonValue } = {};
    for (const [key, inner] of Object.entries(value)) {
      setOwn(rewritten, key, members.get(key)?.(inner) ?? inner);
    }
    return rewritten;
  };
};
