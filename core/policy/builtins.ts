// The closed set of functions that policies call beside Rego's own: what Rego cannot do well, in Go's very words.
import type { JsonObject, JsonValue } from '../json.ts';
import { holdsTooMany, MOST_VALUES } from '../json-bulk.ts';
import { quote } from './go-quote.ts';
import { describeJsonError, maxDepth } from './json-error.ts';
import { parseDuration } from './parse-duration.ts';
import { parseFloat64 } from './parse-float.ts';

/**
 * The functions by name, as `policies/capabilities.json` declares them. Each is pure and never throws; an argument of
 * another type than declared is answered like an empty text.
 */
export const builtins: Readonly<Record<string, (...args: unknown[]) => JsonValue>> = {
  'podgraft.parse_json': (text) => parseJson(asText(text)),
  'podgraft.path_clean': (path) => cleanPath(asText(path)),
  'podgraft.parse_float': (text) => parseFloat64(asText(text)),
  'podgraft.parse_duration': (text) => parseDuration(asText(text)),
  'podgraft.quote': (text) => quote(asText(text)),
};

const asText = (argument: unknown): string => (typeof argument === 'string' ? argument.toWellFormed() : '');

/** Parses JSON; the error is what Go's `json.Unmarshal` into an empty interface says, which has no bound of values. */
const parseJson = (text: string): JsonObject => {
  if (text.length > 2 * MOST_VALUES && holdsTooMany(new TextEncoder().encode(text))) {
    return { value: null, error: `the text holds more than ${MOST_VALUES} values` };
  }
  let value: JsonValue;
  try {
    value = JSON.parse(text.replace(ESCAPE, repairSurrogate)) as JsonValue;
  } catch {
    return { value: null, error: describeJsonError(text) ?? 'invalid JSON' };
  }
  // Too deep a value has at least that many opening and closing signs.
  const error = (text.length > 2 * maxDepth ? describeJsonError(text) : undefined) ?? describeOverflow(text);
  return error === undefined ? { value, error: '' } : { value: null, error };
};

const ESCAPE = /\\(?:(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)/gs;

/** Half of a surrogate pair becomes U+FFFD, as in Go; the compiled policy could not read it back. */
const repairSurrogate = (escaped: string, _pair?: string, half?: string): string =>
  half === undefined ? escaped : '\\ufffd';

/** JSON's grammar has numbers that no double holds; `JSON.parse` makes them infinite, Go refuses them. */
const describeOverflow = (text: string): string | undefined => {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (token[0] !== '"' && !Number.isFinite(Number(token))) {
      return `json: cannot unmarshal number ${token} into Go value of type float64`;
    }
  }
  return undefined;
};

/** Go's `path.Clean`: the shortest path that means the same, worked out on the text alone. */
const cleanPath = (path: string): string => {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') {
      kept.pop();
    } else if (part !== '' && part !== '.' && !(part === '..' && rooted)) {
      kept.push(part);
    }
  }
  const cleaned = kept.join('/');
  return rooted ? `/${cleaned}` : cleaned || '.';
};
