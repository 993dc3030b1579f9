// Reads files of secrets: bearer tokens, names with passwords, and path segments, one a line.
import { Fault } from '../errors.ts';

/** What the lines of a file are. */
export type CredentialKind = 'token' | 'password' | 'path';

/** The longest line; whatever a caller sends beyond it is none of these. */
export const LONGEST_SECRET = 1024;

const SHORTEST_SECRET = 32;
const FEWEST_CHARACTERS = 8;
const MOST_SECRETS = 64;

const FORMS: Readonly<Record<CredentialKind, { readonly form: RegExp; readonly words: string }>> = {
  // token68 of RFC 9110, 11.2: what may stand behind `Bearer`.
  token: { form: /^[A-Za-z0-9._~+/-]+=*$/, words: 'a bearer token: letters, digits and - . _ ~ + / =' },
  password: { form: /^[!-9;-~]+:[!-~]+$/, words: 'NAME:PASSWORD, in visible ASCII characters' },
  path: { form: /^[A-Za-z0-9_-]+$/, words: 'a path segment: letters, digits, - and _' },
};

/**
 * Reads one secret a line; several hold at once, so that one can be replaced without a gap. Empty lines and lines that
 * begin with `#` are passed over.
 *
 * A secret has at least 32 characters and 8 different ones: 128 random bits as hex digits pass, a word does not.
 *
 * @throws {Fault} `authentication.secret`, with the line and never with what stands on it
 */
export const parseCredentials = (kind: CredentialKind, text: string, file: string): readonly string[] => {
  const secrets = text
    .split('\n')
    .map((line, index) => ({ text: line.trim(), line: index + 1 }))
    .filter(({ text: secret }) => secret !== '' && !secret.startsWith('#'));
  for (const secret of secrets) {
    const complaint = complaintOf(kind, secret.text);
    if (complaint !== undefined) {
      throw new Fault('authentication.secret', complaint, { at: { file, line: secret.line } });
    }
  }
  if (secrets.length === 0 || secrets.length > MOST_SECRETS) {
    const message =
      secrets.length === 0 ? 'the file holds no secret' : `the file holds more than ${MOST_SECRETS} secrets`;
    throw new Fault('authentication.secret', message, { at: { file } });
  }
  return secrets.map(({ text: secret }) => secret);
};

const complaintOf = (kind: CredentialKind, line: string): string | undefined => {
  const { form, words } = FORMS[kind];
  if (!form.test(line)) {
    return `the line is not ${words}`;
  }
  if (line.length > LONGEST_SECRET) {
    return `the line is longer than ${LONGEST_SECRET} characters`;
  }
  const secret = kind === 'password' ? line.slice(line.indexOf(':') + 1) : line;
  return secret.length < SHORTEST_SECRET || new Set(secret).size < FEWEST_CHARACTERS
    ? `the secret can be guessed: it needs ${SHORTEST_SECRET} characters, ${FEWEST_CHARACTERS} of them different; try openssl rand -hex 32`
    : undefined;
};
