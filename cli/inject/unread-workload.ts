// Finds objects of kinds that are not known here, and describe pods all the same.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import type { Path } from './manifest.ts';
import { findWorkloads } from './workload.ts';

/** An object that passes through though pods may be made of it, such as an Argo Rollout. */
export interface UnreadWorkload {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** Where the object stands in its document. */
  readonly path: Path;
}

/** How deep below an object the containers of its pods are looked for. */
const DEPTH = 8;

/** Finds them in a document, those in the items of a List among them. */
export const findUnreadWorkloads = (value: JsonValue, path: Path = []): readonly UnreadWorkload[] => {
  if (!isObject(value)) {
    return [];
  }
  const items = own(value, 'items');
  const kind = textAt(value, 'kind');
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item: JsonValue, index) => findUnreadWorkloads(item, [...path, 'items', index]));
  }
  if (findWorkloads(value).length > 0 || !hasContainers(value, DEPTH)) {
    return [];
  }
  const metadata = own(value, 'metadata');
  const name = isObject(metadata) ? textAt(metadata, 'name') || textAt(metadata, 'generateName') : '';
  return [{ kind, apiVersion: textAt(value, 'apiVersion'), name, path }];
};

const hasContainers = (value: JsonValue, depth: number): boolean => {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    return false;
  }
  const containers = isObject(value) ? own(value, 'containers') : undefined;
  return (
    (Array.isArray(containers) && containers.some(isContainer)) ||
    Object.values(value).some((member: JsonValue) => hasContainers(member, depth - 1))
  );
};

const isContainer = (value: JsonValue): boolean => isObject(value) && textAt(value, 'image') !== '';

const textAt = (object: JsonObject, key: string): string => {
  const value = own(object, key);
  return typeof value === 'string' ? value : '';
};
