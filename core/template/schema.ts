// Checks values against JSON Schemas, without generating code.
import { type OutputUnit, type Schema, Validator } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '../json.ts';

/** What is wrong with a value, and where in it. The message never repeats the value. */
export interface SchemaError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Lists what is wrong with a value; empty when nothing is. */
export type CheckValue = (value: JsonValue) => readonly SchemaError[];

/**
 * Compiles a JSON Schema (draft 2020-12). It must hold every schema that it refers to.
 *
 * @param find `first`: what is found wrong first will do, and is found sooner
 */
export const compileSchema = (schema: JsonObject, find: 'first' | 'all' = 'first'): CheckValue => {
  const validator = new Validator(schema as Schema, '2020-12', find === 'first');
  return (value) => {
    try {
      const { valid, errors } = validator.validate(value);
      return valid ? NO_ERRORS : explain(errors, value);
    } catch (thrown) {
      if (thrown instanceof URIError) {
        // The library percent-encodes keys, which lone surrogates do not survive.
        return [{ path: [], message: 'is refused: a key in it is no Unicode text' }];
      }
      throw thrown;
    }
  };
};

/** The message of a member that the schema does not know. */
export const NOT_DECLARED = 'is not declared';

/** The library's word for a JSON value is `Instance`. */
const inWords = (error: string): string =>
  error
    .replace(/^Instance type "(\w+)" is invalid\. Expected "([^"]+)"\.$/, 'it is of type $1, not $2')
    .replace(/\.$/, '');

const NO_ERRORS: readonly SchemaError[] = [];

/** Errors of these keywords only say that something below them is wrong. */
const WRAPPERS = ['$ref', 'properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'allOf'];

const explain = (errors: readonly OutputUnit[], value: JsonValue): readonly SchemaError[] => {
  const inner = errors.filter(({ keyword }) => !WRAPPERS.includes(keyword));
  return (inner.length === 0 ? errors : inner).map(({ instanceLocation, keyword, error }) => ({
    path: toPath(instanceLocation, value),
    message: keyword === 'false' ? NOT_DECLARED : `is refused: ${inWords(error)}`,
  }));
};

/** The library writes locations as `#/a/0`, each token escaped as a JSON Pointer and then as a URI. */
const toPath = (location: string, value: JsonValue): readonly (string | number)[] => {
  const path: (string | number)[] = [];
  let inner: unknown = value;
  for (const token of location.split('/').slice(1)) {
    const key = decodeToken(token);
    const step = Array.isArray(inner) ? Number(key) : key;
    path.push(step);
    inner = typeof inner === 'object' && inner !== null ? (inner as { [key: string]: unknown })[step] : undefined;
  }
  return path;
};

const decodeToken = (token: string): string => unescapeUri(token).replaceAll('~1', '/').replaceAll('~0', '~');

const unescapeUri = (token: string): string => {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
};
