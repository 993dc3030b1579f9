// Checks what is known of a value against what may stand at a position of a Pod.
import type { FieldType } from '../k8s/fields.ts';
import { canonicalQuantity } from '../k8s/quantity.ts';
import { hasCommand } from './command-guard.ts';
import type { ValuePath } from './parse.ts';
import { isForbidden, itemPosition, memberPosition, type Position } from './position.ts';
import type { Refuse } from './refuse.ts';
import type { Kind, Shape } from './shape.ts';

/** Where a value is written, and how to refuse it. */
export interface Here {
  readonly at: ValuePath;
  readonly refuse: Refuse;
}

/**
 * The position of a member that Kubernetes knows.
 *
 * @throws {Fault} `template.field` for another, `template.guard` for one that is not for templates
 */
export const knownMember = (position: Position, key: string, { at, refuse }: Here): Position => {
  const field = [...position.path, key].join('.');
  if (isForbidden(position, key)) {
    return refuse('guard', `${field} is not for templates`, at);
  }
  const member = memberPosition(position, key);
  return member ?? refuse('field', `Kubernetes knows no field ${field}; the API server would drop it`, at);
};

/** A quantity in another form would not be the same as what the API server makes of it. */
export const guardQuantity = (value: string | number | boolean, { type }: Position, { at, refuse }: Here): void => {
  if (type.kind === 'quantity' && canonicalQuantity(String(value)) !== value) {
    const canonical = canonicalQuantity(String(value));
    refuse('field', canonical === undefined ? 'this is no quantity' : `write this quantity as "${canonical}"`, at);
  }
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

/** A field takes values of its own kind only. */
export const guardKind = (shape: Shape, { type, path }: Position, { at, refuse }: Here): void => {
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

/** Without it the graft could not tell whether the item is there already. */
export const guardItemKey = ({ members }: Shape, { type, path, isOwn }: Position, { at, refuse }: Here): void => {
  const key = type.kind === 'object' && path.at(-1) === '[]' && isOwn !== true ? ITEM_KEYS[type.type] : undefined;
  if (key !== undefined && members?.has(key) !== true) {
    refuse('field', `an item of ${path.slice(0, -1).join('.')} needs a ${key}`, at);
  }
};

/** Below a guarded field stands only what is written in the template, or is one of a closed set. */
export const guardFree = ({ freedom }: Shape, { guarded, path }: Position, { at, refuse }: Here): void => {
  if (guarded !== undefined && (freedom === 'free' || freedom === 'word')) {
    const choose = 'declare it as enum, const, boolean or a number with both bounds, or choose with $if';
    refuse('guard', `a free value cannot stand at ${path.join('.')}, below ${guarded}; ${choose}`, at);
  }
};

/** What a parameter hands on whole is held to the same rules as what is written out. */
export const guardShape = (shape: Shape, position: Position, here: Here): void => {
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
