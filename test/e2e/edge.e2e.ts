// A real API server asks the Worker in workerd: by a webhook of the API, and by a manifest among its own files.
import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../core/index.ts';
import { type Api, ApiError } from '../../scripts/cluster/api.ts';
import { type Authority, createAuthority, type KeyPair } from '../../scripts/cluster/certificate.ts';
import { until } from '../../scripts/cluster/until.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import { basicConfiguration } from './harness.ts';
import { connect, ensureNamespace, readStaticManifests } from './test-cluster.ts';
import { registerWebhook, selectedBy, webhookFor } from './webhook-configuration.ts';
import { startWorkerServer, type WorkerServer } from './worker-server.ts';

const pod = {
  metadata: {
    name: 'app',
    annotations: { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'app' },
  },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
};

const [segment, nextSegment, strange] = [0, 1, 2].map(() => randomBytes(32).toString('hex')) as [
  string,
  string,
  string,
];

let api: Api;
let authority: Authority;
let pair: KeyPair;
let worker: WorkerServer;
beforeAll(async () => {
  api = connect();
  authority = await createAuthority('podgraft-e2e-edge');
  pair = await authority.issueServer('podgraft');
  worker = await startWorkerServer(pair, {
    PODGRAFT_PATH_SECRETS: `${segment}\n${nextSegment}`,
    PODGRAFT_CONFIGURATION: basicConfiguration,
    PODGRAFT_LOG_LEVEL: 'silent',
  });
});
afterAll(async () => {
  await worker?.stop();
  api?.close();
});

const isInjected = ({ pod: stored }: Verdict): boolean =>
  stored?.spec?.containers.some(({ name }) => name === 'vault-agent') ?? false;

const untilInjected = (namespace: string): Promise<Verdict> =>
  until('a pod is injected', async () => {
    const verdict = await createInDryRun(api, namespace, pod);
    return isInjected(verdict) ? verdict : undefined;
  });

const untilRefused = (namespace: string): Promise<string> =>
  until('a pod is refused', async () => (await createInDryRun(api, namespace, pod)).refused);

/** What a user is told of a webhook that does not know the API server. */
const NOT_KNOWN = /failed calling webhook .*: the server has asked for the client to provide credentials$/;

const closed = { failurePolicy: 'Fail' };

test('a webhook with a path segment reaches the Worker, and one without it does not', async () => {
  const name = 'edge-by-path';
  const registration = { name, url: worker.url, authority: authority.certificate, changes: closed };
  await ensureNamespace(api, name, { labels: selectedBy(name) });
  const unregister = await registerWebhook(api, { ...registration, path: `/mutate/${segment}` });
  try {
    await untilInjected(name);
  } finally {
    await unregister();
  }
  const again = await registerWebhook(api, { ...registration, path: `/mutate/${strange}` });
  try {
    const refused = await untilRefused(name);
    expect(refused).toMatch(NOT_KNOWN);
    expect(refused).not.toContain(strange);
  } finally {
    await again();
  }
});

test('a manifest among the files of the API server reaches it too, and changes without a restart', async () => {
  const name = 'edge-by-manifest';
  const file = join(readStaticManifests(), `${name}.yaml`);
  const write = (path: string): void => {
    const webhook = webhookFor({ name, url: worker.url, path, authority: authority.certificate, changes: closed });
    // One step: the API server must not read half of a file.
    writeFileSync(`${file}.fresh`, JSON.stringify(manifest(`${name}.static.k8s.io`, webhook)));
    renameSync(`${file}.fresh`, file);
  };
  await ensureNamespace(api, name, { labels: selectedBy(name) });
  try {
    expect(isInjected(await createInDryRun(api, name, pod))).toBe(false);
    write(`/mutate/${segment}`);
    await untilInjected(name);
    await expect(api.get(`${COLLECTION}/${name}.static.k8s.io`)).rejects.toMatchObject({ status: 404 });
    write(`/mutate/${strange}`);
    expect(await untilRefused(name)).toMatch(NOT_KNOWN);
    write(`/mutate/${nextSegment}`);
    await untilInjected(name);
  } finally {
    rmSync(file, { force: true });
  }
  await until('pods are left alone', async () => {
    const verdict = await createInDryRun(api, name, pod);
    return verdict.pod !== undefined && !isInjected(verdict) ? true : undefined;
  });
});

test('nobody can make a webhook of such a name through the API', async () => {
  const webhook = webhookFor({ name: 'x', url: worker.url, authority: authority.certificate });
  const refused = await api.post(COLLECTION, manifest('x.static.k8s.io', webhook)).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).message).toContain('.static.k8s.io');
});

const COLLECTION = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations';

const manifest = (name: string, webhook: JsonObject): JsonObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name },
  webhooks: [webhook],
});
