// Walks a template's forms through the Pod and refuses what may not stand where it stands.
import type { FieldType } from '../k8s/fields.ts';
import { guardCommands, hasCommand } from './command-guard.ts';
import type { Entry, Form } from './form.ts';
import type { ValuePath } from './parse.ts';
import { isForbidden, itemPosition, listOf, mayHaveHolesInKeys, memberPosition, type Position } from './position.ts';
import type { Refuse } from './refuse.ts';
import { partsOf, rootsOf } from './roots.ts';
import type { Kind, Shape } from './shape.ts';

/** What a walk finds. */
export interface Guarding {
  readonly refuse: Refuse;
  /** Collects the parameters that something below `securityContext` depends on. */
  readonly securityRoots: Set<string>;
}

/**
 * Checks a form and everything in it.
 *
 * @throws {Fault} `template.field` for what Kubernetes does not know there, `template.guard` for a hole where none
 *   may be
 */
export const guardForm = (form: Form, position: Position, guarding: Guarding): void => {
  if (position.guarded === 'securityContext') {
    for (const root of rootsOf(form)) {
      guarding.securityRoots.add(root);
    }
  }
  if (form.kind === 'if') {
    guardForm(form.yes, position, guarding);
    if (form.no !== undefined) {
      guardForm(form.no, position, guarding);
    }
    return;
  }
  guardKind(form.shape, position, { at: form.at, refuse: guarding.refuse });
  guardParts(form, position, guarding);
  guardCommands(form, position, guarding.refuse);
};

const guardParts = (form: Form, position: Position, guarding: Guarding): void => {
  switch (form.kind) {
    case 'map':
      guardItemKey(form.shape, position, { at: form.at, refuse: guarding.refuse });
      for (const entry of form.entries) {
        guardEntry(entry, position, guarding);
      }
      return;
    case 'list':
      for (const item of form.items) {
        guardItem(item, position, guarding);
      }
      return;
    case 'map-each':
      guardOpaque(form.over, guarding.refuse);
      guardItem(form.body, position, guarding);
      return;
    case 'flatten':
      guardForm(form.operand, listOf(position), guarding);
      return;
    case 'eval':
      guardShape(form.shape, position, { at: form.at, refuse: guarding.refuse });
      return;
    default:
      guardFree(form.shape, position, { at: form.at, refuse: guarding.refuse });
      guardOpaque(form, guarding.refuse);
  }
};

interface Here {
  readonly at: ValuePath;
  readonly refuse: Refuse;
}

const guardItem = (form: Form, position: Position, guarding: Guarding): void => {
  const item = itemPosition(position);
  if (item !== undefined) {
    guardForm(form, item, guarding);
  }
};

const guardEntry = ({ key, value, at }: Entry, position: Position, guarding: Guarding): void => {
  const { refuse } = guarding;
  if (typeof key === 'string') {
    guardForm(value, knownMember(position, key, { at, refuse }), guarding);
    return;
  }
  if (!mayHaveHolesInKeys(position)) {
    refuse('guard', 'a key has no hole, but for annotations and labels; write the keys out', at);
  }
  guardOpaque(key, refuse);
  guardForm(value, knownMember(position, '', { at, refuse }), guarding);
};

const knownMember = (position: Position, key: string, { at, refuse }: Here): Position => {
  const field = [...position.path, key].join('.');
  if (isForbidden(position, key)) {
    return refuse('guard', `${field} is not for templates`, at);
  }
  const member = memberPosition(position, key);
  return member ?? refuse('field', `Kubernetes knows no field ${field}; the API server would drop it`, at);
};

/** The texts, booleans, numbers, lists and maps that a field takes. */
const KINDS: Readonly<Record<FieldType['kind'], readonly Kind[]>> = {
  any: ['text', 'number', 'boolean', 'list', 'map'],
  bool: ['boolean'],
  int: ['number'],
  'int-or-string': ['number', 'text'],
  quantity: ['number', 'text'],
  string: ['text'],
  time: ['text'],
  list: ['list'],
  map: ['map'],
  object: ['map'],
};

const guardKind = (shape: Shape, { type, path }: Position, { at, refuse }: Here): void => {
  const stray = [...shape.kinds].find((kind) => !KINDS[type.kind].includes(kind));
  if (stray !== undefined) {
    refuse(
      'field',
      `${path.join('.') || 'a Pod'} takes a ${KINDS[type.kind].join(' or ')}, and this is a ${stray}`,
      at,
    );
  }
};

/** The member by which Kubernetes, and the graft, tell the items of a list apart. */
const ITEM_KEYS: Readonly<Record<string, string>> = {
  Container: 'name',
  Volume: 'name',
  EnvVar: 'name',
  VolumeMount: 'mountPath',
};

const guardItemKey = ({ members }: Shape, { type, path, isOwn }: Position, { at, refuse }: Here): void => {
  const key = type.kind === 'object' && path.at(-1) === '[]' && isOwn !== true ? ITEM_KEYS[type.type] : undefined;
  if (key !== undefined && members?.has(key) !== true) {
    refuse('field', `an item of ${path.slice(0, -1).join('.')} needs a ${key}`, at);
  }
};

/** Below a guarded field stands only what is written in the template, or is one of a closed set. */
const guardFree = ({ freedom }: Shape, { guarded, path }: Position, { at, refuse }: Here): void => {
  if (guarded !== undefined && (freedom === 'free' || freedom === 'word')) {
    const choose = 'declare it as enum, const, boolean or a number with both bounds, or choose with $if';
    refuse('guard', `a free value cannot stand at ${path.join('.')}, below ${guarded}; ${choose}`, at);
  }
};

/** What a parameter hands on whole is held to the same rules as what is written out. */
const guardShape = (shape: Shape, position: Position, here: Here): void => {
  guardKind(shape, position, here);
  guardFree(shape, position, here);
  const item = shape.items && itemPosition(position);
  if (shape.items !== undefined && item !== undefined) {
    guardShape(shape.items, item, here);
  }
  if (!shape.kinds.has('map')) {
    return;
  }
  guardItemKey(shape, position, here);
  guardNoCommand(shape, position, here);
  for (const [key, member] of shape.members ?? []) {
    guardShape(member.shape, knownMember(position, key, here), here);
  }
  if (shape.rest !== undefined) {
    guardRest(shape.rest, position, here);
  }
};

/** The words of a command are judged by what is written, so a parameter cannot bring a whole one. */
const guardNoCommand = ({ members }: Shape, position: Position, { at, refuse }: Here): void => {
  if (hasCommand(position) && (members?.has('command') === true || members?.has('args') === true)) {
    refuse('guard', 'a parameter cannot give a container, probe or hook its command; write the command out', at);
  }
};

const guardRest = (rest: Shape, position: Position, here: Here): void => {
  if (position.type.kind === 'object') {
    const field = position.path.join('.') || 'a Pod';
    here.refuse('guard', `${field} has fields of its own, and this map may have any key; declare its keys`, here.at);
  }
  guardShape(rest, knownMember(position, '', here), here);
};

/** Where no Pod is: in what becomes a text, and in lists that are gone through. */
const guardOpaque = (form: Form, refuse: Refuse): void => {
  if (form.kind === 'map') {
    const entry = form.entries.find(({ key }) => typeof key !== 'string');
    if (entry !== undefined) {
      refuse('guard', 'a key has no hole, but for annotations and labels; write the keys out', entry.at);
    }
  }
  for (const part of partsOf(form)) {
    guardOpaque(part, refuse);
  }
};
