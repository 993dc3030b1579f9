// Bounds how many values a JSON text holds, before anything parses it: parsed, small ones take far more than their text.

/**
 * The most values, keys of objects not counted. A pod that etcd would store has a tenth of them; parsed, these many
 * take at most some 25 MB.
 */
export const MOST_VALUES = 200_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;

/**
 * Tells whether a JSON text, in UTF-8, holds more values than {@link MOST_VALUES}. Each takes two bytes at least, so a
 * short text is not looked at. Of a text that is no JSON the answer says nothing.
 */
export const holdsTooMany = (text: Uint8Array): boolean => {
  if (text.byteLength <= 2 * MOST_VALUES) {
    return false;
  }
  // Before each value but the first stands a comma, or the sign that opens what it is the first of. So an empty list
  // or object counts twice.
  let values = 1;
  for (let at = 0; at < text.byteLength && values <= MOST_VALUES; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) {
      at = closingQuote(text, at + 1);
    } else if (byte === COMMA || byte === OPEN_LIST || byte === OPEN_OBJECT) {
      values += 1;
    }
  }
  return values > MOST_VALUES;
};

/** Where a text ends: its next quote that is not escaped. */
const closingQuote = (text: Uint8Array, start: number): number => {
  let at = start;
  while (at < text.byteLength && text[at] !== QUOTE) {
    at += text[at] === BACKSLASH ? 2 : 1;
  }
  return at;
};
