// Walks a template's forms through the Pod and refuses what may not stand where it stands.
import { guardCommands } from './command-guard.ts';
import type { Entry, Form } from './form.ts';
import { itemPosition, listOf, mayHaveHolesInKeys, type Position } from './position.ts';
import type { Refuse } from './refuse.ts';
import { partsOf, rootsOf } from './roots.ts';
import { guardFree, guardItemKey, guardKind, guardQuantity, guardShape, knownMember } from './shape-guard.ts';

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
    case 'scalar':
      guardQuantity(form.value, position, { at: form.at, refuse: guarding.refuse });
      return;
    default:
      guardFree(form.shape, position, { at: form.at, refuse: guarding.refuse });
      guardOpaque(form, guarding.refuse);
  }
};

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
