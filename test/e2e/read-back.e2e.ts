// The read-back itself: it must notice what a real API server drops without a word.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Operation } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import type { Api } from '../../scripts/cluster/api.ts';
import { createAuthority } from '../../scripts/cluster/certificate.ts';
import { lostFromPatch } from './read-back.ts';
import { connect, ensureNamespace } from './test-cluster.ts';
import { registerWebhook, selectedBy, untilCalled } from './webhook-configuration.ts';
import { allowWith, startWebhookServer, type WebhookServer } from './webhook-server.ts';

const namespace = 'read-back';
const operations: readonly Operation[] = [
  { op: 'add', path: '/spec/containers/0/securityContext', value: { privileged: false, allowPrivileges: false } },
  { op: 'add', path: '/spec/containers/0/resources', value: { limits: { cpu: '0.5' } } },
  { op: 'add', path: '/spec/containers/0/restarts', value: 3 },
];

let api: Api;
let careless: WebhookServer;
let unregister: (() => Promise<void>) | undefined;

beforeAll(async () => {
  api = connect();
  const authority = await createAuthority('read-back');
  careless = await startWebhookServer(await authority.issueServer('careless'), async (body) =>
    allowWith(body, operations),
  );
  unregister = await registerWebhook(api, { name: namespace, url: careless.url, authority: authority.certificate });
  await ensureNamespace(api, namespace, { labels: selectedBy(namespace) });
  await untilCalled(api, namespace, () => careless.take().length > 0);
});
afterAll(async () => {
  await unregister?.();
  await careless?.close();
  api?.close();
});

test('fields that the API server does not know are missed, a quantity in canonical form is not', async () => {
  careless.take();
  const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
  const stored = await api.post<Pod>(`/api/v1/namespaces/${namespace}/pods`, { metadata: { name: 'app' }, spec });
  const [exchange] = careless.take();
  expect(exchange && lostFromPatch(exchange, stored)).toEqual([
    '/spec/containers/0/securityContext/allowPrivileges: false became undefined',
    '/spec/containers/0/restarts: 3 became undefined',
  ]);
});
