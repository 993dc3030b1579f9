// A Kubernetes API on the loopback that knows a few objects, and a kubeconfig for it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject, JsonValue } from '../../../../core/json.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { type Asked, type LoopbackServer, startLoopback, type Told } from './loopback-server.ts';

/** Objects by path below `/api/v1/namespaces/`: `shop/secrets/pull`. */
export type Objects = Readonly<Record<string, JsonObject>>;

/** The API with the file that leads there. */
export interface FakeKubernetes extends LoopbackServer {
  readonly kubeconfig: string;
}

const KINDS: Readonly<Record<string, string>> = {
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  serviceaccounts: 'ServiceAccount',
};

/** Starts an API for one test. */
export const startKubernetes = async (
  objects: Objects,
  override: (asked: Asked) => Told | undefined | Promise<Told | undefined> = () => undefined,
): Promise<FakeKubernetes> => {
  const server = await startLoopback(async (asked) => (await override(asked)) ?? answerObject(objects, asked));
  const kubeconfig = path.join(await scratchFolder(), 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigFor(server)));
  return { ...server, kubeconfig };
};

/** The content of a kubeconfig for an API, in JSON. */
export const kubeconfigFor = ({ url, ca }: LoopbackServer): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'fake', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
  ],
  users: [{ name: 'podgraft', user: { token: 'api-token' } }],
  contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'podgraft' } }],
  'current-context': 'fake',
});

/** Answers as an API that knows these objects. Those whose name begins with `forbidden-` may not be read. */
export const answerObject = (objects: Objects, { path: asked, authorization }: Asked): Told => {
  if (authorization !== 'Bearer api-token') {
    return status(401, 'Unauthorized');
  }
  const [, namespace = '', resource = '', name = ''] =
    /^\/api\/v1\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(asked) ?? [];
  if (name.startsWith('forbidden-')) {
    return status(403, 'Forbidden');
  }
  const found = objects[`${namespace}/${resource}/${name}`];
  return found === undefined
    ? status(404, 'NotFound')
    : json(200, { kind: KINDS[resource] ?? '', apiVersion: 'v1', ...found });
};

const status = (code: number, reason: string): Told => json(code, { kind: 'Status', status: 'Failure', reason, code });

const json = (code: number, value: JsonValue): Told => ({
  status: code,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const TYPES = [
  ['.dockerconfigjson', 'kubernetes.io/dockerconfigjson'],
  ['.dockercfg', 'kubernetes.io/dockercfg'],
] as const;

/** A Secret with these values, of the type that their names stand for. */
export const secret = (values: Readonly<Record<string, string>>): JsonObject => ({
  type: TYPES.find(([key]) => Object.hasOwn(values, key))?.[1] ?? 'Opaque',
  data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')])),
});

/** A pull secret: registry to `user:password`. */
export const pullSecret = (logins: Readonly<Record<string, string>>): JsonObject =>
  secret({
    '.dockerconfigjson': JSON.stringify({
      auths: Object.fromEntries(
        Object.entries(logins).map(([registry, login]) => [registry, { auth: Buffer.from(login).toString('base64') }]),
      ),
    }),
  });
