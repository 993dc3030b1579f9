// Registers a webhook with the cluster by URL, with the rules that deploy/base has.
import { readdirSync, readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../core/index.ts';
import { isObject } from '../../core/index.ts';
import type { Api } from '../../scripts/cluster/api.ts';
import { until } from '../../scripts/cluster/until.ts';

const COLLECTION = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';
const LABEL = 'podgraft-e2e';

export interface Registration {
  /** The configuration's name. Webhooks are called in the order of these names. */
  readonly name: string;
  readonly url: string;
  /** The path below it; the default is `/mutate`. */
  readonly path?: string;
  /** The authority that signed the server's certificate, PEM. */
  readonly authority: string;
  /** The namespaces that it gets to see: those with `selectedBy` of this text. The default is the name. */
  readonly selects?: string;
  /** Changes to the webhook of deploy/base. */
  readonly changes?: JsonObject;
}

/** The labels that make a namespace one of those that a webhook gets to see. */
export const selectedBy = (selects: string): Readonly<Record<string, string>> => ({ [LABEL]: selects });

/** Registers the webhook and resolves with the function that takes it away again. */
export const registerWebhook = async (api: Api, registration: Registration): Promise<() => Promise<void>> => {
  const { name } = registration;
  const webhook = webhookFor(registration);
  await api.post(COLLECTION, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name },
    webhooks: [webhook],
  });
  return async () => {
    await api.delete(`${COLLECTION}/${name}`);
  };
};

/** Makes the webhook of deploy/base one at an address. */
export const webhookFor = (registration: Registration): JsonObject => {
  const { name, url, path = '/mutate', authority, selects = name, changes = {} } = registration;
  const deployed = deployedWebhook();
  return {
    ...deployed,
    ...changes,
    clientConfig: { url: `${url}${path}`, caBundle: Buffer.from(authority).toString('base64') },
    namespaceSelector: narrowed(deployed['namespaceSelector'], selects),
  };
};

/** Waits until the API server calls a webhook that was registered just now: it takes up to a second to notice. */
export const untilCalled = async (api: Api, namespace: string, called: () => boolean): Promise<void> => {
  const pod = { metadata: { generateName: 'probe-' }, spec: { containers: [{ name: 'app', image: 'app:1' }] } };
  await until(`the webhook of ${namespace} is called`, async () => {
    await api.post(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
    return called() ? true : undefined;
  });
};

/** Reads the one webhook that deploy/base registers. */
export const deployedWebhook = (): JsonObject => {
  const folder = new URL('../../deploy/base/', import.meta.url);
  const found = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(new URL(file, folder), 'utf8')))
    .map((document) => document.toJS() as unknown)
    .filter((object) => isObject(object) && object['kind'] === 'MutatingWebhookConfiguration');
  const webhooks = isObject(found[0]) ? found[0]['webhooks'] : undefined;
  const webhook = Array.isArray(webhooks) ? webhooks[0] : undefined;
  if (found.length !== 1 || !isObject(webhook)) {
    throw new Error('deploy/base does not hold one webhook');
  }
  return webhook;
};

const narrowed = (selector: unknown, selects: string): JsonObject => {
  const expressions = isObject(selector) ? selector['matchExpressions'] : undefined;
  const ours = { key: LABEL, operator: 'In', values: [selects] };
  return {
    ...(isObject(selector) ? selector : {}),
    matchExpressions: [...(Array.isArray(expressions) ? expressions : []), ours],
  };
};
