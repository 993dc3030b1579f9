// The fields of a Pod and of everything in it, with their kinds.
import { FIELD_TABLE } from './field-table.ts';

/** A kind without parts. `int` is any whole number, `time` an RFC 3339 text, `any` whatever JSON can carry. */
export type ScalarKind = 'any' | 'bool' | 'int' | 'int-or-string' | 'quantity' | 'string' | 'time';

/** What Kubernetes expects in a field. */
export type FieldType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType }
  | { readonly kind: 'object'; readonly type: string };

const SCALARS: ReadonlySet<string> = new Set<ScalarKind>([
  'any',
  'bool',
  'int',
  'int-or-string',
  'quantity',
  'string',
  'time',
]);

const decode = (kind: string): FieldType => {
  if (kind.startsWith('[]') || kind.startsWith('{}')) {
    return { kind: kind.startsWith('[') ? 'list' : 'map', of: decode(kind.slice(2)) };
  }
  return SCALARS.has(kind) ? { kind: kind as ScalarKind } : { kind: 'object', type: kind };
};

const TYPES: ReadonlyMap<string, ReadonlyMap<string, FieldType>> = new Map(
  Object.entries(FIELD_TABLE).map(([type, fields]) => [
    type,
    new Map(Object.entries(fields).map(([field, kind]) => [field, decode(kind)])),
  ]),
);

/** The fields of an object type (`Pod`, `PodSpec`, `Container`, `Volume` …); `undefined` where there is no such type. */
export const fieldsOf = (type: string): ReadonlyMap<string, FieldType> | undefined => TYPES.get(type);

/** What a field of an object type expects; `undefined` where Kubernetes knows no such field. `Pod.status` is none. */
export const fieldType = (type: string, field: string): FieldType | undefined => TYPES.get(type)?.get(field);

const isInt = (value: unknown): boolean => Number.isInteger(value) && Math.abs(value as number) <= 2 ** 63;

/** Whether a value has the JSON type of a kind; what a text says is not looked at. */
export const fitsScalar: Readonly<Record<ScalarKind, (value: unknown) => boolean>> = {
  any: () => true,
  bool: (value) => typeof value === 'boolean',
  int: isInt,
  'int-or-string': (value) => typeof value === 'string' || isInt(value),
  quantity: (value) => typeof value === 'string' || typeof value === 'number',
  string: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string',
};
