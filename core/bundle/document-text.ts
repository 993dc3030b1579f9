// Writes a JSON document in the one form that its hash is taken over.
import { Fault } from '../errors.ts';

/** OPA's decoder goes deeper; a bundle does not. */
const DEEPEST = 256;

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
  const next = tokensOf(text);
  return writeValue(next, 0, next());
};

/** Gives the next token. The text has passed `JSON.parse`, so none is malformed. */
type NextToken = () => string;

const SPACE = ' '.charCodeAt(0);
const QUOTE = '"'.charCodeAt(0);
const PUNCTUATION = new Set([...'{}[],:'].map((character) => character.charCodeAt(0)));

const tokensOf = (text: string): NextToken => {
  let at = 0;
  return () => {
    // White space is whatever does not come behind the blank: the text is JSON.
    while (text.charCodeAt(at) <= SPACE) {
      at += 1;
    }
    const start = at;
    const first = text.charCodeAt(start);
    if (first === QUOTE) {
      at = endOfText(text, start);
    } else {
      at = PUNCTUATION.has(first) ? start + 1 : endOfWord(text, start);
    }
    return text.slice(start, at);
  };
};

/** Where a number or a literal ends. */
const endOfWord = (text: string, start: number): number => {
  let end = start;
  // Behind the end of the text, the code is no number and ends the word.
  while (text.charCodeAt(end) > SPACE && !PUNCTUATION.has(text.charCodeAt(end))) {
    end += 1;
  }
  return end;
};

/** Where a text ends: behind the next quote that no backslash, or an even number of them, stands before. */
const endOfText = (text: string, start: number): number => {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === '\\') {
      slashes += 1;
    }
    if (slashes % 2 === 0) {
      return end + 1;
    }
  }
};

const writeValue = (next: NextToken, depth: number, token: string): string => {
  if (token === '{' || token === '[') {
    if (depth === DEEPEST) {
      throw new Fault('bundle.invalid', `the document is nested more than ${DEEPEST} levels deep`);
    }
    return token === '{' ? writeObject(next, depth + 1) : writeList(next, depth + 1);
  }
  return token.startsWith('"') ? writeText(token) : token;
};

const writeObject = (next: NextToken, depth: number): string => {
  const members = new Map<string, string>();
  for (let token = next(); token !== '}'; token = next()) {
    if (token !== ',') {
      const key = writeText(token);
      next();
      // Of two members with one name the last counts, for OPA and for `JSON.parse`.
      members.set(key, writeValue(next, depth, next()));
    }
  }
  const sorted = [...members]
    .map(([key, value]) => ({
      key: PLAIN.test(key) ? key.slice(1, -1) : (JSON.parse(key) as string),
      member: `${key}:${value}`,
    }))
    .sort((one, other) => compareBytes(one.key, other.key));
  return `{${sorted.map(({ member }) => member).join(',')}}`;
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

/** Texts of these characters alone have one form. */
const PLAIN = /^"[ !#-[\]-~]*"$/;

/** Go escapes what JavaScript does, and two line separators. */
const writeText = (token: string): string => {
  if (PLAIN.test(token)) {
    return token;
  }
  const text = JSON.parse(token) as string;
  if (!text.isWellFormed()) {
    throw new Fault('bundle.invalid', 'a text in the document holds half of a surrogate pair');
  }
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
};

/** Compares texts by the bytes of their UTF-8, as Go does: that is by code points. */
const compareBytes = (one: string, other: string): number => {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(one.charCodeAt(index)) - rank(other.charCodeAt(index));
    if (difference !== 0) {
      return difference;
    }
  }
  return one.length - other.length;
};

/** Surrogates stand for characters beyond all that one unit can hold, so they come after U+FFFF. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
