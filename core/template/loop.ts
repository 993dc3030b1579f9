// Builds `$map`: one value for each item of a list.
import type { JsonValue } from '../json.ts';
import { type Form, withPresent } from './form.ts';
import { choiceForm, listForm, loopForm, variableForm } from './forms.ts';
import type { ValuePath } from './parse.ts';
import { rootsOf } from './roots.ts';
import { NOTHING } from './shape.ts';
import { type Build, type BuildOperator, below, only, requireKind, type Site } from './site.ts';
import { isName } from './text.ts';

/** Builds `$map`. */
export const buildMap: BuildOperator = (raw, site, build) => {
  const { building, at } = site;
  const eachKey = Object.keys(raw).find((key) => key.startsWith('each('));
  const name = eachKey?.slice('each('.length, -1) ?? '';
  if (eachKey === undefined || !eachKey.endsWith(')') || !isName(name)) {
    return building.refuse('form', '$map needs each(x): the value for one item, called x in it', at);
  }
  only(raw, ['$map', eachKey], site);
  const over = build(raw['$map'] ?? null, below(site, '$map'));
  requireKind(over, 'list', below(site, '$map'));
  if (building.parameters.has(name)) {
    building.refuse('form', `"${name}" is a parameter; choose another name`, [...at, eachKey]);
  }
  return mapOver(over, { build, name, body: raw[eachKey] ?? null, site: below(site, eachKey), at });
};

interface LoopBody {
  /** Where the whole stands. */
  readonly at: ValuePath;
  readonly build: Build;
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
        loop.at,
      );
    case 'if': {
      const { condition, yes, no } = over;
      return choiceForm(mark, { condition, yes: mapOver(yes, loop), no: no && mapOver(no, loop) }, loop.at);
    }
    default:
      return loopOver(over, loop);
  }
};

const mapItem = (item: Form, { build, name, body, site }: LoopBody): Form => {
  const { scope, building, at } = site;
  const names = new Map([...scope.names, [name, item]]);
  const yes = build(body, { building, at, scope: { ...scope, names, facts: withPresent(scope.facts, item) } });
  return item.optional ? choiceForm(building.mark, { condition: item, yes, no: undefined }, at) : yes;
};

const loopOver = (over: Form, { build, name, body, site, at: whole }: LoopBody): Form => {
  const { scope, building, at } = site;
  const variable = { name, slot: building.takeSlot(), roots: rootsOf(over) };
  const shape = over.shape.items ?? NOTHING;
  const item = variableForm(building.mark, variable, { shape, optional: false, at });
  const names = new Map<string, Form>([...scope.names, [name, item]]);
  return loopForm(
    building.mark,
    { over, variable, body: build(body, { building, at, scope: { ...scope, names } }) },
    whole,
  );
};
