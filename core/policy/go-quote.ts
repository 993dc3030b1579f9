// Go's way of showing a text in an error: strconv.Quote, and the byte that its JSON scanner complains of.

const NAMED: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u000b': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const PLAIN = /^[ !#-[\]-~]*$/;
const PRINTABLE = /^[ \p{L}\p{M}\p{N}\p{P}\p{S}]$/u;

const hexadecimal = (code: number, width: number): string => code.toString(16).padStart(width, '0');

const escapeRune = (rune: string): string => {
  const named = NAMED[rune];
  if (named !== undefined) {
    return named;
  }
  if (PRINTABLE.test(rune)) {
    return rune;
  }
  const code = rune.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) {
    return `\\x${hexadecimal(code, 2)}`;
  }
  return code < 0x1_0000 ? `\\u${hexadecimal(code, 4)}` : `\\U${hexadecimal(code, 8)}`;
};

/** Quotes a text as Go's `strconv.Quote` does; a lone surrogate, which UTF-8 cannot carry, shows as U+FFFD. */
export const quote = (text: string): string => {
  if (PLAIN.test(text)) {
    return `"${text}"`;
  }
  const parts: string[] = [];
  for (const rune of text.toWellFormed()) {
    parts.push(escapeRune(rune));
  }
  return `"${parts.join('')}"`;
};

/** Shows the first UTF-8 byte of the character at `at` in single quotes; behind the end, a space. */
export const quoteByte = (text: string, at: number): string => {
  const byte = firstByte(text.codePointAt(at) ?? 0x20);
  if (byte === 0x27) {
    return "'\\''";
  }
  return byte === 0x22 ? `'"'` : `'${escapeRune(String.fromCharCode(byte))}'`;
};

const firstByte = (code: number): number => {
  if (code < 0x80) {
    return code;
  }
  if (code < 0x800) {
    return 0xc0 | (code >> 6);
  }
  return code < 0x1_0000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
};
