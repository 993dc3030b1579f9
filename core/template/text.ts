// Reads texts with holes: `${path}`, and `$${` for a literal `${`.

/** A hole: what stands between its braces. */
export interface Hole {
  readonly path: string;
}

/** A text in its parts, constants and holes in turn; `undefined` where a hole is not closed. */
export const splitText = (text: string): readonly (string | Hole)[] | undefined => {
  const parts: (string | Hole)[] = [];
  let constant = '';
  let rest = 0;
  for (const match of text.matchAll(OPENING)) {
    if (match.index < rest) {
      continue;
    }
    constant += text.slice(rest, match.index);
    rest = match.index + match[0].length;
    if (match[0] === '$${') {
      constant += '${';
      continue;
    }
    const end = text.indexOf('}', rest);
    if (end < 0) {
      return undefined;
    }
    if (constant !== '') {
      parts.push(constant);
    }
    constant = '';
    parts.push({ path: text.slice(rest, end) });
    rest = end + 1;
  }
  constant += text.slice(rest);
  return constant === '' && parts.length > 0 ? parts : [...parts, constant];
};

const OPENING = /\$?\$\{/g;

/** Reads a path; `undefined` where it is none. */
export const splitPath = (text: string): readonly string[] | undefined => {
  const names = text.split('.');
  return names.every(isName) ? names : undefined;
};

/** Tells whether a text can name a variable. */
export const isName = (text: string): boolean => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
