// The recorded pods of the Talend injector, and some of each mode that it does not know, created in dry run.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isObject, type JsonObject } from '../../core/index.ts';
import { readDifferences } from '../golden/differences.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import { configurationText, talendVsi } from '../golden/talend-vsi.ts';
import { accountsOf, RECORDED_NAMESPACE } from './golden-pod.ts';
import { type Harness, startHarness } from './harness.ts';
import { createPodReadBack } from './pod-read-back.ts';

/** Pods that the API server refuses whatever is injected: case, and a part of the refusal. */
const REFUSED: Readonly<Record<string, string>> = {
  'random-mix/mix-24': 'may not be set for init containers without restartPolicy=Always',
  'random-mix/mix-30': 'may not be set for init containers without restartPolicy=Always',
  'random-mix-tuned/mix-09': 'may not be set for init containers without restartPolicy=Always',
};

const differences = readDifferences(talendVsi.name);

const isAllowed = ({ id, response }: GoldenCase): boolean => {
  const decided = differences.find((row) => row.case === id && row.pointer === '/allowed');
  return decided === undefined ? response.allowed === true : decided.expected === true;
};

/** An API server sends it: the creation of a pod, with a token if the pod did not say otherwise. */
const cases = readGoldenCases(talendVsi.name).filter(
  ({ request: { object, namespace, operation, rawBody, headers, reviewVersion } }) =>
    [rawBody, headers, reviewVersion].every((unusual) => unusual === undefined) &&
    isObject(object) &&
    operation === 'CREATE' &&
    namespace === RECORDED_NAMESPACE,
);

const allowed = cases.filter(isAllowed);
const groups = [...Map.groupBy(allowed, configurationText)];

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

const OWN_PODS: readonly (readonly [string, JsonObject, JsonObject])[] = [
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

describe.each(groups.map(([text, members]) => ({ name: members[0]?.id ?? '', text, members })))(
  'with the settings of $name',
  ({ text, members }) => {
    beforeAll(() => harness.reconfigure(text));

    test.each(members.map((golden) => [golden.id, golden] as const))('%s is stored as patched', async (id, golden) => {
      const { refused } = await readBack.create(golden.request.object ?? {});
      expect(refused ?? '').toContain(REFUSED[id] ?? '');
      expect(refused === undefined).toBe(REFUSED[id] === undefined);
    });
  },
);

describe.each(OWN_PODS.map(([name, settings, pod]) => ({ name, settings, pod })))('$name', ({ settings, pod }) => {
  test('is stored as patched', async () => {
    const configuration = {
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      policy: { talend_vsi: settings },
    };
    await harness.reconfigure(stringify(configuration));
    const { refused, pod: stored } = await readBack.create(pod);
    expect(refused).toBeUndefined();
    expect(stored?.metadata?.annotations?.[`${PREFIX}status`]).toBe('injected');
  });
});

test('these pods set every field that the template has, so all were read back', () => {
  expect(readBack.unseen('talend_vsi')).toEqual(UNREACHABLE);
});
