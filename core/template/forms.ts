// Makes forms, and knows the shape of each.

import type { Nothing, Variable } from './form.ts';
import {
  type Choice,
  type Entry,
  type Evaluation,
  type Facts,
  type Form,
  type Loop,
  mayBeAbsent,
  type Operation,
} from './form.ts';
import type { ValuePath } from './parse.ts';
import type { Refuse } from './refuse.ts';
import { anyOf, either, freest, listShape, type Member, mapShape, NOTHING, type Shape, scalarShape } from './shape.ts';

/** The most forms that a template may be made of once its fragments are expanded. */
export const MAX_FORMS = 20_000;

/** The most texts that are kept as the choices of one shape. */
const MAX_CHOICES = 64;

/** Gives a form its key and its size, and refuses a template that grows too large. */
export type Mark = (at: ValuePath, parts: readonly Form[]) => Pick<Form, 'key' | 'at' | 'size'>;

/** Creates the mark of one template. */
export const createMark = (refuse: Refuse): Mark => {
  let made = 0;
  return (at, parts) => {
    made += 1;
    let size = 1;
    for (const part of parts) {
      size += part.size;
    }
    if (made > MAX_FORMS || size > MAX_FORMS) {
      refuse('size', `with its fragments expanded the template has more than ${MAX_FORMS} forms`, at);
    }
    return { key: `#${made}`, at, size };
  };
};

const ALWAYS: ReadonlySet<string> = new Set();

const isOptional = (form: Form): boolean => mayBeAbsent(form, ALWAYS);

export const nothingForm = (mark: Mark, at: ValuePath): Nothing => ({
  ...mark(at, []),
  kind: 'nothing',
  shape: NOTHING,
  optional: true,
});

export const scalarForm = (mark: Mark, value: string | number | boolean, at: ValuePath): Form => {
  const kind = typeof value === 'string' ? 'text' : typeof value === 'number' ? 'number' : 'boolean';
  const shape = scalarShape(kind, 'constant', { choices: [String(value)] });
  return { ...mark(at, []), kind: 'scalar', value, shape, optional: false };
};

/** A text; without holes, a scalar. Constants that fragments were given become part of the constant text. */
export const textForm = (mark: Mark, parts: readonly (string | Form)[], at: ValuePath): Form => {
  const joined = joinConstants(parts);
  const [first] = joined;
  if (joined.length === 1 && typeof first === 'string') {
    return scalarForm(mark, first, at);
  }
  const holes = joined.filter((part) => typeof part !== 'string');
  const shape = scalarShape('text', freest(holes.map((hole) => hole.shape.freedom)), { choices: textChoices(joined) });
  return { ...mark(at, holes), kind: 'text', parts: joined, shape, optional: false };
};

const joinConstants = (parts: readonly (string | Form)[]): readonly (string | Form)[] => {
  const joined: (string | Form)[] = [];
  for (const part of parts.flatMap(textParts)) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') {
      joined[joined.length - 1] = last + part;
    } else {
      joined.push(part);
    }
  }
  return joined;
};

const textParts = (part: string | Form): readonly (string | Form)[] => {
  if (typeof part === 'string') {
    return [part];
  }
  return part.kind === 'text' ? part.parts : [part.kind === 'scalar' ? String(part.value) : part];
};

const textChoices = (parts: readonly (string | Form)[]): readonly string[] | undefined => {
  let choices: readonly string[] = [''];
  for (const part of parts) {
    const ends = typeof part === 'string' ? [part] : part.shape.choices;
    if (ends === undefined || choices.length * ends.length > MAX_CHOICES) {
      return undefined;
    }
    choices = choices.flatMap((begin) => ends.map((end) => begin + end));
  }
  return choices;
};

export const listForm = (mark: Mark, items: readonly Form[], at: ValuePath): Form => ({
  ...mark(at, items),
  kind: 'list',
  items,
  shape: listShape(items.length === 0 ? undefined : anyOf(items.map(({ shape }) => shape))),
  optional: false,
});

/** @param facts what is known where the map stands: a member that is present there is not optional */
export const mapForm = (
  mark: Mark,
  entries: readonly Entry[],
  { facts, at }: { readonly facts: Facts; readonly at: ValuePath },
): Form => {
  const members = new Map<string, Member>();
  const rest: Shape[] = [];
  for (const { key, value } of entries) {
    if (typeof key === 'string') {
      members.set(key, { shape: value.shape, optional: mayBeAbsent(value, facts) });
    } else {
      rest.push(value.shape);
    }
  }
  return {
    ...mark(
      at,
      entries.flatMap(({ key, value }) => (typeof key === 'string' ? [value] : [key, value])),
    ),
    kind: 'map',
    entries,
    shape: mapShape(members, rest.length === 0 ? undefined : anyOf(rest)),
    optional: false,
  };
};

/** What a variable holds, at the beginning of a path. */
export const variableForm = (
  mark: Mark,
  variable: Variable,
  { shape, optional, at }: { readonly shape: Shape; readonly optional: boolean; readonly at: ValuePath },
): Evaluation => {
  const key = `${variable.slot}`;
  const doubts = optional ? [key] : [];
  return { ...mark(at, []), kind: 'eval', key, variable, path: [], shape, optional, doubts, steps: [key] };
};

/** One step further along a path; `undefined` where the step is not declared. */
export const stepForm = (mark: Mark, form: Evaluation, name: string): Evaluation | undefined => {
  const member = form.shape.members?.get(name);
  if (member === undefined) {
    return undefined;
  }
  const key = `${form.key}.${name}`;
  const doubts = member.optional ? [...form.doubts, key] : form.doubts;
  return {
    ...mark(form.at, []),
    kind: 'eval',
    key,
    variable: form.variable,
    path: [...form.path, name],
    shape: member.shape,
    optional: doubts.length > 0,
    doubts,
    steps: [...form.steps, key],
  };
};

export const choiceForm = (mark: Mark, parts: Pick<Choice, 'condition' | 'yes' | 'no'>, at: ValuePath): Form => {
  const branches = parts.no === undefined ? [parts.yes] : [parts.yes, parts.no];
  return {
    ...mark(at, [parts.condition, ...branches]),
    ...parts,
    kind: 'if',
    shape: either(parts.yes.shape, parts.no?.shape ?? NOTHING),
    optional: parts.no === undefined || branches.some(isOptional),
  };
};

export const loopForm = (mark: Mark, parts: Pick<Loop, 'over' | 'variable' | 'body'>, at: ValuePath): Form => ({
  ...mark(at, [parts.over, parts.body]),
  ...parts,
  kind: 'map-each',
  shape: listShape(parts.body.shape),
  optional: isOptional(parts.over),
});

export const operationForm = (mark: Mark, kind: Operation['kind'], operand: Form, at: ValuePath): Form => ({
  ...mark(at, [operand]),
  kind,
  operand,
  shape: operationShape(kind, operand),
  optional: isOptional(operand),
});

const operationShape = (kind: Operation['kind'], { shape }: Form): Shape =>
  kind === 'flatten' ? listShape(shape.items?.items) : scalarShape('text', shape.freedom);
