// Reads nulls as the API server does when it decodes a Pod: an absent field, an empty text, an empty object.
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { type FieldType, fieldType } from './fields.ts';

/**
 * Returns a Pod, or another object of a type in it, without nulls: a field that is null goes, an item of a list or a
 * value of a map that is null becomes what Go's zero value is (`""` in annotations, `{}` for a container). Inside fields
 * that Kubernetes does not know nothing changes. The object itself is returned where it has no nulls.
 */
export const resolveNulls = (value: JsonObject, type = 'Pod'): JsonObject =>
  resolveMembers(value, (key, member) => {
    const field = fieldType(type, key);
    return field === undefined || member === null ? (member ?? undefined) : resolve(member, field);
  });

const resolveMembers = (
  value: JsonObject,
  change: (key: string, member: JsonValue) => JsonValue | undefined,
): JsonObject => {
  const entries = Object.entries(value);
  const changed = entries.flatMap(([key, member]): [string, JsonValue][] => {
    const resolved = change(key, member);
    return resolved === undefined ? [] : [[key, resolved]];
  });
  const same =
    changed.length === entries.length && changed.every(([, member], index) => member === entries[index]?.[1]);
  return same ? value : Object.fromEntries(changed);
};

const resolve = (value: JsonValue, type: FieldType): JsonValue => {
  if (type.kind === 'object' && isObject(value)) {
    return resolveNulls(value, type.type);
  }
  if (type.kind === 'list' && Array.isArray(value)) {
    const items = value as readonly JsonValue[];
    const resolved = items.map((item) => resolve(item ?? zeroOf(type.of), type.of));
    return resolved.every((item, index) => item === items[index]) ? items : resolved;
  }
  if (type.kind === 'map' && isObject(value)) {
    return resolveMembers(value, (_key, member) => resolve(member ?? zeroOf(type.of), type.of));
  }
  return value;
};

const zeroOf = (type: FieldType): JsonValue => {
  switch (type.kind) {
    case 'object':
    case 'map':
      return {};
    case 'list':
      return [];
    case 'bool':
      return false;
    case 'int':
    case 'int-or-string':
      return 0;
    case 'quantity':
      return '0';
    default:
      return '';
  }
};
