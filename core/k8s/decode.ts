// Reads a JSON object into a Kubernetes type, as Go's encoding/json does: what the type does not know vanishes.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { type FieldType, fieldsOf, fitsScalar } from './fields.ts';
import { resolveNulls } from './nulls.ts';
import { canonicalQuantity } from './quantity.ts';
import { intoField, intoItem, ROOT, type Route, unmarshalError } from './unmarshal-error.ts';

/** The object with its known fields alone, or what Go says of the first value that does not fit. */
export type Decoded = { readonly object: JsonObject } | { readonly error: string };

/**
 * Decodes an object of a type, such as `Container`. Nulls go, quantities become canonical, and a field is also known in
 * another case. The text of a time is not looked at.
 */
export const decodeObject = (value: JsonValue, type: string): Decoded => {
  if (!isObject(value)) {
    return { error: unmarshalError(value, { kind: 'object', type }, ROOT) };
  }
  const at: Decoding = { route: ROOT, misfits: [], badQuantities: [] };
  const object = decodeFields(resolveNulls(value, type), type, at);
  // Go stops at a bad quantity, but reads on after a value of the wrong type.
  const error = at.badQuantities[0] ?? at.misfits[0];
  return error === undefined ? { object } : { error };
};

interface Decoding {
  readonly route: Route;
  /** Both grow with what is found. */
  readonly misfits: string[];
  readonly badQuantities: string[];
}

const decodeFields = (value: JsonObject, type: string, at: Decoding): JsonObject => {
  const fields = fieldsOf(type) ?? new Map<string, FieldType>();
  const decoded = new Map<string, JsonValue>();
  // In the order of their names, as Go writes a map: of two spellings of a field the later counts.
  for (const key of Object.keys(value).sort()) {
    const name = fields.has(key) ? key : restoreCase(key, fields);
    const field = name === undefined ? undefined : fields.get(name);
    if (name !== undefined && field !== undefined) {
      decoded.set(name, decode(own(value, key) ?? null, field, { ...at, route: intoField(at.route, type, name) }));
    }
  }
  return Object.fromEntries(decoded);
};

const restoreCase = (key: string, fields: ReadonlyMap<string, FieldType>): string | undefined =>
  [...fields.keys()].find((name) => name.toLowerCase() === key.toLowerCase());

const decode = (value: JsonValue, type: FieldType, at: Decoding): JsonValue => {
  switch (type.kind) {
    case 'object':
      return isObject(value) ? decodeFields(value, type.type, at) : refuse(value, type, at);
    case 'list':
      return Array.isArray(value)
        ? (value as JsonValue[]).map((item, index) => decode(item, type.of, into(at, index)))
        : refuse(value, type, at);
    case 'map':
      return isObject(value)
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decode(item, type.of, into(at, key))]))
        : refuse(value, type, at);
    case 'quantity':
      return decodeQuantity(typeof value === 'string' ? value : JSON.stringify(value), at);
    default:
      return fitsScalar[type.kind](value) ? value : refuse(value, type, at);
  }
};

const into = (at: Decoding, token: string | number): Decoding => ({ ...at, route: intoItem(at.route, token) });

const refuse = (value: JsonValue, type: FieldType, { route, misfits }: Decoding): null => {
  misfits.push(unmarshalError(value, type, route));
  return null;
};

const decodeQuantity = (text: string, { badQuantities }: Decoding): string => {
  const canonical = canonicalQuantity(text.trim());
  if (canonical === undefined) {
    badQuantities.push(quantityError(text.trim()));
  }
  return canonical ?? '';
};

const quantityError = (text: string): string => {
  const number = /^[+-]?[0-9.]+/.exec(text)?.[0];
  return number !== undefined && /^[eEinumkKMGTP]*[-+]?[0-9]*$/.test(text.slice(number.length))
    ? "unable to parse quantity's suffix"
    : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
};
