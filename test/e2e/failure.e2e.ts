// What a user sees when a pod is refused, and when the webhook is down.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../scripts/cluster/until.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import { type Harness, startHarness } from './harness.ts';
import { ensureNamespace } from './test-cluster.ts';
import { deployedWebhook, registerWebhook, selectedBy, untilCalled } from './webhook-configuration.ts';

const namespace = 'failure';
const pod = (annotations: Readonly<Record<string, string>>) => ({
  metadata: { name: 'app', annotations: { 'vault.hashicorp.com/agent-inject': 'true', ...annotations } },
  spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
});

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness('failure');
  await harness.selected(namespace);
});
afterAll(() => harness?.end());

test('the webhook of deploy/base asks for new pods only, and may be asked twice', () => {
  expect(deployedWebhook()).toMatchObject({
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    failurePolicy: expect.stringMatching(/^(?:Fail|Ignore)$/),
    reinvocationPolicy: 'IfNeeded',
    sideEffects: 'None',
    timeoutSeconds: 5,
  });
});

test('a pod with a broken annotation is refused, in the words of vault-k8s', async () => {
  const broken = pod({ 'vault.hashicorp.com/role': 'app', 'vault.hashicorp.com/agent-revoke-on-shutdown': 'perhaps' });
  const { refused } = await createInDryRun(harness.api, namespace, broken);
  expect(refused).toMatch(/^admission webhook "[^"]+" denied the request: .*strconv\.ParseBool: parsing "perhaps"/);
});

describe('while podgraft is down', () => {
  const sound = pod({ 'vault.hashicorp.com/role': 'app' });
  let unregister: () => Promise<void>;

  beforeAll(async () => {
    const { api, relay, authority } = harness;
    const changes = { failurePolicy: 'Ignore' };
    const registration = { name: 'failure-open', url: relay.url, authority: authority.certificate, changes };
    unregister = await registerWebhook(api, registration);
    await ensureNamespace(api, 'open', { labels: selectedBy('failure-open') });
    await untilCalled(api, 'open', () => relay.take().length > 0);
    for (const name of [namespace, 'open']) {
      expect(agents(await createInDryRun(api, name, sound))).toBe(1);
    }
    await relay.close();
  });
  afterAll(() => unregister());

  test('no pod is made with failurePolicy Fail, and the refusal names the webhook and the reason', async () => {
    // The API server may try a connection first that it kept: then the reason is "broken pipe" or "EOF".
    const refused = await until('the refusal tells the reason', async () => {
      const verdict = await createInDryRun(harness.api, namespace, sound);
      expect(verdict.pod).toBeUndefined();
      return verdict.refused?.includes('connection refused') ? verdict.refused : undefined;
    });
    expect(refused).toContain(`failed calling webhook "${String(deployedWebhook()['name'])}"`);
  });

  test('pods are made without an agent with failurePolicy Ignore', async () => {
    const verdict = await createInDryRun(harness.api, 'open', sound);
    expect(verdict.refused).toBeUndefined();
    expect(agents(verdict)).toBe(0);
  });
});

const agents = ({ pod: stored }: Verdict): number | undefined =>
  stored?.spec?.containers.filter(({ name }) => name === 'vault-agent').length;
