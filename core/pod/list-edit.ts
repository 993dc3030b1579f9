// Edits one list whose items are matched by key: what it has, what comes new, what is replaced.
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Placement } from '../template/rendered.ts';
import { conflict, type OwnedPiece, type Owner } from './conflict.ts';
import { isSame } from './same.ts';

/** How the items of a list are matched and compared. */
export interface ListKind {
  /** What one item is called in a message. */
  readonly noun: string;
  readonly key: (item: JsonObject) => string;
  /** Whether one template may add two such items of one key: they are matched with the pod's, not with each other. */
  readonly mayRepeat: (one: JsonObject, other: JsonObject) => boolean;
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
  readonly entries: Map<string, Entry[]>;
  readonly first: OwnedPiece[];
  readonly last: OwnedPiece[];
  /** By index in the pod's own list. */
  readonly replaced: Map<number, OwnedPiece>;
}

/** Begins to edit a list. */
export const createListEdit = (kind: ListKind, path: readonly string[], original: JsonValue | undefined): ListEdit => {
  const list = Array.isArray(original) ? (original as readonly JsonValue[]) : undefined;
  const edit: ListEdit = { kind, path, original: list, entries: new Map(), first: [], last: [], replaced: new Map() };
  list?.forEach((value, index) => {
    if (isObject(value)) {
      enter(edit, { value, index });
    }
  });
  return edit;
};

const enter = ({ kind, entries }: ListEdit, entry: Entry): void => {
  const key = kind.key(entry.value);
  const known = entries.get(key);
  if (known === undefined) {
    entries.set(key, [entry]);
  } else {
    known.push(entry);
  }
};

/**
 * Puts one item into a list: new where its key is new, nothing where the same is there.
 *
 * @throws {ConflictError} when something else is there, and it isn't the pod's to be replaced by `set`
 */
export const editList = (edit: ListEdit, owned: OwnedPiece, placement: Placement): void => {
  const value = owned.piece.value as JsonObject;
  const { kind } = edit;
  const all = edit.entries.get(kind.key(value)) ?? [];
  // A pod may name a variable twice, and then the last one counts.
  const known = owned.piece.verb === 'set' ? all.slice(-1) : all;
  if (known.some((entry) => isThere(kind, entry, owned))) {
    return;
  }
  const there = known.find((entry) => !isOwnRepeat(kind, entry, owned));
  if (there === undefined) {
    enter(edit, { value, owner: owned.owner });
    edit[placement].push(owned);
    return;
  }
  if (owned.piece.verb === 'add' || there.owner !== undefined || there.index === undefined) {
    throw conflict(owned, `${kind.noun} "${kind.key(value)}"`, { other: there.owner });
  }
  edit.entries.set(kind.key(value), [{ value, owner: owned.owner, index: there.index }]);
  edit.replaced.set(there.index, owned);
};

/** What the pod has may have been defaulted or changed by others; what another injection adds in this review has not. */
const isThere = (kind: ListKind, entry: Entry, { owner, piece }: OwnedPiece): boolean =>
  entry.owner === undefined || entry.owner === owner
    ? kind.isSame(entry.value, piece.value as JsonObject)
    : isSame(entry.value, piece.value);

const isOwnRepeat = ({ mayRepeat }: ListKind, entry: Entry, { owner, piece }: OwnedPiece): boolean =>
  mayRepeat(entry.value, piece.value as JsonObject) && piece.verb === 'add' && entry.owner === owner;
