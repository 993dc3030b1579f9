// A registry on the loopback: manifests and blobs by what they hash to, and the two ways to log in.
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../../../core/json.ts';
import { type Asked, type LoopbackServer, startLoopback, type Told } from './loopback-server.ts';

/** Contents of a registry, by path below `/v2/`. */
export type Contents = Record<string, Told>;

/** How a registry wants to be asked. */
export interface RegistryWants {
  readonly contents: Contents;
  readonly login?: 'basic' | 'bearer';
  /** Passwords, or refresh tokens, by user. */
  readonly users?: Readonly<Record<string, string>>;
  /** Whether those without a login may read. */
  readonly isPublic?: boolean;
  readonly tls?: boolean;
  /** Where tokens are given out, in place of `/token`. */
  readonly realm?: string;
}

export const sha256 = (text: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

const OCI = 'application/vnd.oci.image';

/** Puts an image for one platform into a registry. Gives the digest of its manifest. */
export const putImage = (contents: Contents, name: string, config: JsonValue, tag?: string): string => {
  const blob = JSON.stringify({ architecture: 'amd64', os: 'linux', config });
  contents[`${name}/blobs/${sha256(blob)}`] = { body: blob };
  return putManifest(contents, name, manifestFor(blob), tag);
};

/** The manifest that names this configuration. */
export const manifestFor = (blob: string): JsonObject => ({
  schemaVersion: 2,
  mediaType: `${OCI}.manifest.v1+json`,
  config: { mediaType: `${OCI}.config.v1+json`, digest: sha256(blob), size: blob.length },
  layers: [],
});

/** Puts a manifest under its digest, and under a tag. */
export const putManifest = (contents: Contents, name: string, manifest: JsonValue, tag?: string): string => {
  const body = JSON.stringify(manifest);
  const told = { body, headers: { 'docker-content-digest': sha256(body) } };
  contents[`${name}/manifests/${sha256(body)}`] = told;
  if (tag !== undefined) {
    contents[`${name}/manifests/${tag}`] = told;
  }
  return sha256(body);
};

/** An index of images by platform: `linux/arm64`. */
export const indexOf = (entries: Readonly<Record<string, string>>): JsonObject => ({
  schemaVersion: 2,
  mediaType: `${OCI}.index.v1+json`,
  manifests: Object.entries(entries).map(([platform, digest]) => {
    const [os = '', architecture = '', variant] = platform.split('/');
    return { digest, platform: { os, architecture, ...(variant === undefined ? {} : { variant }) } };
  }),
});

/** Starts a registry. */
export const startRegistry = async (wants: RegistryWants): Promise<LoopbackServer> => {
  const started: { url: string } = { url: '' };
  const server = await startLoopback((asked) => answer(wants, asked, started.url), { tls: wants.tls ?? true });
  started.url = server.url;
  return server;
};

const answer = (wants: RegistryWants, asked: Asked, url: string): Told => {
  if (asked.path.startsWith('/token')) {
    return giveToken(wants, asked);
  }
  if (!isLoggedIn(wants, asked)) {
    const realm = wants.realm ?? `${url}/token`;
    const challenge =
      wants.login === 'basic' ? 'Basic realm="images"' : `Bearer realm="${realm}",service="images, and more"`;
    return { status: 401, headers: { 'www-authenticate': challenge } };
  }
  return wants.contents[asked.path.replace('/v2/', '').replace(/\?.*/, '')] ?? { status: 404, body: '{"errors":[]}' };
};

const isUser = ({ users = {} }: RegistryWants, authorization: string | undefined): boolean =>
  Object.entries(users).some(
    ([user, password]) => authorization === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  );

const isLoggedIn = (wants: RegistryWants, { authorization }: Asked): boolean => {
  switch (wants.login) {
    case 'basic':
      return isUser(wants, authorization);
    case 'bearer':
      return authorization === 'Bearer good-token';
    default:
      return true;
  }
};

const giveToken = (wants: RegistryWants, { path, authorization, method, body }: Asked): Told => {
  const refreshed = Object.values(wants.users ?? {}).includes(new URLSearchParams(body).get('refresh_token') ?? '');
  const asks = method === 'POST' ? new URLSearchParams(body) : new URL(path, 'https://registry').searchParams;
  if (asks.get('service') !== 'images, and more' || !/^repository:[a-z/]+:pull$/.test(asks.get('scope') ?? '')) {
    return { status: 400 };
  }
  if (refreshed || isUser(wants, authorization) || (wants.isPublic === true && authorization === undefined)) {
    return { body: JSON.stringify({ token: 'good-token' }) };
  }
  // Servers give nobody a token as well; it is just good for nothing.
  return authorization === undefined ? { body: JSON.stringify({ access_token: 'weak-token' }) } : { status: 401 };
};
