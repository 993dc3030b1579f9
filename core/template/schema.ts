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

/** Compiles a JSON Schema (draft 2020-12). It must hold every schema that it refers to. */
export const compileSchema = (schema: JsonObject): CheckValue => {
  const validator = new Validator(schema as Schema, '2020-12', true);
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

const NO_ERRORS: readonly SchemaError[] = [];

/** Errors of these keywords only say that something below them is wrong. */
const WRAPPERS = ['$ref', 'properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'allOf'];

const explain = (errors: readonly OutputUnit[], value: JsonValue): readonly SchemaError[] => {
  const inner = errors.filter(({ keyword }) => !WRAPPERS.includes(keyword));
  return (inner.length === 0 ? errors : inner).map(({ instanceLocation, keyword, error }) => ({
    path: toPath(instanceLocation, value),
    message: keyword === 'false' ? 'is not declared' : `is refused: ${error}`,
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
