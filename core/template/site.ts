// What building a value needs to know: the template around it, the names it can use, where it stands.
import type { JsonObject, JsonValue } from '../json.ts';
import type { Form } from './form.ts';
import type { Mark } from './forms.ts';
import type { ValuePath } from './parse.ts';
import type { Refuse } from './refuse.ts';
import type { Scope } from './scope.ts';
import { isOnly, kindNames } from './shape.ts';

/** What is the same all over a template. */
export interface Building {
  readonly mark: Mark;
  readonly refuse: Refuse;
  readonly fragments: JsonObject;
  /** The names that everything in the template can use: its parameters. */
  readonly parameters: ReadonlyMap<string, Form>;
  /** Takes a new slot among a rendering's values. */
  readonly takeSlot: () => number;
  /** Told of each fragment that is used. */
  readonly onUse: (fragment: string) => void;
}

/** A value to build: the names it can use, and where it stands. */
export interface Site {
  readonly scope: Scope;
  readonly at: ValuePath;
  readonly building: Building;
}

/** The site of a part of a site's value. */
export const below = (site: Site, ...steps: ValuePath): Site => ({ ...site, at: [...site.at, ...steps] });

/** Builds the value of a site. */
export type Build = (raw: JsonValue, site: Site) => Form;

/** Builds an operator from the map that it stands in. */
export type BuildOperator = (raw: JsonObject, site: Site, build: Build) => Form;

/** Refuses every key beside the operator that does not belong to it; the operator's own is the first. */
export const only = (raw: JsonObject, keys: readonly string[], { building: { refuse }, at }: Site): void => {
  for (const key of Object.keys(raw)) {
    if (!keys.includes(key)) {
      refuse('form', `"${key}" cannot stand beside ${keys[0]}; only ${keys.slice(1).join(', ') || 'nothing'} can`, [
        ...at,
        key,
      ]);
    }
  }
};

/** Refuses a form that can yield anything but a list, or a text. */
export const requireKind = (form: Form, kind: 'list' | 'text', { building: { refuse }, at }: Site): void => {
  if (!isOnly(form.shape, kind)) {
    refuse('form', `this is a ${kindNames(form.shape)}, not a ${kind}`, at);
  }
};
