// podgraft migrate talend-vsi: from the Deployment and the ConfigMap to a configuration that podgraft starts with.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createInjector, parseConfiguration } from '../../core/index.ts';
import { configMap, fileFlags, profileOf } from '../golden/talend-vsi-settings.ts';
import { testBundle } from '../test-bundle.ts';
import { type Ran, runCli } from './fake-terminal.ts';

const deployment = (...args: readonly string[]): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'vault-sidecar-injector' },
  spec: {
    template: { spec: { containers: [{ name: 'webhook', command: ['vaultinjector-webhook', 'webhook'], args }] } },
  },
});

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', data: configMap(profileOf('config/tuned')) };

const migrate = (...documents: readonly object[]): Promise<Ran> =>
  runCli(['migrate', 'talend-vsi', '-f', '-'], {
    stdin: documents.map((document) => stringify(document)).join('---\n'),
  });

test('a manifest becomes a configuration that starts podgraft', async () => {
  const { code, stdout, stderr } = await migrate(CONFIG_MAP, deployment('-annotationkeyprefix=acme.io', ...fileFlags));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "# The settings of a Talend Vault Sidecar Injector, for podgraft. What is not here is as it was by default.
    # With authentication off, whoever reaches podgraft may ask it; docs/authentication.md says what else there is.
    apiVersion: podgraft.dev/v1alpha1
    kind: Configuration
    server:
      authentication: "off"
      metricsListen: ":9000"
    policy:
      talend_vsi:
        annotationPrefix: acme.io
        applicationLabel: application.name
        serviceLabel: service.name
        vault:
          address: http://vault.lab.example:8200
          skipVerify: true
          kubernetesPath: auth/k8s-lab
          approlePath: auth/approle-lab
          roleIdFile: rid.txt
          secretIdFile: sid.txt
        agent:
          image: registry.lab.example/vault:1.13.3
          pullPolicy: IfNotPresent
          resources: null
          logFormat: standard
          logLevel: debug
        envInit:
          image: registry.lab.example/vsi:7.2.1
          pullPolicy: Always
          resources: null
        babysitter:
          image: registry.lab.example/curl-jq:1.0
          pullPolicy: IfNotPresent
          resources:
            limits:
              cpu: 50m
              memory: 32Mi
            requests:
              cpu: 10m
              memory: 16Mi
    "
  `);
  const configuration = parseConfiguration(stdout, 'podgraft.yaml');
  const { warnings } = await createInjector({ bundle: await testBundle(), configuration });
  expect(warnings).toEqual([]);
});

test('a list as kubectl prints it is read alike', async () => {
  const documents = [deployment(...fileFlags), CONFIG_MAP];
  const separate = await migrate(...documents);
  const list = await migrate({ apiVersion: 'v1', kind: 'List', items: documents });
  expect(list.stdout).toBe(separate.stdout);
});

test('a Deployment alone is noted to be half of it', async () => {
  const { code, stdout, stderr } = await migrate(deployment(...fileFlags));
  expect(code).toBe(0);
  expect(stderr).toContain('<stdin>:14: /etc/vsi/injectionconfig.yaml: The file is not in the manifest.');
  expect(stdout).toContain('# - /etc/vsi/injectionconfig.yaml: The file is not in the manifest.');
});

test.each([
  ['no injector', [CONFIG_MAP], 'no container runs "webhook"; give the Deployment of the Vault Sidecar Injector'],
  [
    'a flag that the original refuses',
    [deployment('-x')],
    'the Vault Sidecar Injector would not start: flag provided but not defined: -x',
  ],
])('%s is an error', async (_, documents, message) => {
  const { code, stdout, stderr } = await migrate(...documents);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
});

test('both may come in files of their own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-vsi-'));
  const files = [CONFIG_MAP, deployment('-annotationkeyprefix=acme.io', ...fileFlags)].flatMap((document, index) => {
    const file = join(folder, `${index}.yaml`);
    writeFileSync(file, stringify(document));
    return ['-f', file];
  });
  const together = await migrate(CONFIG_MAP, deployment('-annotationkeyprefix=acme.io', ...fileFlags));
  expect(await runCli(['migrate', 'talend-vsi', ...files])).toEqual(together);
  rmSync(folder, { recursive: true });
});
