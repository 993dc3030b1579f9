// Facts from a real API server, with the rights of deploy/components/facts and with none.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { FindFacts } from '../../core/policy/facts.ts';
import { deployFolder, resourcesOf } from '../deploy/manifests.ts';
import { pullSecret, secret } from '../runtimes/node/facts/fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from '../runtimes/node/facts/fake-registry.ts';
import { ask, askImage, codeOf, findIn, findWith } from '../runtimes/node/facts/find-with.ts';
import { connect, ensureNamespace, readAccess, runFolder } from './test-cluster.ts';

const api = connect();
const access = readAccess();
const [role, binding] = resourcesOf(path.join(deployFolder, 'components', 'facts'));
const [{ name: account, namespace: home }] = binding.subjects;

beforeAll(async () => {
  await ensureNamespace(api, home, { accounts: [account, 'nobody'] });
  await ensureNamespace(api, 'shop', { accounts: ['runner'] });
  await api.post('/apis/rbac.authorization.k8s.io/v1/clusterroles?fieldValidation=Strict', role);
  await api.post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?fieldValidation=Strict', binding);
  const data = { DSN: 'vault:kv/data/a#b', REGION: 'eu' };
  await api.post('/api/v1/namespaces/shop/configmaps', { metadata: { name: 'it' }, data });
  await api.post('/api/v1/namespaces/shop/secrets', { metadata: { name: 'it' }, ...secret(data) });
});
afterAll(async () => {
  await api.delete(`/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${binding.metadata.name}`);
  await api.delete(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${role.metadata.name}`);
  api.close();
});

const kubeconfigWith = (name: string, token: string): string => {
  const file = path.join(runFolder(), `facts-${name}.kubeconfig`);
  const cluster = {
    server: access.url,
    'certificate-authority-data': Buffer.from(access.authority).toString('base64'),
  };
  const config = {
    clusters: [{ name: 'e2e', cluster }],
    users: [{ name, user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: name } }],
    'current-context': 'e2e',
  };
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return file;
};

const kubeconfigOf = async (name: string): Promise<string> => {
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
  const granted = await api.post<{ status: { token: string } }>(
    `/api/v1/namespaces/${home}/serviceaccounts/${name}/token`,
    request,
  );
  return kubeconfigWith(name, granted.status.token);
};

const references = (find: FindFacts, resource: string, name: string) =>
  ask(find, { kind: 'references', resource, name, prefixes: ['vault:'], openings: ['${vault:'] });

describe('references', () => {
  test.each(['configmaps', 'secrets'])('are found in %s', async (resource) => {
    const find = await findWith({ kubeconfig: await kubeconfigOf(account) });
    expect(await references(find, resource, 'it')).toEqual({ keys: ['DSN'] });
    expect(await references(find, resource, 'gone')).toEqual({
      error: {
        code: 'not_found',
        message: `there is no ${resource === 'secrets' ? 'Secret' : 'ConfigMap'} "gone" in the namespace "shop"`,
      },
    });
  });

  test('are not found without the rights, nor without a name', async () => {
    const nobody = await findWith({ kubeconfig: await kubeconfigOf('nobody') });
    expect(codeOf(await references(nobody, 'secrets', 'it'))).toBe('forbidden');
    expect(codeOf(await references(nobody, 'secrets', 'gone'))).toBe('forbidden');
    const stranger = await findWith({ kubeconfig: kubeconfigWith('stranger', 'nonsense') });
    expect(codeOf(await references(stranger, 'secrets', 'it'))).toBe('unauthorized');
  });
});

test('an image is found with the pull secret of the pod’s ServiceAccount', async () => {
  const contents: Contents = {};
  putImage(contents, 'team/app', { Cmd: ['app'] }, '1');
  const registry = await startRegistry({ contents, login: 'bearer', users: { ann: 'pw' } });
  const pull: JsonObject = {
    metadata: { name: 'pull' },
    type: 'kubernetes.io/dockerconfigjson',
    ...pullSecret({ [registry.host]: 'ann:pw' }),
  };
  await api.post('/api/v1/namespaces/shop/secrets', pull);
  await api.mergePatch('/api/v1/namespaces/shop/serviceaccounts/runner', { imagePullSecrets: [{ name: 'pull' }] });
  const find = await findIn(registry, { kubeconfig: await kubeconfigOf(account) });
  const image = `${registry.host}/team/app:1`;
  expect(await askImage(find, image, { serviceAccount: 'runner' })).toEqual({ entrypoint: [], command: ['app'] });
  expect(codeOf(await askImage(find, image))).toBe('unauthorized');
  const nobody = await findIn(registry, { kubeconfig: await kubeconfigOf('nobody') });
  expect(await askImage(nobody, image, { serviceAccount: 'runner' })).toEqual({
    error: {
      code: 'unauthorized',
      message: `${registry.host} wants a login for team/app, and no pull secret holds one; podgraft may not read runner`,
    },
  });
});
