// Edits the pod, or one of its containers: sends each piece to the list or field it is for.
import type { JsonObject } from '../json.ts';
import type { Placement } from '../template/rendered.ts';
import { conflict, type OwnedPiece } from './conflict.ts';
import { editField, type FieldEdits, valueAt } from './field-edit.ts';
import { createListEdit, editList, type ListEdit, type ListKind } from './list-edit.ts';
import { isSameContainer, isSameMount, isSameSource, mountKey, nameKey } from './same.ts';

const CONTAINER: ListKind = { noun: 'container', key: nameKey, isSame: isSameContainer };

/** The lists that are matched by key, by their path in the pod or in a container. */
const LIST_KINDS: ReadonlyMap<string, ListKind> = new Map([
  ['spec.volumes', { noun: 'volume', key: nameKey, isSame: isSameSource }],
  ['spec.initContainers', CONTAINER],
  ['spec.containers', CONTAINER],
  ['env', { noun: 'variable', key: nameKey, isSame: isSameSource }],
  ['volumeMounts', { noun: 'mount', key: mountKey, isSame: isSameMount }],
]);

/** The lists that share one set of names. */
const CONTAINER_LISTS = ['spec.initContainers', 'spec.containers', 'spec.ephemeralContainers'];

/** The edits of the pod, or of one container. */
export interface ObjectEdit {
  readonly base: JsonObject;
  /** Where `base` stands in the pod. */
  readonly prefix: readonly (string | number)[];
  readonly lists: Map<string, ListEdit>;
  readonly fields: FieldEdits;
}

/** Begins to edit an object that stands at `prefix` in the pod. */
export const createObjectEdit = (base: JsonObject, prefix: readonly (string | number)[]): ObjectEdit => ({
  base,
  prefix,
  lists: new Map(),
  fields: new Map(),
});

/**
 * Applies one piece.
 *
 * @throws {ConflictError}
 */
export const editObject = (edit: ObjectEdit, owned: OwnedPiece, placement: Placement): void => {
  const path = owned.piece.path.join('.');
  const kind = LIST_KINDS.get(path);
  if (kind === undefined) {
    editField({ base: edit.base, edits: edit.fields, prefix: edit.prefix }, owned);
    return;
  }
  if (kind === CONTAINER) {
    refuseTakenName(edit, owned, path);
  }
  editList(listEdit(edit, path, kind), owned, placement);
};

const refuseTakenName = (edit: ObjectEdit, owned: OwnedPiece, path: string): void => {
  const name = nameKey(owned.piece.value as JsonObject);
  for (const list of CONTAINER_LISTS) {
    const there = list === path ? undefined : listEdit(edit, list, CONTAINER).entries.get(name);
    if (there !== undefined) {
      throw conflict(owned, `container "${name}"`, there.owner);
    }
  }
};

const listEdit = (edit: ObjectEdit, path: string, kind: ListKind): ListEdit => {
  const known = edit.lists.get(path);
  if (known !== undefined) {
    return known;
  }
  const created = createListEdit(kind, valueAt(edit.base, path.split('.')));
  edit.lists.set(path, created);
  return created;
};
