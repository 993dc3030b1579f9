// Finds what is constant in a template: rendered once, shared by all renderings.
import { type JsonObject, type JsonValue, setOwn } from '../json.ts';
import type { Entry, Form } from './form.ts';

/** The value of a form that has no holes; `undefined` for one that has. It is frozen. */
export const constantOf = (form: Form): JsonValue | undefined => {
  switch (form.kind) {
    case 'scalar':
      return form.value;
    case 'list': {
      const items = form.items.map(constantOf);
      return items.every((item) => item !== undefined) ? Object.freeze(items) : undefined;
    }
    case 'map':
      return constantMap(form.entries);
    default:
      return undefined;
  }
};

const constantMap = (entries: readonly Entry[]): JsonObject | undefined => {
  const object: { [key: string]: JsonValue } = {};
  for (const { key, value } of entries) {
    const inner = constantOf(value);
    if (typeof key !== 'string' || inner === undefined) {
      return undefined;
    }
    setOwn(object, key, inner);
  }
  return Object.freeze(object);
};
