// Reads what a registry demands: the WWW-Authenticate header.

/** One demand: `Bearer realm="…",service="…"`. */
export interface Challenge {
  /** In small letters. */
  readonly scheme: string;
  /** Names in small letters. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SCHEME = new RegExp(`[\\s,]*(${TOKEN})(?![^\\s,])`, 'y');
const PARAMETER = new RegExp(`[\\s,]*(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`, 'y');

/**
 * Reads the demands, in their order ([RFC 9110, 11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
 * What cannot be read ends the list.
 */
export const parseChallenges = (header: string): readonly Challenge[] => {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    at = found === null ? at : pattern.lastIndex;
    return found;
  };
  for (;;) {
    const parameter = next(PARAMETER);
    if (parameter !== null) {
      const [, name = '', quoted, plain = ''] = parameter;
      challenges.at(-1)?.parameters.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain);
      continue;
    }
    const scheme = next(SCHEME)?.[1];
    if (scheme === undefined) {
      return challenges;
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters: new Map() });
  }
};
