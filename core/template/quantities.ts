// Writes the quantities in a parameter's value in canonical form, as the API server would.
import { isObject, type JsonObject, type JsonValue, own, setOwn } from '../json.ts';
import { canonicalQuantity } from '../k8s/quantity.ts';

/**
 * Rewrites a value's quantities.
 *
 * @param refuse called with the path of a text that is no quantity
 */
export type Canonicalise = (value: JsonValue, refuse: RefuseQuantity, path?: readonly (string | number)[]) => JsonValue;

/** Throws for the text at a path. */
export type RefuseQuantity = (path: readonly (string | number)[]) => never;

/** What canonicalises the values of a schema as `readSchema` returns it; `undefined` where they hold no quantity. */
export const compileQuantities = (schema: JsonObject): Canonicalise | undefined => {
  if (own(schema, 'format') === 'quantity') {
    return canonicaliseText;
  }
  const items = own(schema, 'items');
  const each = isObject(items) ? compileQuantities(items) : undefined;
  if (each !== undefined) {
    return (value, refuse, path = []) =>
      Array.isArray(value) ? value.map((item: JsonValue, index) => each(item, refuse, [...path, index])) : value;
  }
  return compileMap(schema);
};

const canonicaliseText: Canonicalise = (value, refuse, path = []) =>
  typeof value === 'string' ? (canonicalQuantity(value) ?? refuse(path)) : value;

const compileMap = (schema: JsonObject): Canonicalise | undefined => {
  const members = new Map<string, Canonicalise>();
  const properties = (own(schema, 'properties') ?? {}) as JsonObject;
  for (const [name, below] of Object.entries(properties)) {
    const canonicalise = isObject(below) ? compileQuantities(below) : undefined;
    if (canonicalise !== undefined) {
      members.set(name, canonicalise);
    }
  }
  const additional = own(schema, 'additionalProperties');
  const rest = isObject(additional) ? compileQuantities(additional) : undefined;
  if (members.size === 0 && rest === undefined) {
    return undefined;
  }
  return (value, refuse, path = []) => {
    if (!isObject(value)) {
      return value;
    }
    const rewritten: { [key: string]: JsonValue } = {};
    for (const [key, inner] of Object.entries(value)) {
      const canonicalise = members.get(key) ?? (own(properties, key) === undefined ? rest : undefined);
      setOwn(rewritten, key, canonicalise === undefined ? inner : canonicalise(inner, refuse, [...path, key]));
    }
    return rewritten;
  };
};
