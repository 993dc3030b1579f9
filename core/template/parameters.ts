// A template's parameters: declared once, given in layers, checked key by key.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own, pointer, setOwn } from '../json.ts';
import { compileAccept } from './accept.ts';
import { readSchema } from './parameter-schema.ts';
import { type Canonicalise, compileQuantities } from './quantities.ts';
import type { Refuse } from './refuse.ts';
import { type CheckValue, compileSchema } from './schema.ts';
import { schemaShape } from './schema-shape.ts';
import type { Shape } from './shape.ts';

/** One declared parameter. */
export interface Parameter {
  readonly name: string;
  /** Where its value stands among a rendering's values. */
  readonly slot: number;
  readonly required: boolean;
  readonly shape: Shape;
  /** The schema's default, checked. */
  readonly preset: JsonValue | undefined;
  /** @throws {Fault} `template.parameter`, naming the parameter by JSON pointer */
  readonly parse: (value: JsonValue) => JsonValue;
}

/** Values by slot; `undefined` is an absent parameter. */
export type Values = (JsonValue | undefined)[];

/** The parameters of one template. */
export interface Parameters {
  /** JSON Schema (draft 2020-12) of the whole, with no reference left. */
  readonly schema: JsonObject;
  readonly byName: ReadonlyMap<string, Parameter>;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads `spec.parameters`.
 *
 * @throws {Fault} `template.schema`, or `template.parameter` for a default that the schema refuses
 */
export const readParameters = (
  raw: JsonValue | undefined,
  { file, template, refuse }: { readonly file: string; readonly template: string; readonly refuse: Refuse },
): Parameters => {
  const path = ['spec', 'parameters'];
  if (!isObject(raw) || own(raw, 'additionalProperties') !== false) {
    return refuse('schema', 'parameters are {type: object, additionalProperties: false, properties: {…}}', path);
  }
  const { presets, bare } = takeDefaults(raw);
  const schema = readSchema(bare, refuse, path);
  checkTop(schema, refuse, path);
  const required = (own(schema, 'required') ?? []) as readonly string[];
  const byName = new Map<string, Parameter>();
  for (const [name, below] of Object.entries((own(schema, 'properties') ?? {}) as JsonObject)) {
    const parse = compileParse(name, below as JsonObject, { file, template });
    const preset = own(presets, name);
    byName.set(name, {
      name,
      slot: byName.size,
      required: required.includes(name),
      shape: schemaShape(below as JsonObject),
      preset: preset === undefined ? undefined : parse(preset),
      parse,
    });
  }
  return { schema, byName };
};

const TOP_KEYWORDS = ['type', 'title', 'description', 'required', 'properties', 'additionalProperties'];

const checkTop = (schema: JsonObject, refuse: Refuse, path: readonly string[]): void => {
  const stray = Object.keys(schema).find((keyword) => !TOP_KEYWORDS.includes(keyword));
  if (stray !== undefined || own(schema, 'type') !== 'object') {
    const keywords = TOP_KEYWORDS.join(', ');
    refuse('schema', `parameters are an object and have only the keywords ${keywords}`, [...path, stray ?? 'type']);
  }
  for (const name of Object.keys((own(schema, 'properties') ?? {}) as JsonObject)) {
    if (!NAME.test(name)) {
      const message = `the parameter "${name}" has no name that a path can hold: letters, digits and _`;
      refuse('schema', message, [...path, 'properties', name]);
    }
  }
};

/** Only a parameter itself has a default: one deeper down would say nothing when a lower layer gave the whole. */
const takeDefaults = (raw: JsonObject): { readonly presets: JsonObject; readonly bare: JsonObject } => {
  const presets: { [name: string]: JsonValue } = {};
  const properties: { [name: string]: JsonValue } = {};
  const declared = own(raw, 'properties');
  if (!isObject(declared)) {
    return { presets, bare: raw };
  }
  for (const [name, schema] of Object.entries(declared)) {
    const { default: preset, ...rest } = isObject(schema) ? schema : {};
    setOwn(properties, name, isObject(schema) ? rest : schema);
    if (preset !== undefined) {
      setOwn(presets, name, preset);
    }
  }
  return { presets, bare: { ...raw, properties } };
};

/** Whose parameters they are, for faults. */
export interface Owner {
  readonly file: string;
  readonly template: string;
}

const compileParse = (name: string, schema: JsonObject, owner: Owner): Parameter['parse'] => {
  const accept = compileAccept(schema);
  const check: CheckValue = compileSchema(schema);
  const canonicalise: Canonicalise | undefined = compileQuantities(schema);
  const refuse = (path: readonly (string | number)[]): never => {
    throw parameterFault([name, ...path], 'is no Kubernetes quantity', owner);
  };
  return (value) => {
    const [error] = accept(value) ? [] : check(value);
    if (error !== undefined) {
      throw parameterFault([name, ...error.path], error.message, owner);
    }
    return canonicalise === undefined ? value : canonicalise(value, refuse);
  };
};

/** A fault about the value of a parameter. The message never repeats the value: it may be a secret. */
export const parameterFault = (
  path: readonly (string | number)[],
  message: string,
  { file, template }: Owner,
): Fault => {
  const at = pointer(path);
  return new Fault('template.parameter', `the parameter ${at} of ${template} ${message}`, {
    at: { file, pointer: at },
  });
};

/**
 * Lays one layer of parameters over values: `null` takes away what a lower layer gave.
 *
 * @throws {Fault} `template.parameter`
 */
export const layParameters = (
  values: Values,
  layer: JsonObject,
  { parameters, owner }: { readonly parameters: Parameters; readonly owner: Owner },
): void => {
  for (const name of Object.keys(layer)) {
    const parameter = parameters.byName.get(name);
    const value = layer[name];
    if (parameter === undefined) {
      throw parameterFault([name], 'is not declared', owner);
    }
    values[parameter.slot] = value === null || value === undefined ? undefined : parameter.parse(value);
  }
};
