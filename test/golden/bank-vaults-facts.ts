// The world outside of the recorded requests, as the stand-ins of the recording had it: facts without a network, in the
// words of the adapters, so that one table of differences holds for both.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fact, type FindFacts, isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import type { Lookup } from '../../core/policy/decision.ts';

export const standIns = JSON.parse(
  readFileSync(join(import.meta.dirname, 'bank-vaults', 'stand-ins.json'), 'utf8'),
) as JsonObject;

/** Finds what the stand-ins held. Their names say what becomes of a request, as the README of the cases describes. */
export const findStandIns: FindFacts = async (lookups) =>
  Object.fromEntries(lookups.map((lookup) => [lookup.key, find(lookup)]));

const find = (lookup: Lookup): Fact => (lookup.kind === 'image' ? findImage(lookup) : findReferences(lookup));

const REGISTRY = 'localhost:5055/';

const findImage = ({ image }: Lookup): Fact => {
  if (typeof image !== 'string' || !/^[a-z0-9./:@-]+$/.test(image)) {
    return refuse('invalid', 'the image is not named as images are');
  }
  const name = image.startsWith(REGISTRY) ? image.slice(REGISTRY.length) : '';
  const found = at(standIns, ['images', name]);
  if (!isObject(found)) {
    return refuse('not_found', `localhost:5055 has no such image of ${name.replace(/:.*/, '')}`);
  }
  const index = own(found, 'index');
  // The recording took the first entry; an adapter asks for the platform of its configuration.
  const configuration = Array.isArray(index) ? index.find((entry) => own(entry, 'architecture') === 'amd64') : found;
  return { entrypoint: own(configuration, 'Entrypoint') ?? [], command: own(configuration, 'Cmd') ?? [] };
};

const findReferences = ({ resource, namespace, name, prefixes, openings }: Lookup): Fact => {
  if (String(name).startsWith('forbidden-')) {
    return refuse('forbidden', `podgraft may not read ${String(resource)} in the namespace "${String(namespace)}"`);
  }
  const data = at(standIns, [String(resource), `${String(namespace)}/${String(name)}`, 'data']);
  if (!isObject(data)) {
    const kind = resource === 'secrets' ? 'Secret' : 'ConfigMap';
    return refuse('not_found', `there is no ${kind} "${String(name)}" in the namespace "${String(namespace)}"`);
  }
  const marks = { prefixes: prefixes as readonly string[], openings: openings as readonly string[] };
  return {
    keys: Object.keys(data)
      .filter((key) => isReference(String(own(data, key)), marks))
      .sort(),
  };
};

/** What the fact's kind says a reference is: `docs/facts.md`. */
const isReference = (
  text: string,
  { prefixes, openings }: { readonly prefixes: readonly string[]; readonly openings: readonly string[] },
): boolean =>
  prefixes.some((prefix) => text.startsWith(prefix)) ||
  openings.some((opening) =>
    text
      .split(opening)
      .slice(1)
      .some((rest) => rest.split('\n')[0]?.includes('}')),
  );

const refuse = (code: string, message: string): Fact => ({ error: { code, message } });

const at = (value: JsonValue, path: readonly string[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((below, key) => (isObject(below) ? own(below, key) : undefined), value);
