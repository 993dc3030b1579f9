// Reads what the policy asks for: the fields of each kind of lookup, as docs/facts.md lists them.
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { own } from '../../../core/json.ts';
import { noFact } from './no-fact.ts';
import type { PullSecretsOf } from './pull-secrets.ts';
import type { ReferencesLookup } from './references.ts';

/** The kinds that this runtime has adapters for. */
export const factKinds = ['image', 'references'] as const;

export type FactKind = (typeof factKinds)[number];

/** What to find out about an image, and with whose rights. */
export interface ImageLookup extends PullSecretsOf {
  readonly image: string;
  /** Whether an answer that was kept won't do. */
  readonly refresh: boolean;
  readonly skipTlsVerify: boolean;
}

/**
 * Reads a lookup of kind `image`.
 *
 * @throws {Fault} `fact.invalid`
 */
export const readImageLookup = (lookup: JsonObject): ImageLookup => ({
  image: text(lookup, 'image'),
  namespace: text(lookup, 'namespace'),
  pullSecrets: texts(lookup, 'pullSecrets', []),
  serviceAccount: text(lookup, 'serviceAccount', ''),
  refresh: flag(lookup, 'refresh'),
  skipTlsVerify: flag(lookup, 'skipTlsVerify'),
});

/**
 * Reads a lookup of kind `references`.
 *
 * @throws {Fault} `fact.invalid`
 */
export const readReferencesLookup = (lookup: JsonObject): ReferencesLookup => {
  const resource = text(lookup, 'resource');
  if (resource !== 'configmaps' && resource !== 'secrets') {
    throw wrong('resource', 'configmaps or secrets');
  }
  return {
    resource,
    namespace: text(lookup, 'namespace'),
    name: text(lookup, 'name'),
    prefixes: texts(lookup, 'prefixes'),
    openings: texts(lookup, 'openings'),
  };
};

const text = (lookup: JsonObject, field: string, fallback?: string): string => {
  const value = own(lookup, field) ?? fallback;
  if (typeof value !== 'string') {
    throw wrong(field, 'a text');
  }
  return value;
};

/** Empty texts are in everything, so they say nothing. */
const texts = (lookup: JsonObject, field: string, fallback?: readonly string[]): readonly string[] => {
  const value: JsonValue | undefined = own(lookup, field) ?? fallback;
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string' && item !== '')) {
    throw wrong(field, 'a list of texts');
  }
  return value;
};

const flag = (lookup: JsonObject, field: string): boolean => {
  const value = own(lookup, field) ?? false;
  if (typeof value !== 'boolean') {
    throw wrong(field, 'true or false');
  }
  return value;
};

const wrong = (field: string, expected: string): Error =>
  noFact('invalid', `the policy asks wrongly: ${field} is not ${expected}`);
