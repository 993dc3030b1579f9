// Checks that a Pod's fields have the JSON types that Kubernetes demands, before a policy reads them.
import { isObject, type JsonObject } from '../json.ts';
import { type FieldType, fieldsOf, fitsScalar } from './fields.ts';
import { intoField, intoItem, ROOT, type Route, unmarshalError } from './unmarshal-error.ts';

/** A field type made ready: `fits` answers fast, the rest finds the place where it does not. */
interface Shape {
  readonly type: FieldType;
  readonly fits: (value: unknown) => boolean;
  /** Whether any text fits: asked first, as most values are texts. */
  readonly text: boolean;
  /** Whether null stands for the field's absence. */
  readonly nullable: boolean;
  readonly fields?: ReadonlyMap<string, Shape>;
  readonly of?: Shape;
}

/**
 * Says in Kubernetes' words which value has the wrong type, with its JSON Pointer; `undefined` where all fit. Fields that
 * Kubernetes does not know are passed over, and of `status` only `phase` is looked at.
 *
 * Null is taken for an absent list, map, object or time, as Kubernetes itself writes some of them so. Anywhere else it is
 * refused: Kubernetes would read it as `""`, `0` or `false`, and a policy would meet a value of no such type. What the
 * API server sends has none; `resolveNulls` does for a manifest what the API server does before it sends.
 */
export const checkPodShape = (pod: JsonObject): string | undefined =>
  POD.fits(pod) ? undefined : describe(pod, POD, ROOT);

/** Scalars that Kubernetes writes as null where they are unset. */
const WRITTEN_AS_NULL: ReadonlySet<string> = new Set([
  'EvictionResponder.priority',
  'GRPCAction.service',
  'TypedLocalObjectReference.apiGroup',
  'TypedObjectReference.apiGroup',
]);

const STATUS: ReadonlyMap<string, FieldType> = new Map([['phase', { kind: 'string' }]]);

const fieldsWithStatus = (type: string): Iterable<[string, FieldType]> => {
  if (type === 'PodStatus') {
    return STATUS;
  }
  const fields = fieldsOf(type) ?? new Map<string, FieldType>();
  return type === 'Pod' ? new Map([...fields, ['status', { kind: 'object', type: 'PodStatus' }]]) : fields;
};

const compile = (type: FieldType, known: Map<string, Shape>): Shape => {
  if (type.kind === 'object') {
    return known.get(type.type) ?? compileObject(type.type, known);
  }
  if (type.kind !== 'list' && type.kind !== 'map') {
    const fits = fitsScalar[type.kind];
    return { type, fits, text: fits(''), nullable: type.kind === 'any' || type.kind === 'time' };
  }
  const of = compile(type.of, known);
  return { type, of, fits: type.kind === 'list' ? fitsList(of.fits) : fitsMap(of), text: false, nullable: true };
};

const compileObject = (type: string, known: Map<string, Shape>): Shape => {
  const fields = new Map<string, Shape>();
  const shape: Shape = {
    type: { kind: 'object', type },
    fields,
    fits: fitsObject(fields),
    text: false,
    nullable: true,
  };
  known.set(type, shape);
  for (const [field, fieldType] of fieldsWithStatus(type)) {
    const compiled = compile(fieldType, known);
    fields.set(field, WRITTEN_AS_NULL.has(`${type}.${field}`) ? { ...compiled, nullable: true } : compiled);
  }
  return shape;
};

const fitsObject =
  (fields: ReadonlyMap<string, Shape>) =>
  (value: unknown): boolean => {
    if (!isObject(value)) {
      return false;
    }
    // Values come out of JSON.parse, so that nothing is inherited.
    for (const key in value) {
      const shape = fields.get(key);
      if (shape !== undefined && !fitsField(value[key], shape)) {
        return false;
      }
    }
    return true;
  };

const fitsField = (value: unknown, shape: Shape): boolean => {
  if (typeof value === 'string') {
    return shape.text;
  }
  return value === null ? shape.nullable : shape.fits(value);
};

const fitsList =
  (fits: Shape['fits']) =>
  (value: unknown): boolean =>
    Array.isArray(value) && value.every(fits);

const fitsMap =
  ({ fits, text }: Shape) =>
  (value: unknown): boolean => {
    if (!isObject(value)) {
      return false;
    }
    for (const key in value) {
      const member = value[key];
      if (typeof member === 'string' ? !text : !fits(member)) {
        return false;
      }
    }
    return true;
  };

const POD = compile({ kind: 'object', type: 'Pod' }, new Map());

/** Goes down to the first value that does not fit. */
const describe = (value: unknown, shape: Shape, route: Route): string => {
  const [member, inner, way] = findMisfit(value, shape, route) ?? [];
  return inner === undefined || way === undefined
    ? unmarshalError(value, shape.type, route)
    : describe(member, inner, way);
};

const findMisfit = (value: unknown, { type, of, fields }: Shape, route: Route): [unknown, Shape, Route] | undefined => {
  for (const [key, member] of membersOf(value, type)) {
    const inner = of ?? fields?.get(key);
    const fits = inner === undefined || (inner === of ? inner.fits(member) : fitsField(member, inner));
    if (!fits) {
      return [member, inner, type.kind === 'object' ? intoField(route, type.type, key) : intoItem(route, key)];
    }
  }
  return undefined;
};

/** The members of a value of the right JSON type; none of any other, as then the value itself is the misfit. */
const membersOf = (value: unknown, type: FieldType): [string, unknown][] => {
  const isContainer = type.kind === 'list' ? Array.isArray(value) : isObject(value);
  return isContainer ? Object.entries(value as JsonObject) : [];
};
