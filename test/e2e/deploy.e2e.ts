// The API server takes the manifests of deploy/ as they stand: every field known, the pod let in as restricted.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { ApiError } from '../../scripts/cluster/api.ts';
import { deployFolder, type Manifest, readManifests, resourcesOf } from '../deploy/manifests.ts';
import { connect, ensureNamespace } from './test-cluster.ts';

const base = path.join(deployFolder, 'base');
const api = connect();
afterAll(() => api.close());

/** Where objects of a kind are created: group and version stand in the object, the plural name does not. */
const PLURAL: Readonly<Record<string, string>> = {
  ServiceAccount: 'serviceaccounts',
  ConfigMap: 'configmaps',
  Service: 'services',
  Deployment: 'deployments',
  PodDisruptionBudget: 'poddisruptionbudgets',
  NetworkPolicy: 'networkpolicies',
  MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
};

const namespaceManifest: Manifest = resourcesOf(base).find(({ kind }) => kind === 'Namespace');
/** Not the namespace of the manifests: other tests run podgraft there, and a dry run knows the names that are taken. */
const namespace = 'manifests';

const configMap = (): Manifest => {
  const [generator] = readManifests(path.join(base, 'kustomization.yaml'))[0].configMapGenerator;
  const files = generator.files.map((file: string) => [file, readFileSync(path.join(base, file), 'utf8')]);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: generator.name }, data: Object.fromEntries(files) };
};

const createInDryRun = (manifest: Manifest): Promise<JsonObject> => {
  const { apiVersion, kind } = manifest;
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = kind === 'MutatingWebhookConfiguration' ? '' : `/namespaces/${namespace}`;
  return api.post(`${root}${scope}/${PLURAL[kind]}?dryRun=All&fieldValidation=Strict`, manifest);
};

describe('the manifests', () => {
  const manifests = [...resourcesOf(base).filter(({ kind }) => kind !== 'Namespace'), configMap()];

  it.each(manifests.map((manifest) => [manifest.kind, manifest]))(
    '%s is taken, field by field',
    async (_, manifest) => {
      await ensureNamespace(api, namespace, { labels: namespaceManifest.metadata.labels });
      const created = await createInDryRun(manifest);
      expect(created).toMatchObject({ metadata: { name: manifest.metadata.name } });
    },
  );

  it('have a field validation that would tell', async () => {
    await ensureNamespace(api, namespace, { labels: namespaceManifest.metadata.labels });
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'a' }, automountToken: false };
    await expect(createInDryRun(account)).rejects.toThrow('unknown field "automountToken"');
  });

  it('make a pod that the restricted standard lets in, and would not with one field less', async () => {
    await ensureNamespace(api, namespace, {
      labels: namespaceManifest.metadata.labels,
      accounts: ['podgraft'],
    });
    const { template } = resourcesOf(base).find(({ kind }) => kind === 'Deployment').spec;
    const pod = (spec: object): Manifest => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...template.metadata, name: 'podgraft' },
      spec: { ...template.spec, ...spec },
    });
    const create = (manifest: Manifest) =>
      api.post(`/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, manifest);
    await create(pod({}));
    const refused = await create(pod({ securityContext: {} })).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiError);
    expect(String(refused)).toContain('violates PodSecurity "restricted');
  });
});
