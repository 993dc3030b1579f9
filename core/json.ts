// The JSON value types that every step speaks, and the two questions asked of them everywhere.

/** Any value that JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. Keys may be anything, `__proto__` included: read with {@link own}. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Tells whether a value is a JSON object: neither null nor a list. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads an object's own member; `undefined` where it has none, whatever its prototype says. */
export const own = <V>(object: { readonly [key: string]: V }, key: string): V | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** Writes an object's own member: assignment would take a key `__proto__` for the prototype. */
export const setOwn = <V>(object: { [key: string]: V }, key: string, value: V): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
};

/** Writes a JSON Pointer from its unescaped tokens ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)). */
export const pointer = (tokens: readonly (string | number)[]): string => {
  let text = '';
  for (const token of tokens) {
    text += typeof token === 'number' ? `/${token}` : `/${escapeToken(token)}`;
  }
  return text;
};

const escapeToken = (token: string): string =>
  token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token;
