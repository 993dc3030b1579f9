// Builds `$use`: a fragment, expanded where it is used.
import { isObject, type JsonValue, own } from '../json.ts';
import type { Form } from './form.ts';
import { type Build, type BuildOperator, below, only, type Site } from './site.ts';
import { isName } from './text.ts';

/** How deep fragments may use each other. */
const MAX_NESTED_FRAGMENTS = 16;

/** Builds `$use`. */
export const buildUse: BuildOperator = (raw, site, build) => {
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
  const names = new Map([...scope.names, ...buildBindings(own(raw, 'with') ?? {}, below(site, 'with'), build)]);
  const inside = { names, facts: scope.facts, using: [...scope.using, name] };
  return build(fragment, { scope: inside, building, at: ['spec', 'fragments', name] });
};

const buildBindings = (raw: JsonValue, site: Site, build: Build): readonly (readonly [string, Form])[] => {
  const { parameters, refuse } = site.building;
  if (!isObject(raw)) {
    return refuse('form', 'with is a map of names and values', site.at);
  }
  return Object.entries(raw).map(([name, value]) => {
    if (!isName(name) || parameters.has(name)) {
      refuse('form', `"${name}" cannot be bound: it is a parameter, or no name`, [...site.at, name]);
    }
    return [name, build(value, below(site, name))];
  });
};
