// The component for lookups fits the base, and gives no more than the adapters ask for.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../runtimes/node/read-settings.ts';
import { environmentNameOf, settingKeys } from '../../runtimes/node/settings.ts';
import { deployFolder, type Manifest, readManifests, referencesOf, resourcesOf } from './manifests.ts';

const folder = path.join(deployFolder, 'components', 'facts');
const base = path.join(deployFolder, 'base');
const [kustomization] = readManifests(path.join(folder, 'kustomization.yaml'));
const patch = (name: string): Manifest => readManifests(path.join(folder, name))[0];
const inBase = (kind: string): Manifest => resourcesOf(base).find((manifest) => manifest.kind === kind);
const [role, binding] = resourcesOf(folder);

describe('the component', () => {
  it('is one, and names every file there is', () => {
    expect(kustomization.kind).toBe('Component');
    const named = referencesOf(folder).map((file) => path.relative(folder, file));
    expect(new Set(['kustomization.yaml', ...named])).toEqual(new Set(readdirSync(folder)));
  });

  it.each(['deployment.yaml', 'network-policy.yaml'])('patches with %s what the base has', (name) => {
    const { kind, apiVersion, metadata } = patch(name);
    expect(inBase(kind)).toMatchObject({ apiVersion, metadata: { name: metadata.name } });
  });

  it('sets the container of the base, by settings that there are', () => {
    const { spec } = patch('deployment.yaml').spec.template;
    const [container] = inBase('Deployment').spec.template.spec.containers;
    expect(spec.automountServiceAccountToken).toBe(true);
    expect(spec.containers.map(({ name }: Manifest) => name)).toEqual([container.name]);
    const env: [string, string][] = spec.containers[0].env.map(({ name, value }: Manifest) => [name, value]);
    expect(settingKeys.map(environmentNameOf)).toEqual(expect.arrayContaining(env.map(([name]) => name)));
    expect(readSettings({ authentication: 'off' }, Object.fromEntries(env))).toMatchObject({
      facts: ['image', 'references'],
      registries: ['*'],
      kubeconfig: '',
    });
  });

  it('gives podgraft’s account the right to get three kinds of objects, and no other', () => {
    const rights = role.rules.flatMap(({ apiGroups, resources, verbs }: Manifest) =>
      resources.map((resource: string) => `${verbs.join()} ${apiGroups.join()}/${resource}`),
    );
    expect(rights).toEqual(['get /configmaps', 'get /secrets', 'get /serviceaccounts']);
    expect(binding.roleRef).toMatchObject({ kind: 'ClusterRole', name: role.metadata.name });
    expect(binding.subjects).toEqual([
      {
        kind: 'ServiceAccount',
        name: inBase('ServiceAccount').metadata.name,
        namespace: inBase('Namespace').metadata.name,
      },
    ]);
  });

  it('lets podgraft out to names, the API server and registries, not to the link', () => {
    const { egress, ingress } = patch('network-policy.yaml').spec;
    expect(ingress).toBeUndefined();
    expect(egress.flatMap(({ ports }: Manifest) => ports.map(({ port }: Manifest) => port))).toEqual([
      53, 53, 443, 6443,
    ]);
    expect(egress[1].to.map(({ ipBlock }: Manifest) => ipBlock.except)).toEqual([['169.254.0.0/16'], ['fe80::/10']]);
  });
});
