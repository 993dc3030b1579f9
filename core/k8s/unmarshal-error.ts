// What Go says of a JSON value that does not fit a field of a Kubernetes object.
import { pointer } from '../json.ts';
import type { FieldType, ScalarKind } from './fields.ts';

/** The way from a root to a value: `struct` is the innermost object type, `fields` its field path, `tokens` the pointer. */
export interface Route {
  readonly struct: string;
  readonly fields: readonly string[];
  readonly tokens: readonly (string | number)[];
}

/** Where every walk begins. */
export const ROOT: Route = { struct: '', fields: [], tokens: [] };

/** The way on to a field of an object type. */
export const intoField = (route: Route, struct: string, field: string): Route => ({
  struct,
  fields: [...route.fields, field],
  tokens: [...route.tokens, field],
});

/** The way on to an item of a list or a value of a map, of which Go's field path says nothing. */
export const intoItem = (route: Route, token: string | number): Route => ({
  ...route,
  tokens: [...route.tokens, token],
});

/** Go's sentence for a value of the wrong JSON type, and behind it the JSON Pointer of that value. */
export const unmarshalError = (value: unknown, type: FieldType, { struct, fields, tokens }: Route): string => {
  const place = struct === '' ? 'Go value' : `Go struct field ${struct}.${fields.join('.')}`;
  const where = tokens.length === 0 ? '' : ` (${pointer(tokens)})`;
  const found = typeof value === 'number' && type.kind === 'int' ? `number ${value}` : jsonType(value);
  return `json: cannot unmarshal ${found} into ${place} of type ${goType(type)}${where}`;
};

/** What Go calls the JSON type of a value. */
export const jsonType = (value: unknown): string => {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

const GO_SCALARS: Readonly<Record<ScalarKind, string>> = {
  any: 'interface {}',
  bool: 'bool',
  int: 'int64',
  'int-or-string': 'intstr.IntOrString',
  quantity: 'resource.Quantity',
  string: 'string',
  time: 'v1.Time',
};

const goType = (type: FieldType): string => {
  switch (type.kind) {
    case 'list':
      return `[]${goType(type.of)}`;
    case 'map':
      return `map[string]${goType(type.of)}`;
    case 'object':
      return `v1.${type.type}`;
    default:
      return GO_SCALARS[type.kind];
  }
};
