// Recognises the values that a parameter's schema surely accepts, many times faster than a validator.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';

/** Tells whether a value is surely valid; `false` says nothing: then the validator decides. */
export type Accept = (value: JsonValue) => boolean;

const never: Accept = () => false;

/** What recognises the valid values of a schema as `readSchema` returns it. */
export const compileAccept = (schema: JsonObject): Accept => {
  const checks: Accept[] = [];
  for (const [keyword, argument] of Object.entries(schema)) {
    const check = own(KEYWORDS, keyword)?.(argument, schema);
    if (check === undefined) {
      return never;
    }
    checks.push(check);
  }
  const [first = never, second] = checks;
  if (checks.length <= 1) {
    return first;
  }
  return checks.length === 2 && second !== undefined
    ? (value) => first(value) && second(value)
    : (value) => checks.every((check) => check(value));
};

const always: Accept = () => true;

const TYPES: Readonly<Record<string, Accept>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => typeof value === 'number' && Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => isObject(value),
};

const compileType = (type: JsonValue): Accept => {
  if (typeof type === 'string') {
    return own(TYPES, type) ?? never;
  }
  const accepts = Array.isArray(type) ? type.map(compileType) : [];
  return (value) => accepts.some((accept) => accept(value));
};

/** A bound is checked for numbers only, a length for texts only: other kinds pass, as JSON Schema has it. */
const bound =
  (holds: (value: number, limit: number) => boolean) =>
  (limit: JsonValue): Accept =>
    typeof limit === 'number' ? (value) => typeof value !== 'number' || holds(value, limit) : never;

const compilePattern = (pattern: JsonValue): Accept => {
  const expression = new RegExp(String(pattern), 'u');
  return (value) => typeof value !== 'string' || expression.test(value);
};

const compileItems = (items: JsonValue): Accept => {
  const accept = isObject(items) ? compileAccept(items) : never;
  return (value) => !Array.isArray(value) || value.every((item: JsonValue) => accept(item));
};

/** `additionalProperties` is checked here, too: one walk over the keys. */
const compileMembers = (additional: JsonValue, schema: JsonObject): Accept => {
  const members = new Map<string, Accept>();
  for (const [name, below] of Object.entries((own(schema, 'properties') ?? {}) as JsonObject)) {
    members.set(name, compileAccept(below as JsonObject));
  }
  const rest = isObject(additional) ? compileAccept(additional) : never;
  return (value) => {
    if (!isObject(value)) {
      return true;
    }
    for (const key of Object.keys(value)) {
      const member = value[key];
      if (member === undefined || !(members.get(key) ?? rest)(member)) {
        return false;
      }
    }
    return true;
  };
};

const compileRequired = (required: JsonValue): Accept => {
  const names = required as readonly string[];
  return (value) => !isObject(value) || names.every((name) => Object.hasOwn(value, name));
};

/** Characters beyond the basic plane are two UTF-16 units: only what fits either way is sure. */
const compileMaxLength = (limit: JsonValue): Accept =>
  typeof limit === 'number' ? (value) => typeof value !== 'string' || value.length <= limit : never;

const compileAll = (schemas: JsonValue): Accept => {
  const accepts = (schemas as readonly JsonObject[]).map(compileAccept);
  return (value) => accepts.every((accept) => accept(value));
};

/** Keywords that are not here are left to the validator. */
const KEYWORDS: Readonly<Record<string, (argument: JsonValue, schema: JsonObject) => Accept>> = {
  title: () => always,
  description: () => always,
  format: () => always,
  type: compileType,
  enum: (choices) => {
    const known = new Set(choices as readonly JsonValue[]);
    return (value) => known.has(value);
  },
  const: (constant) => (value) => value === constant,
  minimum: bound((value, limit) => value >= limit),
  maximum: bound((value, limit) => value <= limit),
  pattern: compilePattern,
  maxLength: compileMaxLength,
  allOf: compileAll,
  items: compileItems,
  properties: () => always,
  additionalProperties: compileMembers,
  required: compileRequired,
};
