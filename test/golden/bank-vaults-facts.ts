// The world outside of the recorded requests, as the stand-ins of the recording had it: facts without a network.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fact, type FindFacts, isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import type { Lookup } from '../../core/policy/decision.ts';

const standIns = JSON.parse(
  readFileSync(join(import.meta.dirname, 'bank-vaults', 'stand-ins.json'), 'utf8'),
) as JsonObject;

/** Finds what the stand-ins held. Their names say what becomes of a request, as the README of the cases describes. */
export const findStandIns: FindFacts = async (lookups) =>
  Object.fromEntries(lookups.map((lookup) => [lookup.key, find(lookup)]));

const find = (lookup: Lookup): Fact => (lookup.kind === 'image' ? findImage(lookup) : findReferences(lookup));

const REGISTRY = 'localhost:5055/';

const findImage = ({ image }: Lookup): Fact => {
  if (typeof image !== 'string' || !/^[a-z0-9./:@-]+$/.test(image)) {
    return refuse('invalid', `could not parse reference: ${String(image)}`);
  }
  const found = image.startsWith(REGISTRY) ? at(standIns, ['images', image.slice(REGISTRY.length)]) : undefined;
  if (!isObject(found)) {
    return refuse('not_found', 'MANIFEST_UNKNOWN: manifest unknown');
  }
  const index = own(found, 'index');
  // The recording took the first entry; an adapter asks for the platform of its configuration.
  const configuration = Array.isArray(index) ? index.find((entry) => own(entry, 'architecture') === 'amd64') : found;
  return { entrypoint: own(configuration, 'Entrypoint') ?? [], command: own(configuration, 'Cmd') ?? [] };
};

const findReferences = ({ resource, namespace, name, prefixes, openings }: Lookup): Fact => {
  if (String(name).startsWith('forbidden-')) {
    const user = 'system:serviceaccount:injector-system:webhook';
    const what = `${String(resource)} "${String(name)}" is forbidden: User "${user}" cannot get resource "${String(resource)}"`;
    return refuse('forbidden', `${what} in API group "" in the namespace "${String(namespace)}"`);
  }
  const data = at(standIns, [String(resource), `${String(namespace)}/${String(name)}`, 'data']);
  if (!isObject(data)) {
    return refuse('not_found', `${String(resource)} "${String(name)}" not found`);
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
