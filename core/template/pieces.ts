// Compiles what a template adds or sets to closures that emit pieces, each at the grain of its verb.
import { isObject, type JsonValue } from '../json.ts';
import type { Entry, Form } from './form.ts';
import type { Frame } from './frame.ts';
import type { ValuePath } from './parse.ts';
import { itemPosition, memberPosition, type Position } from './position.ts';
import { compileCondition, compileRender } from './render.ts';
import type { Piece, Source } from './rendered.ts';

/** Emits the pieces of one form. */
export type Emit = (frame: Frame, pieces: Piece[]) => void;

/** Where a form's pieces go. */
export interface Target {
  readonly verb: Piece['verb'];
  /** From the pod, or from the container that a block is about. */
  readonly path: readonly string[];
  readonly position: Position;
  readonly sourceOf: (at: ValuePath) => Source;
}

/** The lists whose items are matched by a key, and the maps that are one value; by path, from pod or container. */
const KEYED_LISTS: ReadonlySet<string> = new Set([
  'spec.containers',
  'spec.initContainers',
  'spec.volumes',
  'env',
  'volumeMounts',
]);
const WHOLE_MAPS: ReadonlySet<string> = new Set(['lifecycle.postStart', 'lifecycle.preStop']);

const isKeyedList = (path: readonly string[]): boolean => KEYED_LISTS.has(path.join('.'));
const isWholeMap = (path: readonly string[]): boolean => WHOLE_MAPS.has(path.join('.'));

/** Compiles a form that stands at the target's path. */
export const compilePieces = (form: Form, target: Target): Emit => {
  switch (form.kind) {
    case 'nothing':
      return () => {};
    case 'if': {
      const condition = compileCondition(form.condition);
      const yes = compilePieces(form.yes, target);
      const no = form.no && compilePieces(form.no, target);
      return (frame, pieces) => (condition(frame) ? yes(frame, pieces) : no?.(frame, pieces));
    }
    case 'map':
      return form.entries.length === 0 || isWholeMap(target.path)
        ? compileValue(form, target)
        : sequence(form.entries.map((entry) => compileEntry(entry, target)));
    case 'list':
      return isKeyedList(target.path)
        ? sequence(form.items.map((item) => compileItem(item, target)))
        : compileValue(form, target);
    case 'flatten':
      return isKeyedList(target.path) && form.operand.kind === 'list'
        ? sequence(form.operand.items.map((list) => compilePieces(list, target)))
        : compileValue(form, target);
    default:
      return compileValue(form, target);
  }
};

const sequence =
  (emits: readonly Emit[]): Emit =>
  (frame, pieces) => {
    for (const emit of emits) {
      emit(frame, pieces);
    }
  };

const compileEntry = ({ key, value }: Entry, target: Target): Emit => {
  const position = memberPosition(target.position, typeof key === 'string' ? key : '') ?? target.position;
  if (typeof key === 'string') {
    return compilePieces(value, { ...target, path: [...target.path, key], position });
  }
  // Only annotations and labels have such keys, and their values are texts.
  const name = compileRender(key, undefined);
  const render = compileRender(value, position);
  const { verb, path } = target;
  const source = target.sourceOf(value.at);
  return (frame, pieces) => {
    const rendered = render(frame);
    if (rendered !== undefined) {
      pieces.push({ verb, path: [...path, String(name(frame))], value: rendered, source });
    }
  };
};

/** An item of a keyed list is one piece. */
const compileItem = (form: Form, { verb, path, position, sourceOf }: Target): Emit => {
  if (form.kind === 'if') {
    const condition = compileCondition(form.condition);
    const yes = compileItem(form.yes, { verb, path, position, sourceOf });
    const no = form.no && compileItem(form.no, { verb, path, position, sourceOf });
    return (frame, pieces) => (condition(frame) ? yes(frame, pieces) : no?.(frame, pieces));
  }
  const render = compileRender(form, itemPosition(position));
  const source = sourceOf(form.at);
  return (frame, pieces) => {
    const value = render(frame);
    if (value !== undefined) {
      pieces.push({ verb, path, value, source });
    }
  };
};

const compileValue = (form: Form, { verb, path, position, sourceOf }: Target): Emit => {
  const render = compileRender(form, position);
  const source = sourceOf(form.at);
  return (frame, pieces) => {
    const value = render(frame);
    if (value !== undefined) {
      emitValue(value, { verb, path, source }, pieces);
    }
  };
};

/** A value that a parameter gave is taken apart like one that is written out. */
const emitValue = (value: JsonValue, piece: Omit<Piece, 'value'>, pieces: Piece[]): void => {
  if (Array.isArray(value) && isKeyedList(piece.path)) {
    for (const item of value as readonly JsonValue[]) {
      pieces.push({ ...piece, value: item });
    }
    return;
  }
  const keys = isObject(value) && !isWholeMap(piece.path) ? Object.keys(value) : [];
  if (!isObject(value) || keys.length === 0) {
    pieces.push({ ...piece, value });
    return;
  }
  for (const key of keys) {
    emitValue(value[key] ?? null, { ...piece, path: [...piece.path, key] }, pieces);
  }
};
