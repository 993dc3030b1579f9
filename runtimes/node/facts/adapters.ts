// The adapters: each kind of lookup with the clients, the cache and the limits that it needs.
import type { JsonObject } from '../../../core/json.ts';
import type { Settings } from '../settings.ts';
import type { CachedFact } from './fact-cache.ts';
import { createImageAdapter, type ImageAccess, type ImageSettings } from './image-adapter.ts';
import { createLimit } from './limit.ts';
import { type FactKind, readReferencesLookup } from './lookup.ts';
import { noFact } from './no-fact.ts';
import { findReferences } from './references.ts';

/** The settings that facts depend on. */
export type FactSettings = ImageSettings & Pick<Settings, 'facts' | 'kubeconfig' | 'registryCaFile'>;

/**
 * Answers one lookup.
 *
 * @throws {Fault} `fact.*`, and what the signal is aborted with
 */
export type Adapter = (lookup: JsonObject, signal: AbortSignal) => Promise<CachedFact>;

/** How many lookups run at once, for all pods and for those of one namespace. */
const BOUNDS = { total: 64, each: 16 };

/** Creates the adapters. */
export const createAdapters = (
  settings: FactSettings,
  access: Omit<ImageAccess, 'limited'>,
): Readonly<Record<FactKind, Adapter>> => {
  const { readObject } = access;
  const limited = createLimit(BOUNDS);
  return {
    image: createImageAdapter(settings, { ...access, limited }),
    // Not kept: a ConfigMap changes right before the pods that are to see it are made.
    references: async (fields, signal) => {
      const lookup = readReferencesLookup(fields);
      if (readObject === undefined) {
        throw noFact('no_adapter', 'this podgraft has no Kubernetes API to ask');
      }
      const fact = await limited(lookup.namespace, signal, () => findReferences(readObject, lookup, signal));
      return { fact, kept: false };
    },
  };
};
