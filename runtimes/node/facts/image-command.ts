// The fact of kind "image": what an image runs, by its configuration in the registry.
import { createHash } from 'node:crypto';
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import { holdsTooMany, MOST_VALUES } from '../../../core/json-bulk.ts';
import type { Fact } from '../../../core/policy/facts.ts';
import { type ImageReference, isDigest } from './image-reference.ts';
import { factCodeOf, noFact } from './no-fact.ts';
import { formatPlatform, isFor, type Platform } from './platform.ts';
import type { FetchPart } from './registry.ts';

const INDEXES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const MANIFESTS = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];
const CONFIGS = ['application/vnd.oci.image.config.v1+json', 'application/vnd.docker.container.image.v1+json'];

/**
 * Many times what honest manifests and configurations have. Registries may take up to 4 MiB, but 64 answers may be read
 * at once, and a few bytes of JSON can become a hundred in memory.
 */
const LIMIT = 1024 * 1024;

/** An index may name another one; deeper is no image. */
const MAX_INDEXES = 2;

/** Longer lists than any system can start a process with; the policy has to carry them. */
const MAX_WORDS_SIZE = 32 * 1024;

const ACCEPT = [...INDEXES, ...MANIFESTS].join(', ');

/**
 * Finds the digest that a tag leads to, without the manifest. Docker Hub counts manifests as pulls, and not this.
 *
 * @returns `undefined` where the registry does not say, or does not know the question
 * @throws {Fault} `fact.*`
 */
export const findDigest = async (fetch: FetchPart, { manifest }: ImageReference): Promise<string | undefined> => {
  try {
    const { headers } = await fetch({ method: 'HEAD', path: `manifests/${manifest}`, accept: ACCEPT, limit: LIMIT });
    const digest = headers['docker-content-digest'];
    return isDigest(digest) ? digest : undefined;
  } catch (thrown) {
    if (factCodeOf(thrown) === 'invalid') {
      return undefined;
    }
    throw thrown;
  }
};

/**
 * Finds out what an image runs. Everything that is named by a digest is checked against it.
 *
 * @throws {Fault} `fact.*`
 */
export const findImageCommand = async (
  fetch: FetchPart,
  reference: ImageReference,
  platform: Platform,
): Promise<Fact> => {
  const digest = await findConfiguration(fetch, reference, platform);
  const { body } = await fetch({ path: `blobs/${digest}`, accept: '*/*', limit: LIMIT });
  checkDigest(body, digest);
  return commandOf(parseObject(body));
};

const findConfiguration = async (fetch: FetchPart, reference: ImageReference, platform: Platform): Promise<string> => {
  let name = reference.manifest;
  for (let depth = 0; depth <= MAX_INDEXES; depth += 1) {
    const next = readManifest(await fetchManifest(fetch, name), platform);
    if (next.isConfiguration) {
      return next.digest;
    }
    name = next.digest;
  }
  throw noFact('invalid', 'the index of the image names another index, and so on');
};

const fetchManifest = async (fetch: FetchPart, name: string): Promise<Buffer> => {
  const { body, headers } = await fetch({ path: `manifests/${name}`, accept: ACCEPT, limit: LIMIT });
  const told = headers['docker-content-digest'];
  // What a tag leads to has no digest but the one that the registry says.
  const digest = isDigest(name) ? name : told;
  if (digest !== undefined) {
    checkDigest(body, String(digest));
  }
  return body;
};

/** What a manifest leads to: a configuration, or another manifest. */
interface Next {
  readonly isConfiguration: boolean;
  readonly digest: string;
}

/** Nothing is waited for in here, so that only one manifest at a time is in memory as values. */
const readManifest = (body: Buffer, platform: Platform): Next => {
  const manifest = parseObject(body);
  if (own(manifest, 'schemaVersion') !== 2) {
    throw noFact('invalid', 'the manifest of the image is not of schema version 2');
  }
  const entries = own(manifest, 'manifests');
  if (entries === undefined) {
    return { isConfiguration: true, digest: configurationOf(manifest) };
  }
  // Read one way or the other, one document would be two images (CVE-2021-41190).
  if (own(manifest, 'config') !== undefined || own(manifest, 'layers') !== undefined) {
    throw noFact('invalid', 'the manifest is an index and an image at once');
  }
  return { isConfiguration: false, digest: choose(entries, platform) };
};

const configurationOf = (manifest: JsonObject): string => {
  const descriptor = own(manifest, 'config');
  const digest = isObject(descriptor) ? own(descriptor, 'digest') : undefined;
  if (!isObject(descriptor) || !isDigest(digest) || !CONFIGS.includes(String(own(descriptor, 'mediaType')))) {
    throw noFact('invalid', 'what the registry has under this name is no image that can be run');
  }
  return digest;
};

const choose = (entries: JsonValue, platform: Platform): string => {
  const fitting = Array.isArray(entries)
    ? (entries as readonly JsonValue[]).find((entry) => isFor(entry, platform))
    : undefined;
  if (fitting === undefined) {
    throw noFact('ambiguous', `there is no image for ${formatPlatform(platform)} under this name`);
  }
  const digest = isObject(fitting) ? own(fitting, 'digest') : undefined;
  if (!isDigest(digest)) {
    throw noFact('invalid', 'the index of the image names no digest that can be checked');
  }
  return digest;
};

const checkDigest = (body: Buffer, digest: string): void => {
  const [algorithm = '', expected] = digest.split(':');
  if (!isDigest(digest) || createHash(algorithm).update(body).digest('hex') !== expected) {
    throw noFact('invalid', 'the registry answers with something that has another digest than it should have');
  }
};

const parseObject = (body: Buffer): JsonObject => {
  let value: JsonValue | undefined;
  if (holdsTooMany(body)) {
    throw noFact('too_large', `the registry answers with more than ${MOST_VALUES} values`);
  }
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as JsonValue;
  } catch {
    // Told below, without the words of the parser, which quote.
  }
  if (!isObject(value)) {
    throw noFact('invalid', 'the registry answers with something that is no JSON object');
  }
  return value;
};

const commandOf = (configuration: JsonObject): Fact => {
  const config = own(configuration, 'config') ?? {};
  const entrypoint = isObject(config) ? words(own(config, 'Entrypoint')) : undefined;
  const command = isObject(config) ? words(own(config, 'Cmd')) : undefined;
  if (entrypoint === undefined || command === undefined) {
    throw noFact('invalid', 'the configuration of the image is not as it should be');
  }
  if (JSON.stringify([entrypoint, command]).length > MAX_WORDS_SIZE) {
    throw noFact('too_large', `entrypoint and command of the image have more than ${MAX_WORDS_SIZE} characters`);
  }
  return { entrypoint, command };
};

/** A list of texts; none, where there is none. Half of a surrogate pair is no text: nothing could carry it on. */
const words = (value: JsonValue | undefined): readonly string[] | undefined => {
  const list = value ?? [];
  return Array.isArray(list) && list.every((word) => typeof word === 'string' && word.isWellFormed())
    ? list
    : undefined;
};
