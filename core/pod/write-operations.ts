// Turns the recorded edits into the operations of the smallest JSON Patch.
import { isObject, type JsonObject, type JsonValue, own, pointer, setOwn } from '../json.ts';
import type { Operation } from '../patch/operation.ts';
import type { Source } from '../template/rendered.ts';
import type { OwnedPiece } from './conflict.ts';
import { valueAt } from './field-edit.ts';
import type { ListEdit } from './list-edit.ts';
import type { ObjectEdit } from './object-edit.ts';

/** An operation with the template line that asked for it. */
export interface RecordedOperation {
  readonly operation: Operation;
  readonly system: string;
  readonly template: string;
  readonly source: Source;
}

/** Objects that the patch itself creates, by their pointer: later fields go into them. */
type Created = Map<string, Record<string, JsonValue>>;

/** The fields that come behind the lists, as people read a pod: lists of the spec, then single fields. */
export const writeOperations = (edits: readonly ObjectEdit[]): readonly RecordedOperation[] => {
  const operations: RecordedOperation[] = [];
  const created: Created = new Map();
  for (const edit of edits) {
    for (const list of edit.lists.values()) {
      writeList({ operations, created, edit }, list);
    }
    for (const owned of edit.fields.values()) {
      writeValue({ operations, created, edit }, owned.piece.path, { owned, value: owned.piece.value });
    }
  }
  return operations;
};

interface Writer {
  readonly operations: RecordedOperation[];
  readonly created: Created;
  readonly edit: ObjectEdit;
}

const writeList = (writer: Writer, list: ListEdit): void => {
  const { path } = list;
  const added = [...list.first, ...list.last];
  const head = added[0];
  if (list.original === undefined) {
    if (head !== undefined) {
      writeValue(writer, path, { owned: head, value: added.map(({ piece }) => piece.value) });
    }
    return;
  }
  const at = pointer([...writer.edit.prefix, ...path]);
  for (const [index, owned] of list.replaced) {
    record(writer, { op: 'replace', path: `${at}/${index}`, value: owned.piece.value }, owned);
  }
  list.first.forEach((owned, index) => {
    record(writer, { op: 'add', path: `${at}/${index}`, value: owned.piece.value }, owned);
  });
  for (const owned of list.last) {
    record(writer, { op: 'add', path: `${at}/-`, value: owned.piece.value }, owned);
  }
};

/** Writes one value; maps that are missing on the way to it are added once, with all that goes into them. */
const writeValue = (
  writer: Writer,
  path: readonly string[],
  { owned, value }: { owned: OwnedPiece; value: JsonValue },
): void => {
  const depth = presentDepth(writer.edit.base, path);
  const at = pointer([...writer.edit.prefix, ...path.slice(0, depth + 1)]);
  const rest = path.slice(depth + 1);
  const known = writer.created.get(at);
  if (known !== undefined) {
    assign(known, rest, value);
    return;
  }
  const there = valueAt(writer.edit.base, path.slice(0, depth + 1));
  let whole = value;
  if (rest.length > 0) {
    const object: Record<string, JsonValue> = {};
    assign(object, rest, value);
    writer.created.set(at, object);
    whole = object;
  }
  record(writer, { op: there === undefined ? 'add' : 'replace', path: at, value: whole }, owned);
};

/** How many keys of a path lead through maps that are there; the value is written below the last of them. */
const presentDepth = (base: JsonObject, path: readonly string[]): number => {
  let parent: JsonObject = base;
  for (const [depth, key] of path.entries()) {
    const there = own(parent, key);
    if (!isObject(there)) {
      return depth;
    }
    parent = there;
  }
  return path.length - 1;
};

const assign = (object: Record<string, JsonValue>, path: readonly string[], value: JsonValue): void => {
  let parent = object;
  for (const [depth, key] of path.entries()) {
    if (depth === path.length - 1) {
      setOwn(parent, key, value);
      return;
    }
    const there = own(parent, key);
    const next = isObject(there) ? (there as Record<string, JsonValue>) : {};
    setOwn(parent, key, next);
    parent = next;
  }
};

const record = (writer: Writer, operation: Operation, { owner, piece }: OwnedPiece): void => {
  writer.operations.push({ operation, system: owner.system, template: owner.template, source: piece.source });
};
