// The adapter of facts about images: the registry's rule and logins, what is kept, and how long.
import type { SecureContext } from 'node:tls';
import type { JsonObject } from '../../../core/json.ts';
import type { Fact } from '../../../core/policy/facts.ts';
import type { Settings } from '../settings.ts';
import { withDeadline } from './deadline.ts';
import { credentialsFor, type Entry } from './docker-config.ts';
import { type CachedFact, createFactCache } from './fact-cache.ts';
import { findDigest, findImageCommand } from './image-command.ts';
import { type ImageReference, parseImageReference } from './image-reference.ts';
import type { ReadObject } from './kubernetes-api.ts';
import type { RunLimited } from './limit.ts';
import { type ImageLookup, readImageLookup } from './lookup.ts';
import { findCredentials } from './pull-secrets.ts';
import { type FetchPart, openRegistry } from './registry.ts';
import { ruleFor } from './registry-rule.ts';

/** The settings that facts about images depend on. */
export type ImageSettings = Pick<
  Settings,
  | 'factsTimeout'
  | 'imagePlatform'
  | 'imageCacheSize'
  | 'imageCacheAge'
  | 'registries'
  | 'registryMirrors'
  | 'plainHttpRegistries'
  | 'unverifiedRegistries'
>;

/** Whom images are asked for with. */
export interface ImageAccess {
  /** Absent where there is no API: then no pull secrets are read. */
  readonly readObject: ReadObject | undefined;
  /** The operator's own logins for registries, as they are now. */
  readonly logins: () => readonly Entry[];
  readonly limited: RunLimited;
  /** The authorities that registries are trusted by, as they are now. */
  readonly authorities: () => SecureContext;
}

/** What a digest names never changes, so this only bounds how long a right that was taken away still shows. */
const DIGEST_AGE = 24 * 60 * 60 * 1000;

/** As many of the pod's, and of the operator's; more would be a way to try passwords. */
const MAX_CREDENTIALS = 8;

/** Creates the adapter; it throws `fact.*` and `facts.timeout`. */
export const createImageAdapter = (
  settings: ImageSettings,
  access: ImageAccess,
): ((fields: JsonObject) => Promise<CachedFact>) => {
  const cached = createFactCache({ size: settings.imageCacheSize });

  /** No place in the limit is held while another lookup is waited for, which may itself wait for a place. */
  const ask = async (lookup: ImageLookup, signal: AbortSignal): Promise<Fact> => {
    const reference = parseImageReference(lookup.image);
    const fetch = open(settings, access, { lookup, reference, signal });
    const { namespace } = lookup;
    const load = (manifest: string): Promise<Fact> =>
      access.limited(namespace, signal, () =>
        findImageCommand(fetch, { ...reference, manifest }, settings.imagePlatform),
      );
    if (reference.byDigest || !lookup.refresh) {
      return load(reference.manifest);
    }
    const digest = await access.limited(namespace, signal, () => findDigest(fetch, reference));
    const image = `${reference.registry}/${reference.repository}@${digest}`;
    return digest === undefined
      ? load(reference.manifest)
      : (await cached({ key: keyOf({ ...lookup, image }), age: DIGEST_AGE, refresh: false, load: () => load(digest) }))
          .fact;
  };
  return async (fields) => {
    const lookup = readImageLookup(fields);
    const byDigest = lookup.image.includes('@');
    return cached({
      key: keyOf(lookup),
      age: byDigest ? DIGEST_AGE : settings.imageCacheAge,
      refresh: lookup.refresh && !byDigest,
      // It has a time of its own: others may wait for the same answer, and the next review is glad of a late one.
      load: () => withDeadline(settings.factsTimeout, async (signal) => ask(lookup, signal)),
    });
  };
};

/** Everything but the wish for a new answer: who asks, and with which rights, is part of it. */
const keyOf = ({ refresh: _, ...rest }: ImageLookup): string => JSON.stringify(rest);

interface Conversation {
  readonly lookup: ImageLookup;
  readonly reference: ImageReference;
  readonly signal: AbortSignal;
}

const open = (
  settings: ImageSettings,
  { readObject, logins, authorities }: ImageAccess,
  { lookup, reference, signal }: Conversation,
): FetchPart => {
  const rule = ruleFor(settings, reference, lookup);
  const image = `${rule.registry}/${rule.repository}`;
  const credentials = async () => {
    const { list, unread } = await findCredentials(readObject, { of: lookup, image, signal });
    // A pod may waive the proof of who answers for its own secrets, not for those of the operator.
    const others = lookup.skipTlsVerify ? [] : credentialsFor(logins(), image);
    return { list: [...list.slice(0, MAX_CREDENTIALS), ...others.slice(0, MAX_CREDENTIALS)], unread };
  };
  const tls = { secureContext: authorities(), rejectUnauthorized: !lookup.skipTlsVerify };
  return openRegistry({ reference, rule, credentials, tls, signal });
};
