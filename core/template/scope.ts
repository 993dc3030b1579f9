// Resolves paths: what a name stands for, and what is known about it there.
import { type Evaluation, type Facts, type Form, mayBeAbsent } from './form.ts';
import { choiceForm, type Mark, nothingForm, stepForm } from './forms.ts';
import type { ValuePath } from './parse.ts';
import type { Refuse } from './refuse.ts';
import { splitPath } from './text.ts';

/** The names that a value can use. */
export interface Scope {
  readonly names: ReadonlyMap<string, Form>;
  readonly facts: Facts;
  /** The fragments being expanded. */
  readonly using: readonly string[];
}

/** What resolving needs. */
export interface Resolving {
  readonly mark: Mark;
  readonly refuse: Refuse;
}

/**
 * Resolves a path.
 *
 * @throws {Fault} `template.path` for a path that nothing declares
 */
export const resolvePath = (
  text: unknown,
  scope: Scope,
  { mark, refuse, at }: Resolving & { readonly at: ValuePath },
): Form => {
  const [head, ...steps] = (typeof text === 'string' ? splitPath(text) : undefined) ?? [];
  if (head === undefined) {
    return refuse('form', `${JSON.stringify(text)} is no path: names joined by dots ($\${ is a literal \${)`, at);
  }
  const bound = scope.names.get(head);
  if (bound === undefined) {
    return refuse('path', `"${head}" is not declared; declared are ${[...scope.names.keys()].join(', ')}`, at);
  }
  let form: Form = bound.kind === 'eval' ? { ...bound, at } : bound;
  let walked = head;
  for (const name of steps) {
    const next = step(form, name, mark);
    form = next ?? refuse('path', `"${walked}" declares no "${name}"${declared(form)}`, at);
    walked = `${walked}.${name}`;
  }
  return form;
};

const declared = ({ shape: { members } }: Form): string =>
  members === undefined || members.size === 0 ? '' : `; it declares ${[...members.keys()].join(', ')}`;

const step = (form: Form, name: string, mark: Mark): Form | undefined => {
  switch (form.kind) {
    case 'eval':
      return stepForm(mark, form as Evaluation, name);
    case 'nothing':
      return form;
    case 'map':
      return form.entries.find(({ key }) => key === name)?.value;
    case 'if': {
      const yes = step(form.yes, name, mark);
      const no = form.no === undefined ? nothingForm(mark, form.at) : step(form.no, name, mark);
      const made = yes && no && choiceForm(mark, { condition: form.condition, yes, no }, form.at);
      return made && { ...made, key: `${form.key}.${name}` };
    }
    default:
      return undefined;
  }
};

/**
 * Checks that a form that a text needs is there.
 *
 * @throws {Fault} `template.path`
 */
export const requirePresent = (
  form: Form,
  name: string,
  { scope, refuse, at }: { readonly scope: Scope; readonly refuse: Refuse; readonly at: ValuePath },
): void => {
  if (mayBeAbsent(form, scope.facts)) {
    refuse('path', `"${name}" may be absent; put the text inside {$if: ${name}, then: …}`, at);
  }
};
