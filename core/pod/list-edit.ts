// Edits one list whose items are matched by key: what it has, what comes new, what is replaced.
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Placement } from '../template/rendered.ts';
import { conflict, type OwnedPiece, type Owner } from './conflict.ts';

/** How the items of a list are matched and compared. */
export interface ListKind {
  /** What one item is called in a message. */
  readonly noun: string;
  readonly key: (item: JsonObject) => string;
  readonly isSame: (there: JsonObject, ours: JsonObject) => boolean;
}

/** An item of the list as edited. `index` is its place in the pod's own list; absent: it is new. */
interface Entry {
  readonly value: JsonObject;
  readonly owner?: Owner;
  readonly index?: number;
}

/** The edits of one list. Built when the first piece reaches the list; untouched lists cost nothing. */
export interface ListEdit {
  readonly kind: ListKind;
  /** Where the list stands in the pod, or in the container. */
  readonly path: readonly string[];
  /** `undefined` where the pod has no such list. */
  readonly original: readonly JsonValue[] | undefined;
  readonly entries: Map<string, Entry>;
  readonly first: OwnedPiece[];
  readonly last: OwnedPiece[];
  /** By index in the pod's own list. */
  readonly replaced: Map<number, OwnedPiece>;
}

/** Begins to edit a list. */
export const createListEdit = (kind: ListKind, path: readonly string[], original: JsonValue | undefined): ListEdit => {
  const list = Array.isArray(original) ? (original as readonly JsonValue[]) : undefined;
  const entries = new Map<string, Entry>();
  list?.forEach((value, index) => {
    if (isObject(value)) {
      entries.set(kind.key(value), { value, index });
    }
  });
  return { kind, path, original: list, entries, first: [], last: [], replaced: new Map() };
};

/**
 * Puts one item into a list: new where its key is new, nothing where the same is there.
 *
 * @throws {ConflictError} when something else is there, and it isn't the pod's to be replaced by `set`
 */
export const editList = (edit: ListEdit, owned: OwnedPiece, placement: Placement): void => {
  const value = owned.piece.value as JsonObject;
  const key = edit.kind.key(value);
  const there = edit.entries.get(key);
  if (there === undefined) {
    edit.entries.set(key, { value, owner: owned.owner });
    edit[placement].push(owned);
    return;
  }
  if (edit.kind.isSame(there.value, value)) {
    return;
  }
  if (owned.piece.verb === 'add' || there.owner !== undefined || there.index === undefined) {
    throw conflict(owned, `${edit.kind.noun} "${key}"`, there.owner);
  }
  edit.entries.set(key, { value, owner: owned.owner, index: there.index });
  edit.replaced.set(there.index, owned);
};
