// The recorded pods of Bank-Vaults' webhook, and one of each mode that they do not have, created in dry run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../core/index.ts';
import { bankVaults, configurationText } from '../golden/bank-vaults.ts';
import { readGoldenCases } from '../golden/golden-case.ts';
import { accountsOf, RECORDED_NAMESPACE } from './golden-pod.ts';
import { type Harness, startHarness } from './harness.ts';
import { createPodReadBack } from './pod-read-back.ts';
import { allowedBy, describeOwn, describeRecorded, type OwnPod } from './recorded-pods.ts';

/** A pod that the API server refuses whatever is injected: the case, and a part of the refusal. */
const REFUSED: Readonly<Record<string, string>> = {
  'random-mix/mix-24': 'may not be set for init containers without restartPolicy=Always',
};

/** An API server sends it, and nothing has to be looked up: the server of these tests has nothing to look with. */
const cases = readGoldenCases(bankVaults.name).filter(
  (golden) =>
    [golden.request.rawBody, golden.request.headers, golden.request.reviewVersion].every(
      (unusual) => unusual === undefined,
    ) &&
    isObject(golden.request.object) &&
    golden.request.object['kind'] === 'Pod' &&
    golden.request['operation'] === 'CREATE' &&
    golden.request.namespace === RECORDED_NAMESPACE &&
    bankVaults.needsFacts?.(golden) !== true,
);

const groups = Map.groupBy(cases.filter(allowedBy(bankVaults.name)), configurationText);

const PREFIX = 'secrets-webhook.security.bank-vaults.io/';

const podOf = (annotations: Readonly<Record<string, string>>, more: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'orders',
    annotations: Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value])),
  },
  spec: {
    initContainers: [{ name: 'prepare', image: 'registry.example/app:1', command: ['/prepare'] }],
    containers: [
      {
        name: 'app',
        image: 'registry.example/app:1',
        command: ['/srv/app', '$(HOSTNAME)'],
        env: [{ name: 'PASSWORD', value: 'vault:kv/data/db#password' }],
        ...more,
      },
    ],
  },
});

const exec = { exec: { command: ['/srv/check', '$(HOSTNAME)'] } };
const OWN_PODS: readonly OwnPod[] = [
  ['the older webhook', { helper: { name: 'vault-env' } }, podOf({ 'secret-init-daemon': 'true' })],
  [
    'a seccomp profile and an identity',
    { seccompProfile: 'RuntimeDefault' },
    podOf({
      'run-as-non-root': 'true',
      'run-as-user': '1000',
      'run-as-group': '2147483647',
      'vault-agent-configmap': 'own',
    }),
  ],
  [
    'probes and hooks',
    {},
    podOf(
      { 'mutate-probes': 'true', 'mutate-lifecycle': 'true' },
      { livenessProbe: exec, readinessProbe: exec, startupProbe: exec, lifecycle: { postStart: exec, preStop: exec } },
    ),
  ],
  [
    'an agent that logs in with a ConfigMap',
    {},
    podOf({ 'vault-agent': 'true', 'vault-agent-configmap': 'own', 'vault-tls-secret': 'ca' }),
  ],
  [
    'an image that is known',
    { images: { 'registry.example/app': { entrypoint: ['/run', '$(HOSTNAME)'], command: ['-x'] } } },
    podOf({}, { command: [], args: ['$(HOSTNAME)'] }),
  ],
  [
    'variables from everywhere',
    {},
    podOf({
      'vault-agent-configmap': 'own',
      'vault-agent-env-variables': JSON.stringify([
        { Name: 'POD', ValueFrom: { FieldRef: { FieldPath: 'metadata.name' } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1' } } },
        { name: 'S', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
        { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'k', optional: true } } },
      ]),
    }),
  ],
  ['text that means something elsewhere', {}, podOf({ 'vault-agent': 'true', 'vault-role': '"$(id)" ${X} ż`\'$\n' })],
];

let harness: Harness;
const readBack = createPodReadBack(() => harness, RECORDED_NAMESPACE);
beforeAll(async () => {
  harness = await startHarness('vault-env');
  await harness.selected(RECORDED_NAMESPACE, accountsOf(cases));
});
afterAll(() => harness?.end());

const tried = { harness: () => harness, readBack };

describeRecorded(tried, groups, REFUSED);
describeOwn(tried, {
  system: 'vault_env',
  pods: OWN_PODS,
  check: (stored) =>
    expect(stored?.spec?.containers?.at(-1)?.command?.[0]).toMatch(/^\/vault\/(?:secret-init|vault-env)$/),
});

test('these pods set every field that the template has, so all were read back', () => {
  expect(readBack.unseen('vault_env')).toEqual([]);
});
