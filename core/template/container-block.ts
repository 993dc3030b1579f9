// Compiles a containers block: what happens to each container of the pod that a parameter names.
import { isObject, type JsonValue, own } from '../json.ts';
import { buildForm } from './build.ts';
import { guardBlockCommands } from './command-guard.ts';
import { checkKeys } from './document.ts';
import type { Evaluation, Form, Variable } from './form.ts';
import { variableForm } from './forms.ts';
import { charge, type Frame } from './frame.ts';
import { type Guarding, guardForm } from './guard.ts';
import type { ValuePath } from './parse.ts';
import { compilePieces, type Emit } from './pieces.ts';
import { CONTAINER } from './position.ts';
import { compileRender } from './render.ts';
import type { ContainerGraft, Source } from './rendered.ts';
import { resolvePath } from './scope.ts';
import { guardSet } from './set-guard.ts';
import { isOnly } from './shape.ts';
import type { Site } from './site.ts';
import { isName } from './text.ts';

/** A block, built. */
export interface Block {
  readonly each: Form;
  readonly variable: Variable;
  readonly set: Form | undefined;
  readonly add: Form | undefined;
  readonly at: ValuePath;
}

/** Emits one graft for each container that the parameter names. */
export type RenderBlock = (frame: Frame, grafts: ContainerGraft[]) => void;

/**
 * Builds one block.
 *
 * @throws {Fault} `template.form` where `each` names no map of containers or `as` no new name
 */
export const buildBlock = (raw: JsonValue, site: Site): Block => {
  const { scope, building, at } = site;
  const { mark, refuse } = building;
  if (!isObject(raw)) {
    return refuse('form', 'a block is {each: a parameter, as: a name, set: {…}, add: {…}}', at);
  }
  checkKeys(raw, ['each', 'as', 'set', 'add'], { path: at, refuse });
  const each = resolvePath(raw['each'], scope, { mark, refuse, at: [...at, 'each'] });
  const { rest } = each.shape;
  if (each.kind !== 'eval' || rest === undefined || !isOnly(each.shape, 'map')) {
    return refuse('form', 'each names no map: container names as keys, under additionalProperties', [...at, 'each']);
  }
  const name = raw['as'];
  if (typeof name !== 'string' || !isName(name) || scope.names.has(name)) {
    return refuse('form', 'as is a new name for what a container gets', [...at, 'as']);
  }
  const variable = { name, slot: building.takeSlot(), roots: each.variable.roots };
  const item: Evaluation = variableForm(mark, variable, { shape: rest, optional: false, at: [...at, 'as'] });
  const inside = { ...scope, names: new Map<string, Form>([...scope.names, [name, item]]) };
  const build = (verb: 'set' | 'add') => {
    const value = own(raw, verb);
    return value === undefined ? undefined : buildForm(value, { scope: inside, building, at: [...at, verb] });
  };
  return { each, variable, set: build('set'), add: build('add'), at };
};

/**
 * Checks a block.
 *
 * @throws {Fault} `template.guard` or `template.field`
 */
export const guardBlock = ({ set, add, at }: Block, guarding: Guarding): void => {
  for (const form of [set, add]) {
    if (form !== undefined) {
      guardForm(form, CONTAINER, guarding);
    }
  }
  guardSet(set, 'container', guarding.refuse);
  guardBlockCommands(set, add, { refuse: guarding.refuse, at });
};

/** Compiles a block. */
export const compileBlock = (block: Block, sourceOf: (at: ValuePath) => Source): RenderBlock => {
  const read = compileRender(block.each, undefined);
  const emits: Emit[] = [];
  for (const verb of ['set', 'add'] as const) {
    const form = block[verb];
    if (form !== undefined) {
      emits.push(compilePieces(form, { verb, path: [], position: CONTAINER, sourceOf }));
    }
  }
  const source = sourceOf(block.at);
  const { slot } = block.variable;
  return (frame, grafts) => {
    const containers = read(frame);
    if (!isObject(containers)) {
      return;
    }
    for (const container of Object.keys(containers)) {
      charge(frame, 1);
      frame.values[slot] = own(containers, container);
      const graft = { container, pieces: [], source };
      for (const emit of emits) {
        emit(frame, graft.pieces);
      }
      grafts.push(graft);
    }
  };
};
