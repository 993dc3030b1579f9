// Credentials for registries, as pull secrets hold them.
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import { canonicalRegistry } from './image-reference.ts';

/** How to log in. */
export interface Credential {
  readonly username: string;
  readonly password: string;
  /** A refresh token that takes the password's place, or empty. */
  readonly identityToken: string;
}

/** A credential with the images it is for: `registry.example/team`. */
export interface Entry {
  readonly pattern: string;
  readonly credential: Credential;
}

/**
 * Reads the entries of a Secret of type `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`. What is not as
 * it should be, another type included, is left out, as kubelet does.
 */
export const readEntries = (secret: JsonObject): readonly Entry[] => {
  const data = own(secret, 'data');
  if (!isObject(data)) {
    return [];
  }
  switch (own(secret, 'type')) {
    case 'kubernetes.io/dockerconfigjson': {
      const config = parseJson(own(data, '.dockerconfigjson'));
      return readAuths(isObject(config) ? own(config, 'auths') : undefined);
    }
    case 'kubernetes.io/dockercfg':
      return readAuths(parseJson(own(data, '.dockercfg')));
    default:
      return [];
  }
};

/** Reads the entries below `auths`. What is not as it should be is left out. */
export const readAuths = (auths: JsonValue | undefined): readonly Entry[] =>
  Object.entries(isObject(auths) ? auths : {}).flatMap(([location, value]) => {
    const credential = isObject(value) ? readCredential(value) : undefined;
    const pattern = patternOf(location);
    return credential === undefined || pattern === undefined ? [] : [{ pattern, credential }];
  });

const parseJson = (base64: JsonValue | undefined): JsonValue | undefined => {
  try {
    return typeof base64 === 'string' ? (JSON.parse(Buffer.from(base64, 'base64').toString()) as JsonValue) : undefined;
  } catch {
    return undefined;
  }
};

const readCredential = (value: JsonObject): Credential | undefined => {
  const [username, password, auth, identityToken] = ['username', 'password', 'auth', 'identitytoken'].map((key) => {
    const found = own(value, key);
    return typeof found === 'string' ? found : '';
  }) as [string, string, string, string];
  // As with Docker, `auth` goes over the two others.
  const decoded = Buffer.from(auth, 'base64').toString();
  const colon = decoded.indexOf(':');
  const login =
    colon > 0 ? { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) } : { username, password };
  return (login.username === '' || login.password === '') && identityToken === ''
    ? undefined
    : { ...login, identityToken };
};

/** `https://index.docker.io/v1/` and `docker.io` are one place. */
const patternOf = (location: string): string | undefined => {
  const url = location.replace(/^https?:\/\//, '');
  const slash = url.indexOf('/');
  const host = canonicalRegistry(slash === -1 ? url : url.slice(0, slash));
  const path = slash === -1 ? '' : url.slice(slash).replace(/^\/v[12]\//, '/');
  return host === '' ? undefined : host + (path === '/' ? '' : path);
};

/**
 * Chooses the credentials for an image, most specific first
 * ([rule](https://kubernetes.io/docs/concepts/containers/images/#config-json)).
 *
 * @param image registry and repository: `registry.example/team/app`
 */
export const credentialsFor = (entries: readonly Entry[], image: string): readonly Credential[] =>
  entries
    .filter(({ pattern }) => isMatch(pattern, image))
    .sort((one, other) => Number(one.pattern < other.pattern) - Number(one.pattern > other.pattern))
    .map(({ credential }) => credential);

const isMatch = (pattern: string, image: string): boolean => {
  const [wanted, given] = [splitHost(pattern), splitHost(image)];
  const [labels, givenLabels] = [wanted.name.split('.'), given.name.split('.')];
  return (
    wanted.port === given.port &&
    labels.length === givenLabels.length &&
    labels.every((label, index) => isGlobMatch(label, givenLabels[index] ?? '')) &&
    given.path.startsWith(wanted.path)
  );
};

const splitHost = (text: string): { readonly name: string; readonly port: string; readonly path: string } => {
  const [, name = '', port = '', path = ''] = /^(\[[^\]]*\]|[^:/]*)(:[^/]*)?(\/.*)?$/s.exec(text) ?? [];
  return { name, port, path };
};

/** Matches with `*` for any characters and `?` for one, in time that grows with the product of the lengths at most. */
const isGlobMatch = (pattern: string, text: string): boolean => {
  let [at, star, mark] = [0, -1, 0];
  for (let index = 0; index < text.length; ) {
    const wanted = pattern[at];
    if (wanted === '*') {
      [star, mark] = [at, index];
      at += 1;
    } else if (wanted === '?' || wanted === text[index]) {
      at += 1;
      index += 1;
    } else if (star === -1) {
      return false;
    } else {
      mark += 1;
      [at, index] = [star + 1, mark];
    }
  }
  return /^\**$/.test(pattern.slice(at));
};
