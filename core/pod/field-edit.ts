// Edits the fields that are one value: scalars, whole lists, hooks.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { conflict, fieldName, type OwnedPiece } from './conflict.ts';
import { isSame } from './same.ts';

/** The fields that injections have given a value, by their path joined with NUL, which no Kubernetes name contains. */
export type FieldEdits = Map<string, OwnedPiece>;

/** The value at a path, or `undefined`; `null` is nothing. */
export const valueAt = (object: JsonObject, path: readonly string[]): JsonValue | undefined => {
  let value: JsonValue | undefined = object;
  for (const key of path) {
    if (!isObject(value)) {
      return undefined;
    }
    value = own(value, key);
  }
  return value ?? undefined;
};

/**
 * Gives a field its value, or leaves it where it says the same.
 *
 * @param prefix where `base` stands in the pod, for the message
 * @throws {ConflictError} when another injection, or under `add` the pod itself, has another value there
 */
export const editField = (
  { base, edits, prefix }: { base: JsonObject; edits: FieldEdits; prefix: readonly (string | number)[] },
  owned: OwnedPiece,
): void => {
  const { path, value, verb } = owned.piece;
  const key = path.join('\0');
  const earlier = edits.get(key);
  const there = earlier === undefined ? valueAt(base, path) : earlier.piece.value;
  if (there !== undefined && isUnchanged(there, value)) {
    return;
  }
  if (there !== undefined && (verb === 'add' || earlier !== undefined)) {
    throw conflict(owned, fieldName([...prefix, ...path]), { other: earlier?.owner });
  }
  edits.set(key, owned);
};

/** A piece that is an empty map only asks for the map to be there. */
const isUnchanged = (there: JsonValue, ours: JsonValue): boolean =>
  isObject(ours) && Object.keys(ours).length === 0 ? isObject(there) : isSame(there, ours);
