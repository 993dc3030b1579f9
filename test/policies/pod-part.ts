// Finds parts of a pod.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

/** The members of a list that are objects; none where there is no list. */
export const objectsAt = (object: JsonObject, ...path: readonly string[]): readonly JsonObject[] => {
  const list = path.reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    object,
  );
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** A container or init container, by its name. */
export const containerOf = (pod: JsonObject, name: string): JsonObject => {
  const all = [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')];
  const found = all.find((container) => own(container, 'name') === name);
  if (found === undefined) {
    throw new Error(`the pod has no container ${name}`);
  }
  return found;
};
