// The adapters: each kind of lookup with the clients, the cache and the limits that it needs.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Fault } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { Fact } from '../../../core/policy/facts.ts';
import type { Settings } from '../settings.ts';
import { withDeadline } from './deadline.ts';
import { credentialsFor, type Entry } from './docker-config.ts';
import { createFactCache } from './fact-cache.ts';
import type { Transport } from './http-request.ts';
import { findImageCommand } from './image-command.ts';
import { parseImageReference } from './image-reference.ts';
import type { ReadObject } from './kubernetes-api.ts';
import { createLimit } from './limit.ts';
import { type FactKind, type ImageLookup, readImageLookup, readReferencesLookup } from './lookup.ts';
import { noFact } from './no-fact.ts';
import { findCredentials } from './pull-secrets.ts';
import { findReferences } from './references.ts';
import { openRegistry } from './registry.ts';
import { ruleFor } from './registry-rule.ts';

/** The settings that facts depend on. */
export type FactSettings = Pick<
  Settings,
  | 'facts'
  | 'factsTimeout'
  | 'kubeconfig'
  | 'imagePlatform'
  | 'imageCacheSize'
  | 'imageCacheAge'
  | 'registries'
  | 'registryMirrors'
  | 'plainHttpRegistries'
  | 'unverifiedRegistries'
  | 'registryCaFile'
>;

/** A fact, and whether it was kept from an earlier lookup. */
export interface Answered {
  readonly fact: Fact;
  readonly kept: boolean;
}

/**
 * Answers one lookup.
 *
 * @throws {Fault} `fact.*`, and what the signal is aborted with
 */
export type Adapter = (lookup: JsonObject, signal: AbortSignal) => Promise<Answered>;

/** What a digest names never changes, so this only bounds how long a right that was taken away still shows. */
const DIGEST_AGE = 24 * 60 * 60 * 1000;

/** As many of the pod's, and of the operator's; more would be a way to try passwords. */
const MAX_CREDENTIALS = 8;

/** How many lookups run at once, for all pods and for those of one namespace. */
const BOUNDS = { total: 64, each: 16 };

/** Whom the adapters ask with. */
export interface Access {
  /** Absent where there is no API: then no pull secrets are read. */
  readonly readObject: ReadObject | undefined;
  /** The operator's own logins for registries, as they are now. */
  readonly logins: () => readonly Entry[];
}

/**
 * Creates the adapters.
 *
 * @throws {Fault} `facts.authority` where the file of certificates cannot be used
 */
export const createAdapters = async (
  settings: FactSettings,
  { readObject, logins }: Access,
): Promise<Readonly<Record<FactKind, Adapter>>> => {
  const secureContext = await readAuthorities(settings.registryCaFile);
  const cached = createFactCache({ size: settings.imageCacheSize });
  const limited = createLimit(BOUNDS);

  const askRegistry = (lookup: ImageLookup, signal: AbortSignal): Promise<Fact> => {
    const reference = parseImageReference(lookup.image);
    const rule = ruleFor(settings, reference, lookup);
    const image = `${rule.registry}/${rule.repository}`;
    const credentials = async () => {
      const { list, unread } = await findCredentials(readObject, { of: lookup, image, signal });
      // A pod may waive the proof of who answers for its own secrets, not for those of the operator.
      const others = lookup.skipTlsVerify ? [] : credentialsFor(logins(), image);
      return { list: [...list.slice(0, MAX_CREDENTIALS), ...others.slice(0, MAX_CREDENTIALS)], unread };
    };
    const tls: Transport = { secureContext, rejectUnauthorized: !lookup.skipTlsVerify };
    const fetch = openRegistry({ reference, rule, credentials, tls, signal });
    return limited(lookup.namespace, signal, () => findImageCommand(fetch, reference, settings.imagePlatform));
  };
  // It has a time of its own: others may wait for the same answer, and the next review is glad of a late one.
  const loadImage = (lookup: ImageLookup): Promise<Fact> =>
    withDeadline(settings.factsTimeout, async (signal) => askRegistry(lookup, signal));
  return {
    image: async (fields) => {
      const lookup = readImageLookup(fields);
      const { refresh, ...rest } = lookup;
      const byDigest = lookup.image.includes('@');
      return cached({
        key: JSON.stringify(rest),
        age: byDigest ? DIGEST_AGE : settings.imageCacheAge,
        refresh: refresh && !byDigest,
        load: () => loadImage(lookup),
      });
    },
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
