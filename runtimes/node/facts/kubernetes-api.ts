// Reads single objects from the Kubernetes API.
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { Fault } from '../../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../../core/json.ts';
import { holdsTooMany, MOST_VALUES } from '../../../core/json-bulk.ts';
import { type Incoming, sendRequest } from './http-request.ts';
import { noFact } from './no-fact.ts';

/** What is read. */
export type Resource = 'configmaps' | 'secrets' | 'serviceaccounts';

/** One object. */
export interface ObjectName {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/**
 * Reads an object.
 *
 * @throws {Fault} `fact.*`
 */
export type ReadObject = (object: ObjectName, signal: AbortSignal) => Promise<JsonObject>;

/** Where the API is: a kubeconfig file, the cluster that podgraft runs in, or what `kubectl` would take. */
export type KubernetesSource = { readonly kubeconfig: string } | 'cluster' | 'default';

/** Objects are at most 1 MiB of data; Base64, names and managed fields come on top. */
const LIMIT = 4 * 1024 * 1024;

/**
 * Connects to the API. The library is loaded here and not before: it is large.
 *
 * @returns `undefined` where `default` leads nowhere
 * @throws {Fault} `facts.kubernetes` where it is not said where the API is
 */
export const connectKubernetes = async (source: KubernetesSource): Promise<ReadObject | undefined> => {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    load(config, source);
  } catch (thrown) {
    throw unusable(thrown, source);
  }
  if (source === 'default' && config.getCurrentCluster()?.server === NOWHERE) {
    return undefined;
  }
  const server = config.getCurrentCluster()?.server.replace(/\/+$/, '') ?? '';
  if (!URL.canParse(server)) {
    throw new Fault('facts.kubernetes', 'no Kubernetes API is named: neither by a kubeconfig nor by the cluster');
  }
  return async (object, signal) => {
    const url = new URL(`${server}${pathOf(object)}`);
    const options = await credentials(config);
    return readAnswer(await sendRequest({ url, limit: LIMIT, signal, anyAddress: true, options }), object);
  };
};

/** A parser's message may quote the file, which holds secrets. */
const unusable = (thrown: unknown, source: KubernetesSource): Fault => {
  if (thrown instanceof Fault) {
    return thrown;
  }
  const why = (thrown as NodeJS.ErrnoException).code ?? 'it is no kubeconfig';
  const at = typeof source === 'string' ? {} : { file: source.kubeconfig };
  return new Fault('facts.kubernetes', `the kubeconfig cannot be used (${why})`, { at });
};

/** What the library takes where it finds no kubeconfig. */
const NOWHERE = 'http://localhost:8080';

const load = (config: KubeConfig, source: KubernetesSource): void => {
  if (source === 'cluster') {
    if ((process.env['KUBERNETES_SERVICE_HOST'] ?? '') === '') {
      throw new Fault(
        'facts.kubernetes',
        'podgraft does not run in a cluster, and the setting kubeconfig names no file',
      );
    }
    config.loadFromCluster();
  } else if (source === 'default') {
    config.loadFromDefault();
  } else {
    config.loadFromFile(source.kubeconfig);
  }
};

const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

const pathOf = ({ resource, namespace, name }: ObjectName): string => {
  if (!NAME.test(name) || !NAME.test(namespace)) {
    throw noFact('invalid', `no object of Kubernetes has such a name or namespace`);
  }
  return `/api/v1/namespaces/${namespace}/${resource}/${name}`;
};

/** Tokens end and certificates are renewed, so they are asked for each time; the library knows how long they hold. */
const credentials = async (config: KubeConfig): Promise<RequestOptions> => {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (thrown) {
    throw noFact('unavailable', 'podgraft has no credentials for the Kubernetes API', thrown);
  }
  return { ...options, headers: { accept: 'application/json', ...options.headers } };
};

const readAnswer = ({ status, body }: Incoming, object: ObjectName): JsonObject => {
  if (holdsTooMany(body)) {
    throw noFact('too_large', `the ${KINDS[object.resource]} "${object.name}" holds more than ${MOST_VALUES} values`);
  }
  const value = parse(body);
  if (status === 200) {
    if (isObject(value) && own(value, 'kind') === KINDS[object.resource]) {
      return value;
    }
    throw noFact('invalid', 'the Kubernetes API answers with something else than was asked for');
  }
  throw refusal(status, value, object);
};

const KINDS = { configmaps: 'ConfigMap', secrets: 'Secret', serviceaccounts: 'ServiceAccount' };

/** A 404 counts only as the API itself says it: something between that knows no such path is no proof of absence. */
const refusal = (status: number, value: JsonValue | undefined, { resource, namespace, name }: ObjectName): Fault => {
  const reason = isObject(value) && own(value, 'kind') === 'Status' ? own(value, 'reason') : undefined;
  if (status === 404 && reason === 'NotFound') {
    return noFact('not_found', `there is no ${KINDS[resource]} "${name}" in the namespace "${namespace}"`);
  }
  if (status === 403) {
    return noFact('forbidden', `podgraft may not read ${resource} in the namespace "${namespace}"`);
  }
  if (status === 401) {
    return noFact('unauthorized', 'the Kubernetes API does not know podgraft');
  }
  return status === 429 || status >= 500
    ? noFact('unavailable', `the Kubernetes API answers with status ${status}`)
    : noFact('invalid', `the Kubernetes API answers with status ${status}`);
};

const parse = (body: Buffer): JsonValue | undefined => {
  try {
    return JSON.parse(body.toString()) as JsonValue;
  } catch {
    return undefined;
  }
};
