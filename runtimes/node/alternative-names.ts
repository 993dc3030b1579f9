// Reads the subject alternative names of a certificate in the form in which Node writes them.

/** The kinds of names that can be accepted, by Node's word for them. */
const KINDS: Readonly<Record<string, string>> = {
  DNS: 'DNS',
  URI: 'URI',
  'IP Address': 'IP',
  email: 'EMAIL',
};

/**
 * Reads `DNS:a, URI:"b, c"`: a name that could be mistaken for several is written as a JSON text
 * ([reference](https://nodejs.org/api/crypto.html#x509subjectaltname)). What is not of this form ends the reading.
 *
 * @returns the names with their kind, as they are set: `DNS:a`, `URI:b, c`
 */
export const parseAlternativeNames = (text: string): readonly string[] => {
  const names: string[] = [];
  const entry = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/y;
  for (let found = entry.exec(text); found !== null; found = entry.exec(text)) {
    const [, kind = '', value = ''] = found;
    const prefix = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
    const name = value.startsWith('"') ? parseText(value) : value;
    if (prefix !== undefined && name !== undefined && name !== '') {
      names.push(`${prefix}:${name}`);
    }
  }
  return names;
};

const parseText = (quoted: string): string | undefined => {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
};
