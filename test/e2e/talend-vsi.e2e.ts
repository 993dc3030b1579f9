// The recorded pods of the Talend injector, and some of each mode that it does not know, created in dry run.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../core/index.ts';
import { readGoldenCases } from '../golden/golden-case.ts';
import { configurationText, talendVsi } from '../golden/talend-vsi.ts';
import { accountsOf, RECORDED_NAMESPACE } from './golden-pod.ts';
import { type Harness, startHarness } from './harness.ts';
import { createPodReadBack } from './pod-read-back.ts';
import { allowedBy, describeOwn, describeRecorded, type OwnPod } from './recorded-pods.ts';

/** Pods that the API server refuses whatever is injected: case, and a part of the refusal. */
const REFUSED: Readonly<Record<string, string>> = {
  'random-mix/mix-24': 'may not be set for init containers without restartPolicy=Always',
  'random-mix/mix-30': 'may not be set for init containers without restartPolicy=Always',
  'random-mix-tuned/mix-09': 'may not be set for init containers without restartPolicy=Always',
};

/** An API server sends it: the creation of a pod, with a token if the pod did not say otherwise. */
const cases = readGoldenCases(talendVsi.name).filter(
  ({ request: { object, namespace, operation, rawBody, headers, reviewVersion } }) =>
    [rawBody, headers, reviewVersion].every((unusual) => unusual === undefined) &&
    isObject(object) &&
    operation === 'CREATE' &&
    namespace === RECORDED_NAMESPACE,
);

const groups = Map.groupBy(cases.filter(allowedBy(talendVsi.name)), configurationText);

/** Fields of a fragment that a common sidecar shares but never uses. */
const UNREACHABLE = ['spec.containers[].restartPolicy'];

const PREFIX = 'sidecar.vault.talend.org/';

const podOf = (annotations: Readonly<Record<string, string>>, containers = 1): JsonObject => ({
  metadata: {
    name: 'orders',
    labels: { 'com.talend.application': 'orders', 'com.talend.service': 'api' },
    annotations: Object.fromEntries(
      Object.entries({ inject: 'true', ...annotations }).map(([key, value]) => [`${PREFIX}${key}`, value]),
    ),
  },
  spec: {
    restartPolicy: 'Never',
    initContainers: [{ name: 'prepare', image: 'registry.example/app:1' }],
    containers: Array.from({ length: containers }, (_, index) => ({
      name: `app-${index}`,
      image: 'registry.example/app:1',
      command: ['/srv/app', '$(HOSTNAME)'],
    })),
  },
});

const ALL_SETTINGS = {
  'vault-address': 'https://other:8200',
  'vault-namespace': 'admin',
  'vault-ca-secret': 'vault-ca',
  'vault-auth-path': 'auth/eks',
  'secrets-kv-version': '2',
  'vault-limits-cpu': '1500m',
  'vault-limits-memory': '1Gi',
  'vault-requests-memory': '0.5Gi',
};

const OWN_PODS: readonly OwnPod[] = [
  ['every setting of its own', {}, podOf({ ...ALL_SETTINGS, mode: 'secrets,proxy' })],
  ['static secrets with these', { vault: { skipVerify: true } }, podOf({ ...ALL_SETTINGS, 'secrets-type': 'static' })],
  ['a native sidecar in a job', { nativeSidecars: 'jobs' }, podOf({ mode: 'job' }, 2)],
  ['a native sidecar with a hook', { nativeSidecars: 'always' }, podOf({ 'secrets-hook': 'y', mode: 'secrets,proxy' })],
  ['text that means something elsewhere', {}, podOf({ notify: '"$(id)" ${X} {{ \\', 'secrets-destination': 'ż"`\'$' })],
];

let harness: Harness;
const readBack = createPodReadBack(() => harness, RECORDED_NAMESPACE);
beforeAll(async () => {
  harness = await startHarness('talend-vsi');
  await harness.selected(RECORDED_NAMESPACE, accountsOf(cases));
});
afterAll(() => harness?.end());

const tried = { harness: () => harness, readBack };

describeRecorded(tried, groups, REFUSED);
describeOwn(tried, {
  system: 'talend_vsi',
  pods: OWN_PODS,
  check: (stored) => expect(stored?.metadata?.annotations?.[`${PREFIX}status`]).toBe('injected'),
});

test('these pods set every field that the template has, so all were read back', () => {
  expect(readBack.unseen('talend_vsi')).toEqual(UNREACHABLE);
});
