// Pods that ask for the CSI driver's volume, and pods that ask for several systems at once, created in dry run.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/index.ts';
import { type Wish, wishes } from '../composition/wish.ts';
import { type Harness, startHarness } from './harness.ts';
import { createPodReadBack } from './pod-read-back.ts';

const NAMESPACE = 'composition';
const PREFIX = 'vault-csi.podgraft.dev/';

const configured = (vaultCsi: string): string => `apiVersion: podgraft.dev/v1alpha1
kind: Configuration
policy:
  vault_csi: ${vaultCsi}
`;

const csi = (annotations: Readonly<Record<string, string>>): Wish => ({
  system: 'vault_csi',
  name: '',
  annotations: Object.fromEntries(
    Object.entries({ inject: 'true', ...annotations }).map(([key, value]) => [`${PREFIX}${key}`, value]),
  ),
});

const LISTED = [
  {
    objectName: 'pki/web.pem',
    secretPath: 'pki/issue/web',
    secretKey: 'certificate',
    method: 'PUT',
    secretArgs: { common_name: 'größe "x"', ttl: 60 },
    filePermission: '0400',
    encoding: 'utf-8',
  },
];

/** Wishes of two systems that go together on one pod. */
const pairsThatGo = (): (readonly [string, readonly Wish[]])[] => {
  const names = ['sidecar', 'dynamic', 'reference', 'class'];
  const plain = wishes.filter(({ name }) => names.includes(name));
  return plain.flatMap((one, index) =>
    plain.slice(index + 1).map((other) => [`${one.system} and ${other.system}`, [one, other]] as const),
  );
};

const PODS: readonly (readonly [string, readonly Wish[]])[] = [
  [
    'a class, with variables',
    [csi({ 'csi-class': 'shop-db', 'env-DB.PASSWORD': 'shop-db#tls.key', env: '{"_A_": "s#k"}' })],
  ],
  [
    'a class with everything over it',
    [
      csi({
        'csi-class': 'shop-db',
        role: 'r',
        audience: 'a',
        namespace: 'n',
        'auth-path': 'auth/eu',
        'tls-skip-verify': 'true',
        'vault-address': 'https://v',
      }),
    ],
  ],
  ['a list', [csi({ role: 'shop', objects: JSON.stringify(LISTED), 'object-db': 'kv/data/db#password' })]],
  ['an init container too', [csi({ 'csi-class': 'shop-db', containers: 'migrate,web', 'mount-path': '/etc/secrets' })]],
  ...pairsThatGo(),
];

const podOf = (asked: readonly Wish[]): JsonObject => ({
  metadata: {
    name: 'web',
    labels: Object.assign({}, ...asked.map(({ labels }) => labels)) as JsonObject,
    annotations: Object.assign({}, ...asked.map(({ annotations }) => annotations)) as JsonObject,
  },
  spec: {
    initContainers: [{ name: 'migrate', image: 'registry.example/web:1', command: ['/srv/migrate'] }],
    containers: [
      {
        name: 'web',
        image: 'registry.example/web:1',
        command: ['/srv/web', '$(HOSTNAME)'],
        env: asked.flatMap(({ variables = [] }) => variables),
      },
    ],
  },
});

let harness: Harness;
const readBack = createPodReadBack(() => harness, NAMESPACE);
beforeAll(async () => {
  harness = await startHarness('vault-csi', configured('{classOverrides: true}'));
  await harness.selected(NAMESPACE, ['default']);
});
afterAll(() => harness?.end());

describe('is stored as patched', () => {
  test.each(PODS)('%s', async (_, asked) => {
    const { refused, pod, patched } = await readBack.create(podOf(asked));
    expect([refused, patched]).toEqual([undefined, true]);
    expect(Object.keys(pod?.metadata?.annotations ?? {}).filter((key) => /status$/.test(key)).length).toBeGreaterThan(
      0,
    );
  });
});

test('the older name of a parameter is stored as patched', async () => {
  await harness.reconfigure(configured('{inline: {authPathParameter: vaultKubernetesMountPath}}'));
  const asked = csi({ role: 'r', 'object-db': 'kv/db', 'auth-path': 'eu' });
  const { refused, patched } = await readBack.create(podOf([asked]));
  expect([refused, patched]).toEqual([undefined, true]);
});

test('these pods set every field that the template has, so all were read back', () => {
  expect(readBack.unseen('vault_csi')).toEqual([]);
});
