// The words Go's encoding/json has for a text that is not JSON, found by walking the text once, without recursion.
import { quoteByte } from './go-quote.ts';

/**
 * Nesting beyond this is refused, in the words Go has for its own limit of 10,000: a value nested deeper than a few
 * thousand levels cannot be handed back to the compiled policy (`JSON.stringify` exhausts the stack).
 */
export const maxDepth = 1000;

const END = 'unexpected end of JSON input';

/** What may come next: a value, the first item or end of a list, a key, the first key or end, a colon, or what follows a value. */
type Expected = 'value' | 'item' | 'key' | 'member' | 'colon' | 'next';

/** The index behind what was read, or what is wrong. */
type Step = number | string;

interface Walk {
  readonly open: string[];
  expected: Expected;
}

/** Says what Go says of `text`; `undefined` where it finds nothing wrong. */
export const describeJsonError = (text: string): string | undefined => {
  const walk: Walk = { open: [], expected: 'value' };
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const step = STEPS[walk.expected](text, at, walk);
    if (typeof step === 'string') {
      return step;
    }
    at = step;
  }
  return walk.expected === 'next' && walk.open.length === 0 ? undefined : END;
};

const skipSpace = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) {
    at += 1;
  }
  return at;
};

/** At the end of the text Go's scanner tries one space, and complains of that. */
const complain = (text: string, at: number, context: string): string =>
  `invalid character ${quoteByte(text, at)} ${context}`;

const STEPS: Readonly<Record<Expected, (text: string, at: number, walk: Walk) => Step>> = {
  value: (text, at, walk) => readValue(text, at, walk),
  item: (text, at, walk) => (text[at] === ']' ? close(at, walk) : readValue(text, at, walk)),
  key: (text, at, walk) => readKey(text, at, walk),
  member: (text, at, walk) => (text[at] === '}' ? close(at, walk) : readKey(text, at, walk)),
  colon: (text, at, walk) => {
    if (text[at] !== ':') {
      return complain(text, at, 'after object key');
    }
    walk.expected = 'value';
    return at + 1;
  },
  next: (text, at, walk) => {
    const inside = walk.open.at(-1);
    if (inside === undefined) {
      return complain(text, at, 'after top-level value');
    }
    if (text[at] === ',') {
      walk.expected = inside === '{' ? 'key' : 'value';
      return at + 1;
    }
    if (text[at] === (inside === '{' ? '}' : ']')) {
      return close(at, walk);
    }
    return complain(text, at, inside === '{' ? 'after object key:value pair' : 'after array element');
  },
};

const close = (at: number, walk: Walk): number => {
  walk.open.pop();
  walk.expected = 'next';
  return at + 1;
};

const readKey = (text: string, at: number, walk: Walk): Step => {
  walk.expected = 'colon';
  return text[at] === '"' ? readString(text, at) : complain(text, at, 'looking for beginning of object key string');
};

const readValue = (text: string, at: number, walk: Walk): Step => {
  const first = text.charAt(at);
  if (first === '{' || first === '[') {
    walk.open.push(first);
    walk.expected = first === '{' ? 'member' : 'item';
    return walk.open.length > maxDepth ? 'exceeded max depth' : at + 1;
  }
  walk.expected = 'next';
  if (first === '"') {
    return readString(text, at);
  }
  const word = WORDS[first];
  if (word !== undefined) {
    return readWord(text, at, word);
  }
  return first === '-' || isDigit(first) ? readNumber(text, at) : complain(text, at, 'looking for beginning of value');
};

const WORDS: Readonly<Record<string, string>> = { t: 'true', f: 'false', n: 'null' };

const readWord = (text: string, at: number, word: string): Step => {
  for (let index = 1; index < word.length; index += 1) {
    if (text[at + index] !== word[index]) {
      return complain(text, at + index, `in literal ${word} (expecting '${word[index]}')`);
    }
  }
  return at + word.length;
};

const readString = (text: string, start: number): Step => {
  let at = start + 1;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      return at + 1;
    }
    if (character < ' ') {
      return complain(text, at, 'in string literal');
    }
    const step = character === '\\' ? readEscape(text, at + 1) : at + 1;
    if (typeof step === 'string') {
      return step;
    }
    at = step;
  }
  return END;
};

const readEscape = (text: string, at: number): Step => {
  if (text[at] !== 'u') {
    const known = at < text.length && '"\\/bfnrt'.includes(text.charAt(at));
    return known ? at + 1 : complain(text, at, 'in string escape code');
  }
  for (let index = at + 1; index <= at + 4; index += 1) {
    if (!/^[0-9a-fA-F]$/.test(text.charAt(index))) {
      return complain(text, index, 'in \\u hexadecimal character escape');
    }
  }
  return at + 5;
};

const isDigit = (character: string): boolean => character >= '0' && character <= '9' && character.length === 1;

const skipDigits = (text: string, from: number): number => {
  let at = from;
  while (isDigit(text.charAt(at))) {
    at += 1;
  }
  return at;
};

const readNumber = (text: string, start: number): Step => {
  let at = text[start] === '-' ? start + 1 : start;
  if (!isDigit(text.charAt(at))) {
    return complain(text, at, 'in numeric literal');
  }
  at = text[at] === '0' ? at + 1 : skipDigits(text, at);
  if (text[at] === '.') {
    if (!isDigit(text.charAt(at + 1))) {
      return complain(text, at + 1, 'after decimal point in numeric literal');
    }
    at = skipDigits(text, at + 1);
  }
  return text[at] === 'e' || text[at] === 'E' ? readExponent(text, at + 1) : at;
};

const readExponent = (text: string, start: number): Step => {
  const at = text[start] === '+' || text[start] === '-' ? start + 1 : start;
  return isDigit(text.charAt(at)) ? skipDigits(text, at) : complain(text, at, 'in exponent of numeric literal');
};
