// The adapters: each kind of lookup with the clients, the cache and the limits that it needs.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Fault } from '../../../core/errors.ts';
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

/**
 * Creates the adapters.
 *
 * @throws {Fault} `facts.authority` where the file of certificates cannot be used
 */
export const createAdapters = async (
  settings: FactSettings,
  { readObject, logins }: Pick<ImageAccess, 'readObject' | 'logins'>,
): Promise<Readonly<Record<FactKind, Adapter>>> => {
  const secureContext = await readAuthorities(settings.registryCaFile);
  const limited = createLimit(BOUNDS);
  return {
    image: createImageAdapter(settings, { readObject, logins, limited, secureContext }),
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

const readAuthorities = async (file: string): Promise<SecureContext> => {
  if (file === '') {
    return createSecureContext();
  }
  try {
    const own = (await readFile(file, 'utf8')).match(CERTIFICATES) ?? [];
    if (own.length === 0) {
      throw new Error('without any, OpenSSL would not complain');
    }
    // Those of the system stay, in the form that Node gives them.
    return createSecureContext({
      ca: [...getCACertificates('default'), ...own.map((one) => new X509Certificate(one).toString())],
    });
  } catch (thrown) {
    const { code = 'it holds no certificates' } = thrown as NodeJS.ErrnoException;
    const message = `the certificates that registries are trusted by cannot be used (${code})`;
    throw new Fault('facts.authority', message, { at: { file }, cause: thrown });
  }
};

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
