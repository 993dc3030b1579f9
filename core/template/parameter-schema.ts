// Reads a parameter's schema: the subset of JSON Schema that says what a value can be, whole.
import { isObject, type JsonObject, type JsonValue, own, setOwn } from '../json.ts';
import { KUBERNETES_SCHEMAS } from './kubernetes-schemas.ts';
import type { ValuePath } from './parse.ts';
import type { Refuse } from './refuse.ts';

const NUMBERS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format'],
  number: NUMBERS,
  integer: NUMBERS,
  boolean: [],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties', 'propertyNames'],
};
const EVERYWHERE = ['title', 'description'];
const FORMATS: readonly (JsonValue | undefined)[] = ['quantity', 'shell-word', 'kubelet'];

/** Letters, digits and what no shell gives a meaning. */
const SHELL_WORD: JsonObject = { pattern: '^[A-Za-z0-9_./@%+=:,-]*$' };

/**
 * Reads one schema.
 *
 * @returns a schema that any validator understands: references replaced, maps closed, formats of ours kept as words
 * @throws {Fault} `template.schema` for an unknown keyword, an open map, a value without a type
 */
export const readSchema = (raw: JsonValue | undefined, refuse: Refuse, path: ValuePath): JsonObject => {
  if (!isObject(raw)) {
    return refuse('schema', 'a schema is a map: {type: …}, {enum: […]}, {const: …} or {$ref: podgraft/…}', path);
  }
  if (own(raw, '$ref') !== undefined) {
    return readReference(raw, refuse, path);
  }
  if (own(raw, 'enum') !== undefined || own(raw, 'const') !== undefined) {
    return readChoices(raw, refuse, path);
  }
  const types = [own(raw, 'type') ?? []].flat() as readonly JsonValue[];
  if (types.length === 0 || !types.every((type) => typeof type === 'string' && Object.hasOwn(KEYWORDS, type))) {
    return refuse('schema', `say its type: ${Object.keys(KEYWORDS).join(', ')}`, path);
  }
  const known = types.flatMap((type) => own(KEYWORDS, String(type)) ?? []);
  checkKeywords(raw, [...EVERYWHERE, 'type', ...known], { refuse, path });
  const schema: { [keyword: string]: JsonValue } = {};
  for (const [keyword, value] of Object.entries(raw)) {
    schema[keyword] = readKeyword(keyword, value, { refuse, path: [...path, keyword] });
  }
  return complete(schema, types, { refuse, path });
};

interface Reading {
  readonly refuse: Refuse;
  readonly path: ValuePath;
}

const checkKeywords = (raw: JsonObject, known: readonly string[], { refuse, path }: Reading): void => {
  for (const key of Object.keys(raw)) {
    if (!known.includes(key)) {
      refuse('schema', `the keyword "${key}" is not known here; known are ${known.join(', ')}`, [...path, key]);
    }
  }
};

const readReference = (raw: JsonObject, refuse: Refuse, path: ValuePath): JsonObject => {
  const reference = own(raw, '$ref');
  const found = typeof reference === 'string' ? KUBERNETES_SCHEMAS.get(reference) : undefined;
  if (found === undefined) {
    return refuse('schema', `$ref can be ${[...KUBERNETES_SCHEMAS.keys()].join(', ')}`, [...path, '$ref']);
  }
  checkKeywords(raw, ['$ref', ...EVERYWHERE], { refuse, path });
  const { $ref: _, ...rest } = raw;
  return { ...readSchema(found, refuse, path), ...rest };
};

const readChoices = (raw: JsonObject, refuse: Refuse, path: ValuePath): JsonObject => {
  checkKeywords(raw, [...EVERYWHERE, 'type', 'enum', 'const'], { refuse, path });
  const choices: JsonValue = own(raw, 'enum') ?? [own(raw, 'const') ?? null];
  const isScalar = (choice: unknown) => ['string', 'number', 'boolean'].includes(typeof choice);
  if (!Array.isArray(choices) || choices.length === 0 || !choices.every(isScalar)) {
    return refuse('schema', 'enum is a list, and const one, of texts, numbers and booleans; there is no null', path);
  }
  return raw;
};

const readKeyword = (keyword: string, value: JsonValue, { refuse, path }: Reading): JsonValue => {
  switch (keyword) {
    case 'items':
      return readSchema(value, refuse, path);
    case 'additionalProperties':
      return value === false ? value : readSchema(value, refuse, path);
    case 'propertyNames':
      return readSchema(isObject(value) ? { type: 'string', ...value } : value, refuse, path);
    case 'properties':
      return readProperties(value, refuse, path);
    case 'type':
      return value;
    default:
      return (KEYWORD_CHECKS[keyword]?.(value) ?? typeof value === 'number')
        ? value
        : refuse('schema', `that is no value for "${keyword}"`, path);
  }
};

const isPattern = (value: JsonValue): boolean => {
  try {
    return typeof value === 'string' && new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** What the keywords that are no schema and no number must be. */
const KEYWORD_CHECKS: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  title: (value) => typeof value === 'string',
  description: (value) => typeof value === 'string',
  uniqueItems: (value) => typeof value === 'boolean',
  pattern: isPattern,
  format: (value) => FORMATS.includes(value),
  required: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
};

const readProperties = (value: JsonValue, refuse: Refuse, path: ValuePath): JsonObject => {
  if (!isObject(value)) {
    return refuse('schema', 'properties is a map of schemas', path);
  }
  const properties: { [name: string]: JsonValue } = {};
  for (const [name, schema] of Object.entries(value)) {
    setOwn(properties, name, readSchema(schema, refuse, [...path, name]));
  }
  return properties;
};

const complete = (schema: JsonObject, types: readonly JsonValue[], { refuse, path }: Reading): JsonObject => {
  if (types.includes('array') && own(schema, 'items') === undefined) {
    return refuse('schema', 'say what the list holds: items', path);
  }
  if (types.includes('object')) {
    return completeMap(schema, { refuse, path });
  }
  return own(schema, 'format') === 'shell-word' ? { ...schema, allOf: [SHELL_WORD] } : schema;
};

const completeMap = (schema: JsonObject, { refuse, path }: Reading): JsonObject => {
  const properties = own(schema, 'properties');
  const additional = own(schema, 'additionalProperties') ?? false;
  if (properties === undefined && additional === false) {
    return refuse('schema', 'say what the map holds: properties, or a schema as additionalProperties', path);
  }
  for (const [index, name] of ((own(schema, 'required') ?? []) as readonly string[]).entries()) {
    if (own((properties ?? {}) as JsonObject, name) === undefined) {
      return refuse('schema', `"${name}" is required but not among the properties`, [...path, 'required', index]);
    }
  }
  return { ...schema, additionalProperties: additional };
};
