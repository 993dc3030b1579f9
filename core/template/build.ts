// Builds forms from a template's values: resolves every name and expands every fragment.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import type { Entry, Form } from './form.ts';
import { listForm, mapForm, scalarForm, textForm } from './forms.ts';
import { OPERATORS } from './operators.ts';
import { requirePresent, resolvePath } from './scope.ts';
import { isScalarShape, kindNames } from './shape.ts';
import { below, type Site } from './site.ts';
import { splitText } from './text.ts';

/**
 * Builds one value.
 *
 * @throws {Fault} `template.form` for what is no form, `template.path` for a name that is not declared or may be
 *   absent, `template.size` when its fragments expand too far
 */
export const buildForm = (raw: JsonValue, site: Site): Form => {
  const { mark, refuse } = site.building;
  if (raw === null) {
    return refuse('form', 'there is no null in a template; leave the key out', site.at);
  }
  if (typeof raw === 'string') {
    return buildText(raw, site);
  }
  if (typeof raw !== 'object') {
    return scalarForm(mark, raw, site.at);
  }
  if (isObject(raw)) {
    return buildMapOrOperator(raw, site);
  }
  return listForm(
    mark,
    raw.map((item, index) => buildForm(item, below(site, index))),
    site.at,
  );
};

const buildText = (raw: string, site: Site): Form => {
  const { mark, refuse } = site.building;
  const parts = splitText(raw);
  if (parts === undefined) {
    return refuse('form', 'a hole ${ is not closed by }; a literal ${ is written $${', site.at);
  }
  return textForm(
    mark,
    parts.map((part) => (typeof part === 'string' ? part : buildHole(part.path, site))),
    site.at,
  );
};

const buildHole = (path: string, { scope, at, building: { mark, refuse } }: Site): Form => {
  const form = resolvePath(path, scope, { mark, refuse, at });
  requirePresent(form, path, { scope, refuse, at });
  if (!isScalarShape(form.shape)) {
    refuse('form', `"${path}" is a ${kindNames(form.shape)}, which no text can hold; use $eval or $json`, at);
  }
  return form;
};

const buildMapOrOperator = (raw: JsonObject, site: Site): Form => {
  const operators = Object.keys(raw).filter((key) => /^\$(?!\$?\{)/.test(key));
  const [operator] = operators;
  if (operator === undefined) {
    return mapForm(
      site.building.mark,
      Object.entries(raw).map(([key, value]) => buildEntry(key, value, below(site, key))),
      { facts: site.scope.facts, at: site.at },
    );
  }
  const build = own(OPERATORS, operator);
  if (build === undefined) {
    const known = Object.keys(OPERATORS).join(', ');
    return site.building.refuse('form', `"${operator}" is no operator; operators are ${known}`, [...site.at, operator]);
  }
  return build(raw, site, buildForm);
};

const buildEntry = (key: string, value: JsonValue, site: Site): Entry => {
  const text = buildText(key, site);
  return {
    key: text.kind === 'scalar' ? String(text.value) : text,
    value: buildForm(value, site),
    at: site.at,
  };
};
