// Grafts rendered templates onto a pod and records what that takes; the pod itself is never touched.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import type { ContainerGraft, Rendered } from '../template/rendered.ts';
import { type Conflict, ConflictError, type Owner } from './conflict.ts';
import { valueAt } from './field-edit.ts';
import { createObjectEdit, editObject, type ObjectEdit } from './object-edit.ts';
import { checkPorts } from './ports.ts';
import { nameKey } from './same.ts';
import { type RecordedOperation, writeOperations } from './write-operations.ts';

/** One rendered template and whose it is. */
export interface Graft extends Owner {
  readonly rendered: Rendered;
  /** TCP ports that its containers take without declaring them. */
  readonly listens?: readonly number[];
}

/** What a graft comes to: operations, or the first conflict. */
export type Grafted = { readonly operations: readonly RecordedOperation[] } | { readonly conflict: Conflict };

/**
 * Grafts templates onto a pod, in their order. Containers blocks come before everything else, on the containers as the
 * pod has them. The cost follows the templates, not the pod: no clone, no diff.
 *
 * Invariants: the pod is not changed; grafting onto the grafted pod gives no operations; nothing of the pod is replaced
 * but by `set`.
 *
 * @throws {Fault} `template.container` when a block names a container that the pod lacks, or has twice
 */
export const graftPod = (pod: JsonObject, grafts: readonly Graft[]): Grafted => {
  const containers = new Map<string, ObjectEdit>();
  const whole = createObjectEdit(pod, []);
  try {
    for (const graft of grafts) {
      editContainers(pod, containers, graft);
    }
    for (const graft of grafts) {
      editPod(whole, graft);
    }
    checkPorts(pod, grafts);
  } catch (thrown) {
    if (thrown instanceof ConflictError) {
      return { conflict: thrown.conflict };
    }
    throw thrown;
  }
  return { operations: writeOperations([...containers.values(), whole]) };
};

const editContainers = (pod: JsonObject, edits: Map<string, ObjectEdit>, graft: Graft): void => {
  const blocks = graft.rendered.containers;
  const named = blocks.length === 0 ? undefined : namedContainers(pod);
  for (const block of blocks) {
    const edit = edits.get(block.container) ?? onlyOne(named?.get(block.container) ?? [], block);
    edits.set(block.container, edit);
    for (const piece of block.pieces) {
      editObject(edit, { owner: graft, piece }, 'last');
    }
  }
};

const editPod = (edit: ObjectEdit, graft: Graft): void => {
  const { order, pod } = graft.rendered;
  for (const piece of pod) {
    const list = piece.path.length === 2 && piece.path[0] === 'spec' ? piece.path[1] : undefined;
    const placement = list === 'containers' || list === 'initContainers' ? order[list] : 'last';
    editObject(edit, { owner: graft, piece }, placement);
  }
};

const onlyOne = (found: readonly ObjectEdit[], { container, source }: ContainerGraft): ObjectEdit => {
  const [edit] = found;
  if (edit === undefined || found.length > 1) {
    const what = edit === undefined ? 'has no container' : 'has more than one container';
    throw new Fault('template.container', `the pod ${what} "${container}"`, { at: source });
  }
  return edit;
};

/** The pod's own containers by their names; ephemeral ones are never edited. */
const namedContainers = (pod: JsonObject): ReadonlyMap<string, readonly ObjectEdit[]> => {
  const edits = ['initContainers', 'containers'].flatMap((list) => {
    const items = valueAt(pod, ['spec', list]);
    return (Array.isArray(items) ? items : []).map((item: JsonValue, index) =>
      createObjectEdit(isObject(item) ? item : {}, ['spec', list, index]),
    );
  });
  return Map.groupBy(edits, ({ base }) => nameKey(base));
};
