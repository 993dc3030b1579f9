// Reads the name of an image as the container runtimes do.
import { noFact } from './no-fact.ts';

/** The name that stands for Docker Hub. */
const DOCKER_HUB = 'docker.io';

const DOCKER_HUB_NAMES = [DOCKER_HUB, 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];

/** The server behind it. */
const DOCKER_HUB_HOST = 'registry-1.docker.io';

/** Where an image is. */
export interface ImageReference {
  /** The registry by the name that credentials and settings know it by: Docker Hub is `docker.io`. */
  readonly registry: string;
  /** Host and port to ask. */
  readonly host: string;
  readonly repository: string;
  /** What names the manifest: the digest where there is one, else the tag. */
  readonly manifest: string;
  readonly byDigest: boolean;
}

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9a-fA-F:.]+\\])(?::[0-9]{1,5})?$`);
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** Tells whether a text is a digest that podgraft can verify. */
export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text);

/** Tells whether a text is a host, with a port or without. */
export const isRegistry = (text: string): boolean => HOST.test(text);

/** Tells whether a text is the path of a repository. */
export const isRepository = (text: string): boolean =>
  text.length <= 255 && text.split('/').every((component) => COMPONENT.test(component));

/** The host and port to ask for a registry, by its canonical name. */
export const hostOf = (registry: string): string => (registry === DOCKER_HUB ? DOCKER_HUB_HOST : registry);

/**
 * Reads the name of an image, with the defaults of Docker: `docker.io`, `library/` and `latest`
 * ([grammar](https://github.com/distribution/reference/blob/main/reference.go)).
 *
 * @throws {Fault} `fact.invalid`
 */
export const parseImageReference = (image: string): ImageReference => {
  const [name = '', digest, ...more] = image.split('@');
  const { path, tag } = splitTag(name);
  const { registry, repository } = splitRegistry(path);
  const isName = image.length <= 1024 && isRegistry(registry) && isRepository(repository);
  if (!isName || !TAG.test(tag) || more.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    throw noFact('invalid', 'the image is not named as images are');
  }
  return {
    registry,
    host: hostOf(registry),
    repository,
    manifest: digest ?? tag,
    byDigest: digest !== undefined,
  };
};

const splitTag = (name: string): { readonly path: string; readonly tag: string } => {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/')
    ? { path: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { path: name, tag: 'latest' };
};

/** The first part is a registry where it looks like a host: with a dot or a port, in brackets, or `localhost`. */
const splitRegistry = (path: string): { readonly registry: string; readonly repository: string } => {
  const slash = path.indexOf('/');
  const first = slash === -1 ? '' : path.slice(0, slash);
  if (!/[.:]/.test(first) && first !== 'localhost' && first.toLowerCase() === first) {
    return { registry: DOCKER_HUB, repository: slash === -1 ? `library/${path}` : path };
  }
  const registry = canonicalRegistry(first);
  const rest = path.slice(slash + 1);
  return { registry, repository: registry === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest };
};

/** The one name of a registry: small letters, no default port, `docker.io` for all names of Docker Hub. */
export const canonicalRegistry = (name: string): string => {
  const small = name.toLowerCase().replace(/:443$/, '');
  return DOCKER_HUB_NAMES.includes(small) ? DOCKER_HUB : small;
};
