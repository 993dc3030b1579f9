// Workloads on a real API server: what the webhook makes of them, and what `podgraft inject` makes of the same manifest.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import type { Api } from '../../scripts/cluster/api.ts';
import { until } from '../../scripts/cluster/until.ts';
import { basicConfiguration, type Harness, startHarness } from './harness.ts';
import { injectManifest } from './inject-command.ts';
import { comparable } from './stored-pod.ts';

const manifest = readFileSync(new URL('manifest/workloads.yaml', import.meta.url), 'utf8');
const plain = parseAllDocuments(manifest).map((document) => document.toJS() as JsonObject);

/** The value of the label `workload` on each workload's pods, and the containers that they must have. */
const workloads = {
  pod: { init: ['vault-agent-init'], main: ['app', 'vault-agent'] },
  deployment: { init: ['migrate', 'vault-agent-init'], main: ['web', 'metrics', 'vault-agent'] },
  statefulset: { init: ['vault-agent-init'], main: ['ledger', 'vault-agent'] },
  job: { init: ['vault-agent-init', 'fetch'], main: ['import'] },
  cronjob: { init: [], main: ['cleanup', 'vault-agent'] },
} as const;

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness('workload');
  await harness.selected('by-webhook');
  await harness.unselected('by-inject');
  const injected = await injectManifest(manifest, { namespace: 'by-inject', configuration: basicConfiguration });
  expect(injected.map(({ kind }) => kind)).toEqual(plain.map(({ kind }) => kind));
  for (const object of plain) {
    await create(harness.api, 'by-webhook', object);
  }
  for (const object of injected) {
    await create(harness.api, 'by-inject', object);
  }
});
afterAll(() => harness?.end());

describe.each(Object.entries(workloads))('the pod of the %s', (workload, { init, main }) => {
  test('is injected by the webhook, and equally by `podgraft inject`', async () => {
    const [webhook, inject] = await Promise.all([
      podOf(harness.api, 'by-webhook', workload),
      podOf(harness.api, 'by-inject', workload),
    ]);
    expect(webhook.metadata?.annotations).toMatchObject({ 'vault.hashicorp.com/agent-inject-status': 'injected' });
    expect((webhook.spec?.initContainers ?? []).map(({ name }) => name)).toEqual(init);
    expect((webhook.spec?.containers ?? []).map(({ name }) => name)).toEqual(main);
    expect(comparable(inject)).toEqual(comparable(webhook));
  }, 90_000);
});

test('the webhook hears of nothing in a namespace that it does not select', async () => {
  await until('all pods exist', async () => ((await pods(harness.api, 'by-inject')).length === 5 ? true : undefined));
  const namespaces = harness.relay.take().map(({ request }) => request['namespace']);
  expect([...new Set(namespaces)]).toEqual(['by-webhook']);
});

test('an object that makes no pods passes through `podgraft inject` as it was', async () => {
  const [before, after] = await Promise.all(
    ['by-webhook', 'by-inject'].map((name) => harness.api.get(`/api/v1/namespaces/${name}/configmaps/settings`)),
  );
  expect(after?.['data']).toEqual(before?.['data']);
  expect(annotationsOf(after)).toEqual(annotationsOf(before));
});

const annotationsOf = (object: JsonObject | undefined): unknown =>
  isObject(object?.['metadata']) ? object['metadata']['annotations'] : undefined;

const COLLECTIONS: Readonly<Record<string, string>> = {
  ConfigMap: 'api/v1/namespaces/NAMESPACE/configmaps',
  Pod: 'api/v1/namespaces/NAMESPACE/pods',
  Deployment: 'apis/apps/v1/namespaces/NAMESPACE/deployments',
  StatefulSet: 'apis/apps/v1/namespaces/NAMESPACE/statefulsets',
  Job: 'apis/batch/v1/namespaces/NAMESPACE/jobs',
  CronJob: 'apis/batch/v1/namespaces/NAMESPACE/cronjobs',
};

const create = async (api: Api, namespace: string, object: JsonObject): Promise<void> => {
  const path = COLLECTIONS[String(object['kind'])];
  if (path === undefined) {
    throw new Error(`no collection for kind ${String(object['kind'])}`);
  }
  const collection = `/${path.replace('NAMESPACE', namespace)}`;
  await api.post(`${collection}?fieldValidation=Strict`, object);
  if (object['kind'] === 'CronJob' && isObject(object['metadata'])) {
    await dueNow(api, `${collection}/${object['metadata']['name']}`);
  }
};

/** A CronJob that says it last ran two minutes ago is due at once: no test waits for the minute to turn. */
const dueNow = async (api: Api, path: string): Promise<void> => {
  const lastScheduleTime = new Date(Date.now() - 120_000).toISOString().replace(/\.\d+Z$/, 'Z');
  await api.mergePatch(`${path}/status`, { status: { lastScheduleTime } });
};

const pods = async (api: Api, namespace: string, selector = 'workload'): Promise<readonly Pod[]> => {
  const query = `labelSelector=${encodeURIComponent(selector)}`;
  const { items } = await api.get<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods?${query}`);
  return items;
};

const podOf = (api: Api, namespace: string, workload: string): Promise<Pod> => {
  const first = async (): Promise<Pod | undefined> => (await pods(api, namespace, `workload=${workload}`))[0];
  // Should a CronJob's controller not believe what it is told of the past, the minute turns all the same.
  const timeout = workload === 'cronjob' ? 75_000 : 20_000;
  return until(`the pod of the ${workload} exists in ${namespace}`, first, { timeout });
};
