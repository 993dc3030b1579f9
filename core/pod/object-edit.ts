// Edits the pod, or one of its containers: sends each piece to the list or field it is for.
import { isObject, type JsonObject, own } from '../json.ts';
import type { Placement } from '../template/rendered.ts';
import { conflict, type OwnedPiece, type Owner } from './conflict.ts';
import { editField, type FieldEdits, valueAt } from './field-edit.ts';
import { createListEdit, editList, type ListEdit, type ListKind } from './list-edit.ts';
import { hasOtherPath, isSameContainer, isSameMount, isSameSource, mountKey, nameKey } from './same.ts';

const never = (): boolean => false;

const CONTAINER: ListKind = { noun: 'container', key: nameKey, mayRepeat: never, isSame: isSameContainer };

/** The lists below a pod's `spec` that are matched by key. */
const POD_LISTS: Readonly<Record<string, ListKind>> = {
  volumes: { noun: 'volume', key: nameKey, mayRepeat: never, isSame: isSameSource },
  initContainers: CONTAINER,
  containers: CONTAINER,
};

/** The lists of a container that are matched by key. */
const LISTS_OF_A_CONTAINER: Readonly<Record<string, ListKind>> = {
  env: { noun: 'variable', key: nameKey, mayRepeat: () => true, isSame: isSameSource },
  volumeMounts: { noun: 'mount', key: mountKey, mayRepeat: hasOtherPath, isSame: isSameMount },
};

/** What a container runs is made of both; two injections that each replace one would run neither's. */
const RUN = ['command', 'args'];

/** The lists that share one set of names. */
const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'];

/** The edits of the pod, or of one container. */
export interface ObjectEdit {
  readonly base: JsonObject;
  /** Where `base` stands in the pod. */
  readonly prefix: readonly (string | number)[];
  /** By the list's own name. */
  readonly lists: Map<string, ListEdit>;
  readonly fields: FieldEdits;
  /** The injections that say what the container runs. */
  readonly runners: Set<Owner>;
}

/** Begins to edit an object that stands at `prefix` in the pod. */
export const createObjectEdit = (base: JsonObject, prefix: readonly (string | number)[]): ObjectEdit => ({
  base,
  prefix,
  lists: new Map(),
  fields: new Map(),
  runners: new Set(),
});

/**
 * Applies one piece.
 *
 * @throws {ConflictError}
 */
export const editObject = (edit: ObjectEdit, owned: OwnedPiece, placement: Placement): void => {
  const { path } = owned.piece;
  const name = path.at(-1) ?? '';
  const kind = kindOf(edit, path, name);
  if (kind === undefined) {
    refuseSecondRunner(edit, owned);
    editField({ base: edit.base, edits: edit.fields, prefix: edit.prefix }, owned);
    return;
  }
  if (kind === CONTAINER) {
    refuseTakenName(edit, owned, name);
    refuseRepeatedMount(owned);
  }
  editList(listEdit(edit, name, { path, kind }), owned, placement);
};

const kindOf = (edit: ObjectEdit, path: readonly string[], name: string): ListKind | undefined => {
  if (edit.prefix.length > 0) {
    return path.length === 1 ? own(LISTS_OF_A_CONTAINER, name) : undefined;
  }
  return path.length === 2 && path[0] === 'spec' ? own(POD_LISTS, name) : undefined;
};

const refuseTakenName = (edit: ObjectEdit, owned: OwnedPiece, list: string): void => {
  const name = nameKey(owned.piece.value as JsonObject);
  for (const other of CONTAINER_LISTS) {
    if (other === list) {
      continue;
    }
    const there = listEdit(edit, other, { path: ['spec', other], kind: CONTAINER }).entries.get(name)?.[0];
    if (there !== undefined) {
      throw conflict(owned, `container "${name}"`, { other: there.owner });
    }
  }
};

/** Only `set` makes a second one: the pod's own command is the system's to replace. */
const refuseSecondRunner = (edit: ObjectEdit, owned: OwnedPiece): void => {
  const { path } = owned.piece;
  if (edit.prefix.length === 0 || path.length > 1 || !RUN.includes(path[0] ?? '')) {
    return;
  }
  const other = [...edit.runners].find((runner) => runner !== owned.owner);
  if (other !== undefined) {
    const what = `what the container "${nameKey(edit.base)}" runs`;
    throw conflict(owned, what, { other, why: 'does so already' });
  }
  edit.runners.add(owned.owner);
};

/** The API server refuses such a container. */
const refuseRepeatedMount = (owned: OwnedPiece): void => {
  const container = owned.piece.value as JsonObject;
  const mounts = own(container, 'volumeMounts');
  const seen = new Set<unknown>();
  const repeated = (Array.isArray(mounts) ? mounts.filter(isObject) : [])
    .map((mount) => own(mount, 'mountPath'))
    .find((path) => seen.size === seen.add(path).size);
  if (repeated !== undefined) {
    const why = `mounts two volumes at ${String(repeated)} there`;
    throw conflict(owned, `container "${nameKey(container)}"`, { other: owned.owner, why });
  }
};

const listEdit = (
  edit: ObjectEdit,
  name: string,
  { path, kind }: { path: readonly string[]; kind: ListKind },
): ListEdit => {
  const known = edit.lists.get(name);
  if (known !== undefined) {
    return known;
  }
  const created = createListEdit(kind, path, valueAt(edit.base, path));
  edit.lists.set(name, created);
  return created;
};
