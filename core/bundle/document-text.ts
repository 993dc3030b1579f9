// Writes a JSON document in the one form that its hash is taken over.
import { Fault } from '../errors.ts';

/** OPA's decoder goes deeper; a bundle does not. */
const DEEPEST = 256;

const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/gsy;

/**
 * Writes a document as OPA's `walk` does in
 * [v1/bundle/hash.go](https://github.com/open-policy-agent/opa/blob/v1.22.0/v1/bundle/hash.go): without white space, the
 * keys of objects in the order of their bytes, texts as Go escapes them, numbers as they stand in the document.
 *
 * @throws {Fault} `bundle.invalid` where the text is no JSON, nested too deep, or holds half of a surrogate pair, which
 *   OPA reads as another text
 */
export const documentText = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new Fault('bundle.invalid', 'the file is not JSON', { cause });
  }
  return writeValue(tokensOf(text), 0);
};

/** Gives the next token. The text has passed `JSON.parse`, so none is malformed. */
type NextToken = () => string;

const tokensOf = (text: string): NextToken => {
  const tokens = text.matchAll(TOKEN);
  return () => tokens.next().value?.[1] ?? '';
};

const writeValue = (next: NextToken, depth: number, token: string = next()): string => {
  if (token === '{' || token === '[') {
    if (depth === DEEPEST) {
      throw new Fault('bundle.invalid', `the document is nested more than ${DEEPEST} levels deep`);
    }
    return token === '{' ? writeObject(next, depth + 1) : writeList(next, depth + 1);
  }
  return token.startsWith('"') ? writeText(JSON.parse(token) as string) : token;
};

const writeObject = (next: NextToken, depth: number): string => {
  const members = new Map<string, string>();
  for (let token = next(); token !== '}'; token = next()) {
    if (token !== ',') {
      const key = JSON.parse(token) as string;
      next();
      // Of two members with one name the last counts, for OPA and for `JSON.parse`.
      members.set(key, writeValue(next, depth));
    }
  }
  const sorted = [...members].sort(([one], [other]) => compareBytes(one, other));
  return `{${sorted.map(([key, value]) => `${writeText(key)}:${value}`).join(',')}}`;
};

const writeList = (next: NextToken, depth: number): string => {
  const items: string[] = [];
  for (let token = next(); token !== ']'; token = next()) {
    if (token !== ',') {
      items.push(writeValue(next, depth, token));
    }
  }
  return `[${items.join(',')}]`;
};

/** Go escapes what JavaScript does, and two line separators. */
const writeText = (text: string): string => {
  if (!text.isWellFormed()) {
    throw new Fault('bundle.invalid', 'a text in the document holds half of a surrogate pair');
  }
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
};

/** Compares texts by their UTF-8 bytes, as Go does; JavaScript's own order differs beyond the basic plane. */
const compareBytes = (one: string, other: string): number => {
  const [left, right] = [[...one], [...other]];
  const index = left.findIndex((character, at) => character !== right[at]);
  if (index === -1) {
    return left.length - right.length;
  }
  return (left[index]?.codePointAt(0) ?? 0) - (right[index]?.codePointAt(0) ?? -1);
};
