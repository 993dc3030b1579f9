// Reads a template's outermost form: its name, its sections, nothing else.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { Refuse } from './refuse.ts';

/** A template's sections, as written. */
export interface TemplateDocument {
  readonly name: string;
  readonly parameters: JsonValue | undefined;
  readonly fragments: JsonObject;
  readonly order: JsonObject;
  readonly pod: JsonObject;
  readonly containers: readonly JsonValue[];
}

/**
 * Reads the document.
 *
 * @throws {Fault} `template.form` for a section that is unknown, missing or of the wrong kind
 */
export const readDocument = (value: JsonValue, refuse: Refuse): TemplateDocument => {
  const root = readMap(value, [], refuse);
  checkKeys(root, ['apiVersion', 'kind', 'metadata', 'spec'], { path: [], refuse });
  for (const [key, expected] of [
    ['apiVersion', 'podgraft.dev/v1alpha1'],
    ['kind', 'InjectionTemplate'],
  ] as const) {
    if (own(root, key) !== expected) {
      refuse('form', `${key} is not ${expected}`, [key]);
    }
  }
  const metadata = readMap(own(root, 'metadata'), ['metadata'], refuse);
  checkKeys(metadata, ['name'], { path: ['metadata'], refuse });
  const name = own(metadata, 'name');
  if (typeof name !== 'string' || !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) {
    return refuse('form', 'metadata.name is no DNS label: lower-case letters, digits and -', ['metadata', 'name']);
  }
  const spec = readMap(own(root, 'spec'), ['spec'], refuse);
  checkKeys(spec, ['parameters', 'fragments', 'order', 'pod', 'containers'], { path: ['spec'], refuse });
  return {
    name,
    parameters: own(spec, 'parameters'),
    fragments: readSection(spec, 'fragments', undefined, refuse),
    order: readSection(spec, 'order', ['initContainers', 'containers'], refuse),
    pod: readSection(spec, 'pod', ['set', 'add'], refuse),
    containers: readList(own(spec, 'containers') ?? [], refuse),
  };
};

const readMap = (value: JsonValue | undefined, path: readonly string[], refuse: Refuse): JsonObject =>
  isObject(value) ? value : refuse('form', `${path.join('.') || 'the file'} is not a map`, path);

const readSection = (
  spec: JsonObject,
  section: string,
  keys: readonly string[] | undefined,
  refuse: Refuse,
): JsonObject => {
  const path = ['spec', section];
  const map = readMap(own(spec, section) ?? {}, path, refuse);
  if (keys !== undefined) {
    checkKeys(map, keys, { path, refuse });
  }
  return map;
};

const readList = (value: JsonValue, refuse: Refuse): readonly JsonValue[] =>
  Array.isArray(value) ? value : refuse('form', 'containers is not a list of blocks', ['spec', 'containers']);

/**
 * Refuses keys that are not known.
 *
 * @throws {Fault} `template.form`
 */
export const checkKeys = (
  map: JsonObject,
  known: readonly string[],
  { path, refuse }: { readonly path: readonly (string | number)[]; readonly refuse: Refuse },
): void => {
  for (const key of Object.keys(map)) {
    if (!known.includes(key)) {
      refuse('form', `"${key}" is not known here; known are ${known.join(', ')}`, [...path, key]);
    }
  }
};
