// The objects of Kubernetes that a policy may hand on whole, as parameter schemas.
import type { JsonObject } from '../json.ts';
import { type FieldType, fieldsOf } from '../k8s/fields.ts';

const fieldSchema = (type: FieldType): JsonObject => {
  switch (type.kind) {
    case 'object':
      return objectSchema(type.type);
    case 'list':
      return { type: 'array', items: fieldSchema(type.of) };
    case 'map':
      return { type: 'object', additionalProperties: fieldSchema(type.of) };
    case 'bool':
      return { type: 'boolean' };
    case 'int':
      return { type: 'integer' };
    case 'int-or-string':
      return { type: ['integer', 'string'] };
    case 'quantity':
      return { type: 'string', format: 'quantity' };
    default:
      return { type: 'string' };
  }
};

const objectSchema = (type: string, required: readonly string[] = [], known: JsonObject = {}): JsonObject => {
  const properties = [...(fieldsOf(type) ?? [])].map(([field, kind]) => [field, known[field] ?? fieldSchema(kind)]);
  return { type: 'object', additionalProperties: false, required, properties: Object.fromEntries(properties) };
};

/** The schemas behind `$ref`. A variable's value is the pod's own text, which the kubelet is to expand as before. */
export const KUBERNETES_SCHEMAS: ReadonlyMap<string, JsonObject> = new Map([
  ['podgraft/volumeMount', objectSchema('VolumeMount', ['name', 'mountPath'])],
  ['podgraft/envVar', objectSchema('EnvVar', ['name'], { value: { type: 'string', format: 'kubelet' } })],
  ['podgraft/resources', objectSchema('ResourceRequirements')],
]);
