// Says what shape the values of a parameter's schema have.
import type { JsonObject, JsonValue } from '../json.ts';
import { own } from '../json.ts';
import { anyOf, listShape, type Member, mapShape, type Shape, scalarShape } from './shape.ts';

/** The shape of a schema as `readSchema` returns it. */
export const schemaShape = (schema: JsonObject): Shape => {
  const choices = own(schema, 'enum') ?? (own(schema, 'const') === undefined ? undefined : [own(schema, 'const')]);
  if (choices !== undefined) {
    return anyOf((choices as readonly (string | number | boolean)[]).map(choiceShape));
  }
  const types = [own(schema, 'type') ?? []].flat() as readonly JsonValue[];
  return anyOf(types.map((type) => typeShape(String(type), schema)));
};

const choiceShape = (choice: string | number | boolean): Shape => {
  const kind = typeof choice === 'string' ? 'text' : typeof choice === 'number' ? 'number' : 'boolean';
  return scalarShape(kind, 'bounded', { choices: [String(choice)] });
};

const typeShape = (type: string, schema: JsonObject): Shape => {
  switch (type) {
    case 'string':
      return scalarShape('text', own(schema, 'format') === 'shell-word' ? 'word' : 'free', {
        kubelet: own(schema, 'format') === 'kubelet',
      });
    case 'boolean':
      return scalarShape('boolean', 'bounded', { choices: ['true', 'false'] });
    case 'array':
      return listShape(schemaShape((own(schema, 'items') ?? {}) as JsonObject));
    case 'object':
      return objectShape(schema);
    default:
      return scalarShape('number', isBounded(schema) ? 'bounded' : 'free');
  }
};

const isBounded = (schema: JsonObject): boolean =>
  (own(schema, 'minimum') ?? own(schema, 'exclusiveMinimum')) !== undefined &&
  (own(schema, 'maximum') ?? own(schema, 'exclusiveMaximum')) !== undefined;

const objectShape = (schema: JsonObject): Shape => {
  const required = (own(schema, 'required') ?? []) as readonly string[];
  const members = new Map<string, Member>();
  for (const [name, below] of Object.entries((own(schema, 'properties') ?? {}) as JsonObject)) {
    members.set(name, { shape: schemaShape(below as JsonObject), optional: !required.includes(name) });
  }
  const rest = own(schema, 'additionalProperties');
  return mapShape(members, rest === undefined || rest === false ? undefined : schemaShape(rest as JsonObject));
};
