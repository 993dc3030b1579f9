// Builds forms from a template's values: reads operators, resolves paths, expands fragments.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { type Entry, type Form, withPresent } from './form.ts';
import {
  choiceForm,
  listForm,
  loopForm,
  type Mark,
  mapForm,
  nothingForm,
  operationForm,
  scalarForm,
  textForm,
  variableForm,
} from './forms.ts';
import type { ValuePath } from './parse.ts';
import type { Refuse } from './refuse.ts';
import { requirePresent, resolvePath, type Scope } from './scope.ts';
import { isOnly, isScalarShape, kindNames, NOTHING } from './shape.ts';
import { isName, splitText } from './text.ts';

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

/** How deep fragments may use each other. */
const MAX_NESTED_FRAGMENTS = 16;

const below = (site: Site, ...steps: ValuePath): Site => ({ ...site, at: [...site.at, ...steps] });

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
      site.at,
    );
  }
  const build = own(OPERATORS, operator);
  if (build === undefined) {
    const known = Object.keys(OPERATORS).join(', ');
    return site.building.refuse('form', `"${operator}" is no operator; operators are ${known}`, [...site.at, operator]);
  }
  return build(raw, site);
};

const buildEntry = (key: string, value: JsonValue, site: Site): Entry => {
  const text = buildText(key, site);
  return {
    key: text.kind === 'scalar' ? String(text.value) : text,
    value: buildForm(value, site),
    at: site.at,
  };
};

type BuildOperator = (raw: JsonObject, site: Site) => Form;

/** Refuses every key beside the operator that does not belong to it. */
const only = (raw: JsonObject, keys: readonly string[], { building: { refuse }, at }: Site): void => {
  for (const key of Object.keys(raw)) {
    if (!keys.includes(key)) {
      refuse('form', `"${key}" cannot stand beside ${keys[0]}; only ${keys.slice(1).join(', ') || 'nothing'} can`, [
        ...at,
        key,
      ]);
    }
  }
};

const buildEval: BuildOperator = (raw, site) => {
  only(raw, ['$eval'], site);
  const { mark, refuse } = site.building;
  return resolvePath(raw['$eval'], site.scope, { mark, refuse, at: [...site.at, '$eval'] });
};

const buildIf: BuildOperator = (raw, site) => {
  only(raw, ['$if', 'then', 'else'], site);
  const { scope, building, at } = site;
  const { mark, refuse } = building;
  const thenRaw = own(raw, 'then');
  const elseRaw = own(raw, 'else');
  if (thenRaw === undefined) {
    return refuse('form', '$if needs then', at);
  }
  const condition = resolvePath(raw['$if'], scope, { mark, refuse, at: [...at, '$if'] });
  const known = isKnown(condition);
  const buildElse = () => (elseRaw === undefined ? undefined : buildForm(elseRaw, below(site, 'else')));
  if (known === false) {
    return buildElse() ?? nothingForm(mark, at);
  }
  const inside = { ...scope, facts: withPresent(scope.facts, condition) };
  const yes = buildForm(thenRaw, { scope: inside, building, at: [...at, 'then'] });
  return known === true ? yes : choiceForm(mark, { condition, yes, no: buildElse() }, at);
};

/** Whether a condition is yes or no at load already: what `with` binds to a constant is constant. */
const isKnown = (condition: Form): boolean | undefined => {
  switch (condition.kind) {
    case 'scalar':
      return condition.value !== false;
    case 'nothing':
      return false;
    case 'text':
    case 'list':
    case 'map':
      return true;
    default:
      return undefined;
  }
};

const buildMap: BuildOperator = (raw, site) => {
  const { scope, building, at } = site;
  const eachKey = Object.keys(raw).find((key) => key.startsWith('each('));
  const name = eachKey?.slice('each('.length, -1) ?? '';
  if (eachKey === undefined || !eachKey.endsWith(')') || !isName(name)) {
    return building.refuse('form', '$map needs each(x): the value for one item, called x in it', at);
  }
  only(raw, ['$map', eachKey], site);
  const over = buildForm(raw['$map'] ?? null, below(site, '$map'));
  requireKind(over, 'list', below(site, '$map'));
  if (building.parameters.has(name)) {
    building.refuse('form', `"${name}" is a parameter; choose another name`, [...at, eachKey]);
  }
  return mapOver(over, { name, body: raw[eachKey] ?? null, site: below(site, eachKey) });
};

interface LoopBody {
  readonly name: string;
  readonly body: JsonValue;
  readonly site: Site;
}

/** Maps over a form. A list as written is gone through at load, so that what is constant in it stays constant. */
const mapOver = (over: Form, loop: LoopBody): Form => {
  const { mark } = loop.site.building;
  switch (over.kind) {
    case 'nothing':
      return over;
    case 'list':
      if (over.items.some(({ optional, shape }) => optional && shape.kinds.has('boolean'))) {
        // A condition would take a boolean that is there and false for one that is not.
        return loopOver(over, loop);
      }
      return listForm(
        mark,
        over.items.map((item) => mapItem(item, loop)),
        over.at,
      );
    case 'if': {
      const { condition, yes, no } = over;
      return choiceForm(mark, { condition, yes: mapOver(yes, loop), no: no && mapOver(no, loop) }, over.at);
    }
    default:
      return loopOver(over, loop);
  }
};

const mapItem = (item: Form, { name, body, site }: LoopBody): Form => {
  const { scope, building, at } = site;
  const names = new Map([...scope.names, [name, item]]);
  const yes = buildForm(body, { building, at, scope: { ...scope, names, facts: withPresent(scope.facts, item) } });
  return item.optional ? choiceForm(building.mark, { condition: item, yes, no: undefined }, at) : yes;
};

const loopOver = (over: Form, { name, body, site }: LoopBody): Form => {
  const { scope, building, at } = site;
  const variable = { name, slot: building.takeSlot(), roots: rootsOf(over) };
  const shape = over.shape.items ?? NOTHING;
  const item = variableForm(building.mark, variable, { shape, optional: false, at });
  const names = new Map<string, Form>([...scope.names, [name, item]]);
  return loopForm(
    building.mark,
    { over, variable, body: buildForm(body, { building, at, scope: { ...scope, names } }) },
    at,
  );
};

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

const requireKind = (form: Form, kind: 'list' | 'text', { building: { refuse }, at }: Site): void => {
  if (!isOnly(form.shape, kind)) {
    refuse('form', `this is a ${kindNames(form.shape)}, not a ${kind}`, at);
  }
};

const buildOperand = (operator: string, raw: JsonObject, site: Site): Form => {
  only(raw, [operator], site);
  return buildForm(raw[operator] ?? null, below(site, operator));
};

const buildFlatten: BuildOperator = (raw, site) => {
  const operand = buildOperand('$flatten', raw, site);
  requireKind(operand, 'list', below(site, '$flatten'));
  if (operand.kind === 'list') {
    for (const [index, item] of operand.items.entries()) {
      requireKind(item, 'list', below(site, '$flatten', index));
    }
  } else if (operand.shape.items !== undefined && !isOnly(operand.shape.items, 'list')) {
    site.building.refuse('form', '$flatten joins lists; an item of this list is none', below(site, '$flatten').at);
  }
  return operationForm(site.building.mark, 'flatten', operand, site.at);
};

const buildWords: BuildOperator = (raw, site) => {
  const operand = buildOperand('$words', raw, site);
  requireKind(operand, 'list', below(site, '$words'));
  if (operand.shape.items !== undefined && !isScalarShape(operand.shape.items)) {
    site.building.refuse('form', '$words joins texts; an item of this list is none', below(site, '$words').at);
  }
  return operationForm(site.building.mark, 'words', operand, site.at);
};

const buildJson: BuildOperator = (raw, site) =>
  operationForm(site.building.mark, 'json', buildOperand('$json', raw, site), site.at);

const buildBase64: BuildOperator = (raw, site) => {
  const operand = buildOperand('$base64', raw, site);
  requireKind(operand, 'text', below(site, '$base64'));
  return operationForm(site.building.mark, 'base64', operand, site.at);
};

const buildUse: BuildOperator = (raw, site) => {
  only(raw, ['$use', 'with'], site);
  const { scope, building, at } = site;
  const name = raw['$use'];
  const fragment = typeof name === 'string' ? own(building.fragments, name) : undefined;
  if (typeof name !== 'string' || fragment === undefined) {
    const known = Object.keys(building.fragments).join(', ') || 'none';
    return building.refuse('path', `there is no fragment ${JSON.stringify(name)}; fragments are ${known}`, [
      ...at,
      '$use',
    ]);
  }
  if (scope.using.includes(name)) {
    return building.refuse('form', `the fragment "${name}" uses itself`, [...at, '$use']);
  }
  if (scope.using.length >= MAX_NESTED_FRAGMENTS) {
    return building.refuse('size', `fragments use each other more than ${MAX_NESTED_FRAGMENTS} deep`, [...at, '$use']);
  }
  building.onUse(name);
  // A fragment sees what stands where it is used: the names of the loops around it, too.
  const names = new Map([...scope.names, ...buildBindings(own(raw, 'with') ?? {}, below(site, 'with'))]);
  const inside = { names, facts: scope.facts, using: [...scope.using, name] };
  return buildForm(fragment, { scope: inside, building, at: ['spec', 'fragments', name] });
};

const buildBindings = (raw: JsonValue, site: Site): readonly (readonly [string, Form])[] => {
  const { parameters, refuse } = site.building;
  if (!isObject(raw)) {
    return refuse('form', 'with is a map of names and values', site.at);
  }
  return Object.entries(raw).map(([name, value]) => {
    if (!isName(name) || parameters.has(name)) {
      refuse('form', `"${name}" cannot be bound: it is a parameter, or no name`, [...site.at, name]);
    }
    return [name, buildForm(value, below(site, name))];
  });
};

const OPERATORS: Readonly<Record<string, BuildOperator>> = {
  $eval: buildEval,
  $if: buildIf,
  $map: buildMap,
  $flatten: buildFlatten,
  $words: buildWords,
  $json: buildJson,
  $base64: buildBase64,
  $use: buildUse,
};
