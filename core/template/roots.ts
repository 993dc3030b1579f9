// Says which parameters a form depends on.
import type { Form } from './form.ts';

/** The parameters that a form's value comes from, those that decide about it included. */
export const rootsOf = (form: Form): ReadonlySet<string> => {
  const roots = new Set<string>();
  const visit = (part: Form): void => {
    for (const root of part.kind === 'eval' ? part.variable.roots : []) {
      roots.add(root);
    }
    for (const inner of partsOf(part)) {
      visit(inner);
    }
  };
  visit(form);
  return roots;
};

/** The forms that a form is made of. */
export const partsOf = (form: Form): readonly Form[] => {
  switch (form.kind) {
    case 'text':
      return form.parts.filter((part) => typeof part !== 'string');
    case 'list':
      return form.items;
    case 'map':
      return form.entries.flatMap(({ key, value }) => (typeof key === 'string' ? [value] : [key, value]));
    case 'if':
      return form.no === undefined ? [form.condition, form.yes] : [form.condition, form.yes, form.no];
    case 'map-each':
      return [form.over, form.body];
    case 'flatten':
    case 'words':
    case 'json':
    case 'base64':
      return [form.operand];
    default:
      return [];
  }
};
