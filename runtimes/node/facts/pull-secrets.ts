// Finds the credentials for an image in the pull secrets of a pod and of its ServiceAccount.
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import { type Credential, credentialsFor, readEntries } from './docker-config.ts';
import type { ReadObject } from './kubernetes-api.ts';
import { factCodeOf } from './no-fact.ts';

/** Whose pull secrets. */
export interface PullSecretsOf {
  readonly namespace: string;
  readonly pullSecrets: readonly string[];
  /** Empty: `default`. */
  readonly serviceAccount: string;
}

/** A pod names a few. */
const MAX_SECRETS = 16;

/** What was found. */
export interface Credentials {
  readonly list: readonly Credential[];
  /** Names of what podgraft is not allowed to read. */
  readonly unread: readonly string[];
}

/**
 * Reads the credentials for an image, the pod's own before its ServiceAccount's. What does not exist is passed over, as
 * kubelet does.
 *
 * @param image registry and repository, as the server that is asked has them: `registry.example/team/app`
 * @param readObject absent: there is no API to ask, so there are none
 * @throws {Fault} `fact.*` where the API cannot be asked
 */
export const findCredentials = async (
  readObject: ReadObject | undefined,
  { of, image, signal }: { of: PullSecretsOf; image: string; signal: AbortSignal },
): Promise<Credentials> => {
  if (readObject === undefined) {
    return { list: [], unread: [] };
  }
  const { namespace, pullSecrets, serviceAccount } = of;
  const unread: string[] = [];
  const read = async (resource: 'secrets' | 'serviceaccounts', name: string): Promise<JsonObject> => {
    try {
      return await readObject({ resource, namespace, name }, signal);
    } catch (thrown) {
      return passOver(thrown, () => unread.push(name));
    }
  };
  const account = await read('serviceaccounts', serviceAccount === '' ? 'default' : serviceAccount);
  const names = [...new Set([...pullSecrets, ...secretNames(own(account, 'imagePullSecrets'))])].slice(0, MAX_SECRETS);
  const secrets = await Promise.all(names.map((name) => read('secrets', name)));
  return { list: credentialsFor(secrets.flatMap(readEntries), image), unread };
};

/** What is not there, or must not be read, may not be needed either: the image may be public. */
const passOver = (thrown: unknown, forbidden: () => void): JsonObject => {
  const code = factCodeOf(thrown);
  if (code === 'forbidden') {
    forbidden();
  } else if (code !== 'not_found') {
    throw thrown;
  }
  return {};
};

const secretNames = (list: JsonValue | undefined): readonly string[] =>
  Array.isArray(list)
    ? (list as readonly JsonValue[]).flatMap((item) => {
        const name = isObject(item) ? own(item, 'name') : undefined;
        return typeof name === 'string' && name !== '' ? [name] : [];
      })
    : [];
