// Lists of thousands of items are answered; what takes the square of their length runs into the time-out.
import { describe, expect, test } from 'vitest';
import type { FindFacts, JsonObject, JsonValue } from '../../core/index.ts';
import { configuredInjector } from '../configured-injector.ts';
import { podReviewBody } from '../pod-review.ts';

const COUNT = 9000;

/** In milliseconds: what takes the square of the count takes longer, or all of the policy's memory. */
const ENOUGH = { timeout: 4000 };

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

const ACCOUNT = { name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
const APP = { name: 'app', image: 'app:1', command: ['/srv/app'], volumeMounts: [ACCOUNT] };
const apps = times(COUNT, (index) => ({ ...APP, name: `app-${index}` }));
const allNames = apps.map(({ name }) => name).join(',');

const KEYS: JsonObject = { vault_env: { lookups: { references: 'always', withoutReferences: 'deny' } } };

/** A Secret with as many keys as fit, each a reference. */
const manyKeys: FindFacts = async (lookups) =>
  Object.fromEntries(lookups.map(({ key }) => [key, { keys: times(20_000, (index) => `K${index}`) }]));

const review = async (
  { annotations, spec }: { annotations: JsonObject; spec: JsonObject },
  { policy = {}, findFacts }: { policy?: JsonObject; findFacts?: FindFacts } = {},
) => {
  const injector = await configuredInjector(policy, findFacts);
  const volumes: JsonValue = [{ name: 'account', emptyDir: {} }];
  const body = podReviewBody({ metadata: { name: 'a', annotations }, spec: { containers: [APP], volumes, ...spec } });
  const { codes } = await injector.review(body);
  return codes.map(({ code }) => code);
};

const AGENT = { 'vault.hashicorp.com/agent-inject': 'true', 'vault.hashicorp.com/role': 'shop' };
const CSI = 'vault-csi.podgraft.dev/';
const VOLUME = { [`${CSI}inject`]: 'true', [`${CSI}role`]: 'shop', [`${CSI}object-a`]: 'kv/a#b' };
const NEWER = 'secrets-webhook.security.bank-vaults.io/';

describe('containers by their names', ENOUGH, () => {
  test('vault_agent', async () => {
    const annotations = { ...AGENT, 'vault.hashicorp.com/agent-inject-containers': allNames };
    expect(await review({ annotations, spec: { containers: apps } })).toEqual(['annotation']);
  });

  test('vault_csi', async () => {
    const annotations = { ...VOLUME, [`${CSI}containers`]: allNames };
    expect(await review({ annotations, spec: { containers: apps } })).toEqual(['inline']);
  });
});

describe('variables of containers', ENOUGH, () => {
  const references = times(COUNT, (index) => ({
    name: `E${index}`,
    valueFrom: { secretKeyRef: { name: `secret-${index}`, key: 'k' } },
  }));
  const oneSecret = times(COUNT, (index) => ({
    name: `E${index}`,
    valueFrom: { secretKeyRef: { name: 'secret', key: `L${index}` } },
  }));
  const annotations = { [`${NEWER}vault-role`]: 'shop' };

  test('from as many Secrets', async () => {
    const spec = { containers: [{ ...APP, env: references }] };
    expect(await review({ annotations, spec }, { policy: KEYS })).toEqual(['lookups_too_many']);
  });

  test('from one Secret with many keys', async () => {
    const spec = { containers: [{ ...APP, env: oneSecret }] };
    expect(await review({ annotations, spec }, { policy: KEYS, findFacts: manyKeys })).toContain('no_references');
  });

  test('each in a container of its own', async () => {
    const containers = apps.slice(0, 5000).map((app) => ({ ...app, env: [{ name: 'E', value: 'vault:kv/data/a#b' }] }));
    expect(await review({ annotations, spec: { containers } })).toEqual(['reference']);
  });

  test('that are references themselves', async () => {
    const env = times(COUNT, (index) => ({ name: `E${index}`, value: 'vault:kv/data/a#b' }));
    expect(await review({ annotations, spec: { containers: [{ ...APP, env }] } })).toEqual(['reference']);
  });
});

describe('annotations', () => {
  test('about as many files', async () => {
    const files = times(2500, (index) => [
      [`${CSI}agent-inject-secret-f${index}`, 'a'],
      [`${CSI}agent-inject-perms-f${index}`, '1'],
    ]);
    const annotations = { ...VOLUME, ...Object.fromEntries(files.flat()) };
    expect(await review({ annotations, spec: {} })).toEqual(['objects_many']);
  });

  test('more than Kubernetes takes', async () => {
    const secrets = times(20_000, (index) => [`vault.hashicorp.com/agent-inject-secret-${index}`, 'a']);
    const annotations = { ...AGENT, ...Object.fromEntries(secrets) };
    expect(await review({ annotations, spec: {} })).toEqual(['annotations_size']);
  });
});
