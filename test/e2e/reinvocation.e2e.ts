// Podgraft among other webhooks: asked again after one of them changed the pod; and asked about an update.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import { type Harness, startHarness } from './harness.ts';
import { lostFromPatch } from './read-back.ts';
import { ensureNamespace } from './test-cluster.ts';
import { registerWebhook, selectedBy, untilCalled } from './webhook-configuration.ts';
import { allowWith, startWebhookServer, type WebhookServer } from './webhook-server.ts';

const annotations = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/role': 'app',
  'vault.hashicorp.com/agent-inject-secret-login': 'kv/data/login',
};
const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness('reinvocation');
});
afterAll(() => harness?.end());

describe('another webhook adds a container after podgraft', () => {
  const namespace = 'with-late-webhook';
  const addition: Operation = { op: 'add', path: '/spec/containers/-', value: { name: 'late', image: 'late:1' } };
  let late: WebhookServer;
  let unregister: () => Promise<void>;

  beforeAll(async () => {
    const certificate = await harness.authority.issueServer('late');
    late = await startWebhookServer(certificate, async (body) => allowWith(body, [addition]));
    unregister = await registerWebhook(harness.api, {
      name: 'reinvocation-late', // webhooks are called in the order of their names
      url: late.url,
      authority: harness.authority.certificate,
      selects: 'reinvocation',
      changes: { reinvocationPolicy: 'Never' },
    });
    await harness.selected(namespace);
    await untilCalled(harness.api, namespace, () => late.take().length > 0);
    harness.relay.take();
  });
  afterAll(async () => {
    await unregister();
    await late.close();
  });

  test('podgraft is asked again, and its second answer changes nothing', async () => {
    const path = `/api/v1/namespaces/${namespace}/pods`;
    const stored = await harness.api.post<Pod>(path, { metadata: { name: 'app', annotations }, spec });
    const [first, second, ...more] = harness.relay.take();
    expect(more).toEqual([]);
    expect(first?.operations?.length).toBeGreaterThan(0);
    expect(second?.request['uid']).not.toBe(first?.request['uid']);
    expect(second?.response.allowed).toBe(true);
    expect(second?.operations ?? []).toEqual([]);
    expect(stored.spec?.containers.map(({ name }) => name)).toEqual(['app', 'vault-agent', 'late']);
    if (second !== undefined) {
      expect(lostFromPatch(second, stored)).toEqual([]);
    }
  });
});

describe('the update of a pod', () => {
  const create = (namespace: string): Promise<Pod> =>
    harness.api.post<Pod>(`/api/v1/namespaces/${namespace}/pods`, { metadata: { name: 'app' }, spec });
  const annotate = (namespace: string): Promise<Pod> =>
    harness.api.mergePatch<Pod>(`/api/v1/namespaces/${namespace}/pods/app`, { metadata: { annotations } });

  test('is not sent to podgraft, with the rules of deploy/base', async () => {
    await harness.selected('updates-unasked');
    const created = await create('updates-unasked');
    expect(harness.relay.take()).toHaveLength(1);
    const updated = await annotate('updates-unasked');
    expect(harness.relay.take()).toEqual([]);
    expect(updated.spec).toEqual(created.spec);
  });

  test('is left alone where an operator added UPDATE to the rules', async () => {
    const { api, relay, authority } = harness;
    const operations = ['CREATE', 'UPDATE'];
    const unregister = await registerWebhook(api, {
      name: 'reinvocation-update',
      url: relay.url,
      authority: authority.certificate,
      changes: { rules: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources: ['pods'] }] },
    });
    try {
      await ensureNamespace(api, 'updates-asked', { labels: selectedBy('reinvocation-update') });
      await untilCalled(api, 'updates-asked', () => relay.take().length > 0);
      const created = await create('updates-asked');
      relay.take();
      const updated = await annotate('updates-asked');
      const [review, ...more] = relay.take();
      expect(more).toEqual([]);
      expect(review?.request['operation']).toBe('UPDATE');
      expect(review?.response.allowed).toBe(true);
      expect(review?.operations).toBeUndefined();
      expect(updated.spec).toEqual(created.spec);
    } finally {
      await unregister();
    }
  });
});
