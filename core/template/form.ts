// Forms: a template's values with every name resolved and every fragment expanded.
import type { ValuePath } from './parse.ts';
import type { Shape } from './shape.ts';

/** What a path can begin with: a parameter, or what a loop or a containers block binds. */
export interface Variable {
  readonly name: string;
  readonly slot: number;
  /** The parameters that its value comes from. */
  readonly roots: ReadonlySet<string>;
}

interface Common {
  /** Tells forms apart; an `eval` has one for each variable and path. */
  readonly key: string;
  /** Where it is written. */
  readonly at: ValuePath;
  /** How many forms it is made of, shared ones counted each time. */
  readonly size: number;
  readonly shape: Shape;
  /** Whether it may yield nothing, whatever is known where it stands. */
  readonly optional: boolean;
}

/** Yields nothing: what is left of an `$if` that is known to be no. */
export interface Nothing extends Common {
  readonly kind: 'nothing';
}

/** A constant. */
export interface Scalar extends Common {
  readonly kind: 'scalar';
  readonly value: string | number | boolean;
}

/** A text with holes. */
export interface Text extends Common {
  readonly kind: 'text';
  readonly parts: readonly (string | Form)[];
}

/** A list as written. */
export interface List extends Common {
  readonly kind: 'list';
  readonly items: readonly Form[];
}

/** A member of a map as written; its key is a text, with holes or without. */
export interface Entry {
  readonly key: string | Form;
  readonly value: Form;
  readonly at: ValuePath;
}

/** A map as written. */
export interface Mapping extends Common {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
}

/** `$eval`: the value at a path. */
export interface Evaluation extends Common {
  readonly kind: 'eval';
  readonly variable: Variable;
  readonly path: readonly string[];
  /** The keys of the steps of the path that may be absent, the path's own included. */
  readonly doubts: readonly string[];
  /** The keys of all its steps: presence of the last is presence of all. */
  readonly steps: readonly string[];
}

/** `$if`. */
export interface Choice extends Common {
  readonly kind: 'if';
  readonly condition: Form;
  readonly yes: Form;
  readonly no: Form | undefined;
}

/** `$map`. */
export interface Loop extends Common {
  readonly kind: 'map-each';
  readonly over: Form;
  readonly variable: Variable;
  readonly body: Form;
}

/** `$flatten`, `$words`, `$json` and `$base64`: one operand. */
export interface Operation extends Common {
  readonly kind: 'flatten' | 'words' | 'json' | 'base64';
  readonly operand: Form;
}

/** A value of a template, ready to be checked and compiled. */
export type Form = Nothing | Scalar | Text | List | Mapping | Evaluation | Choice | Loop | Operation;

/** What is known where a form stands: the keys of forms that are present there. */
export type Facts = ReadonlySet<string>;

/** Tells whether a form may yield nothing where these facts hold. */
export const mayBeAbsent = (form: Form, facts: Facts): boolean => {
  if (!form.optional || facts.has(form.key)) {
    return false;
  }
  switch (form.kind) {
    case 'eval':
      return form.doubts.some((doubt) => !facts.has(doubt));
    case 'if':
      if (facts.has(form.condition.key)) {
        return mayBeAbsent(form.yes, facts);
      }
      return form.no === undefined || mayBeAbsent(form.yes, facts) || mayBeAbsent(form.no, facts);
    case 'map-each':
      return mayBeAbsent(form.over, facts);
    case 'flatten':
    case 'words':
    case 'json':
    case 'base64':
      return mayBeAbsent(form.operand, facts);
    default:
      return true;
  }
};

/** The facts that hold where a form is known to be present: what it is a part of is, too, and what it is chosen by. */
export const withPresent = (facts: Facts, form: Form): Facts => {
  const known = new Set([...facts, form.key, ...(form.kind === 'eval' ? form.steps : [])]);
  const isYes = form.kind === 'if' && (form.no === undefined || form.no.kind === 'nothing');
  return isYes ? withPresent(withPresent(known, form.condition), form.yes) : known;
};
