// What pods get from vault_env beyond what the recorded cases show: the older webhook, hostile texts, missing facts.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Fact, type JsonObject, own } from '../../core/index.ts';
import type { Lookup } from '../../core/policy/decision.ts';
import { compileTemplate } from '../../core/template/compile.ts';
import { hostileText } from '../fuzz/hostile.ts';
import { defaultPod } from '../golden/default-pod.ts';
import { containerOf, objectsAt } from './pod-part.ts';
import { APP, createVaultEnvInjector, type Inject, variablesOf } from './vault-env-pod.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../policies/vault_env/${file}`, import.meta.url), 'utf8');

interface Row {
  readonly kind: string;
  readonly parameter?: string;
}

const tables = parse(read('tables.yaml')) as {
  readonly older_names: Readonly<Record<string, string>>;
  readonly shared: Readonly<Record<string, Row>>;
  readonly provider: Readonly<Record<string, Row>>;
};

const newerNames = [
  ...Object.keys(tables.shared),
  ...['vault', 'bao'].flatMap((name) => Object.keys(tables.provider).map((setting) => `${name}-${setting}`)),
];

let inject: Inject;
beforeAll(async () => {
  inject = await createVaultEnvInjector();
});

const namesAt = (pod: JsonObject, ...path: readonly string[]): unknown =>
  objectsAt(pod, ...path).map((item) => own(item, 'name'));

describe('the tables agree with what they feed', () => {
  test('each older name stands for a newer one, and for one only', () => {
    const meant = Object.values(tables.older_names);
    expect(meant.filter((name) => !newerNames.includes(name))).toEqual([]);
    expect(new Set(meant).size).toBe(meant.length);
    expect(meant).toHaveLength(54);
  });

  test('each annotation that decides a parameter alone names one of the template', () => {
    const template = compileTemplate('template.yaml', read('template.yaml'));
    const named = [tables.shared, tables.provider].flatMap((rows) =>
      Object.values(rows).flatMap(({ parameter }) => parameter ?? []),
    );
    expect(named.filter((name) => !template.parameters.byName.has(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  test('each annotation can have a default, those aside that ask for something', () => {
    const asks = /^(?:mutate|provider|(?:vault|bao)-(?:from-path|agent-configmap|ct-configmap|token-auth-mount))$/;
    const schema = JSON.parse(read('config.schema.json')) as {
      readonly properties: { readonly defaults: { readonly propertyNames: { readonly enum: readonly string[] } } };
    };
    expect(schema.properties.defaults.propertyNames.enum.toSorted()).toEqual(
      newerNames.filter((name) => !asks.test(name)).toSorted(),
    );
  });

  test('the page tells of every annotation', () => {
    const page = read('README.md');
    const settings = [...Object.keys(tables.shared), ...Object.keys(tables.provider)];
    expect(settings.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const renamed = Object.entries(tables.older_names).filter(([older, newer]) => older !== newer);
    expect(renamed.filter(([older]) => !page.includes(`\`${older}\``))).toEqual([]);
  });
});

describe('the older webhook', () => {
  let injectOlder: Inject;
  beforeAll(async () => {
    injectOlder = await createVaultEnvInjector({ helper: { name: 'vault-env' } });
  });

  const A = 'vault.security.banzaicloud.io';

  test('brings vault-env, with the variables that it reads', async () => {
    const { pod } = await injectOlder({ annotations: { [`${A}/vault-path`]: 'k8s' } });
    expect(containerOf(pod, 'copy-vault-env')).toEqual({
      name: 'copy-vault-env',
      image: 'ghcr.io/bank-vaults/vault-env:v1.23.0',
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', 'cp /usr/local/bin/vault-env /vault/'],
      resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
      volumeMounts: [{ name: 'vault-env', mountPath: '/vault/' }],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: false,
        capabilities: { drop: ['ALL'] },
      },
    });
    expect(containerOf(pod, 'app')).toMatchObject({
      command: ['/vault/vault-env'],
      args: ['/srv/app', '--port', '$(PORT)'],
      env: [
        { name: 'PASSWORD', value: 'vault:kv/data/db#password' },
        { name: 'VAULT_ADDR', value: 'https://vault:8200' },
        { name: 'VAULT_SKIP_VERIFY', value: 'false' },
        { name: 'VAULT_AUTH_METHOD', value: 'jwt' },
        { name: 'VAULT_PATH', value: 'k8s' },
        { name: 'VAULT_ROLE', value: 'shop-app' },
        { name: 'VAULT_IGNORE_MISSING_SECRETS', value: 'false' },
        { name: 'VAULT_ENV_PASSTHROUGH', value: '' },
        { name: 'VAULT_JSON_LOG', value: 'false' },
        { name: 'VAULT_CLIENT_TIMEOUT', value: '10s' },
        { name: 'VAULT_LOG_LEVEL', value: 'info' },
        { name: 'VAULT_TRANSIT_BATCH_SIZE', value: '25' },
      ],
    });
    expect(objectsAt(pod, 'spec', 'volumes').at(-1)).toEqual({ name: 'vault-env', emptyDir: { medium: 'Memory' } });
  });

  test('keeps the names of its other settings', async () => {
    const annotations = {
      [`${A}/vault-env-daemon`]: 'true',
      [`${A}/vault-env-delay`]: '90s',
      [`${A}/vault-env-from-path`]: 'kv/data/all',
      [`${A}/log-level`]: 'debug',
      [`${A}/vault-tls-secret`]: 'ca',
    };
    const { pod } = await injectOlder({ annotations, spec: { volumes: [{ name: 'vault-tls', emptyDir: {} }] } });
    expect(variablesOf(containerOf(pod, 'app'))).toMatchObject({
      VAULT_LOG_LEVEL: 'debug',
      VAULT_CACERT: '/vault-env/tls/ca.crt',
      VAULT_ENV_DAEMON: 'true',
      VAULT_ENV_DELAY: '1m30s',
      VAULT_ENV_FROM_PATH: 'kv/data/all',
    });
    expect(namesAt(pod, 'spec', 'volumes')).toEqual(['vault-tls', 'vault-env', 'vault-env-tls']);
  });
});

describe('text that a pod brings', () => {
  test('goes on meaning what it meant to the kubelet', async () => {
    const probe = { exec: { command: ['check', '$(PORT)', '$$(PORT)'] } };
    const container = { ...APP, command: ['/srv/$(NAME)'], args: ['$(PORT)', '$$(PORT)'], livenessProbe: probe };
    const { pod } = await inject({ annotations: { 'mutate-probes': 'true' }, spec: { containers: [container] } });
    expect(containerOf(pod, 'app')).toMatchObject({
      args: ['/srv/$(NAME)', '$(PORT)', '$$(PORT)'],
      livenessProbe: { exec: { command: ['/vault/secret-init', 'check', '$(PORT)', '$$(PORT)'] } },
    });
  });

  test('of an image means nothing to the kubelet, as before', async () => {
    const withImage = await createVaultEnvInjector({
      images: { 'registry.shop/app': { entrypoint: ['/run', '$(HOME)', '$$(X)'], command: ['-x'] } },
    });
    const { command: _, ...container } = APP;
    const { pod } = await withImage({ spec: { containers: [container] } });
    expect(own(containerOf(pod, 'app'), 'args')).toEqual(['/run', '$$(HOME)', '$$$$(X)', '--port', '$(PORT)']);
  });

  test('reaches the agent as it is, and no shell', async () => {
    const login = async (annotations: Readonly<Record<string, string>>): Promise<JsonObject> => {
      const { pod } = await inject({ annotations: { 'vault-agent': 'true', ...annotations } });
      return containerOf(pod, 'vault-agent');
    };
    const plain = await login({});
    const text = hostileText.map((value) => value.toWellFormed().replaceAll('{{', ''));
    await fc.assert(
      fc.asyncProperty(text, text, async (role, path) => {
        const agent = await login({ 'vault-role': role, 'vault-path': path });
        expect(own(agent, 'command')).toEqual(own(plain, 'command'));
        const config = Buffer.from(String(variablesOf(agent)['AGENT_CONFIG']), 'base64').toString('utf8');
        expect(JSON.parse(config)).toMatchObject({
          auto_auth: { method: { mount_path: `auth/${path}`, config: { role } } },
        });
      }),
      { numRuns: 100 },
    );
  });

  test('never breaks the policy, and a second review changes nothing', async () => {
    const annotations = fc.dictionary(
      fc.constantFrom(
        ...newerNames,
        ...Object.keys(tables.older_names).map((name) => `vault.security.banzaicloud.io/${name}`),
      ),
      hostileText.map((value) => value.toWellFormed()),
      { maxKeys: 12 },
    );
    await fc.assert(
      fc.asyncProperty(annotations, async (given) => {
        const first = await inject({ annotations: { 'mutate-probes': 'true', ...given } });
        if (first.operations > 0) {
          const second = await inject({ pod: defaultPod(first.pod) });
          expect(second.operations).toBe(0);
          expect(own(containerOf(first.pod, 'app'), 'name')).toBe('app');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the script of the login agent', () => {
  test('writes the configuration and becomes the agent', async () => {
    const { pod } = await inject({ annotations: { 'vault-agent': 'true', 'vault-role': 'it\'s $(x) ${y} "z"' } });
    const agent = containerOf(pod, 'vault-agent');
    const root = mkdtempSync(join(tmpdir(), 'podgraft-vault-env-'));
    try {
      mkdirSync(join(root, 'vault'));
      writeFileSync(join(root, 'vault', 'bin'), '');
      writeFileSync(join(root, 'agent'), '#!/bin/sh\nprintf "%s\\n" "$@"; cat "${2#-config=}"\n');
      chmodSync(join(root, 'agent'), 0o755);
      const script = (own(agent, 'command') as readonly string[]).at(-1) ?? '';
      const moved = script.replaceAll('/vault/', `${root}/vault/`).replace('exec vault ', `exec ${root}/agent `);
      const ran = spawnSync('sh', ['-ec', moved], {
        env: { PATH: '/usr/bin:/bin', AGENT_CONFIG: String(variablesOf(agent)['AGENT_CONFIG']) },
        encoding: 'utf8',
      });
      const [word, config, exits, json = ''] = ran.stdout.split('\n');
      expect([word, config, exits]).toEqual(['agent', `-config=${root}/vault/agent.json`, '-exit-after-auth']);
      expect(JSON.parse(json)).toEqual({
        auto_auth: {
          method: { type: 'kubernetes', mount_path: 'auth/kubernetes', config: { role: 'it\'s $(x) ${y} "z"' } },
          sink: [{ type: 'file', config: { path: '/vault/.vault-token' } }],
        },
      });
      expect(spawnSync('sh', ['-ec', moved], { env: { PATH: '/usr/bin:/bin' } }).status).not.toBe(0);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('facts', () => {
  const { command: _, ...COMMANDLESS } = APP;
  const FROM_SECRET = { ...APP, env: [], envFrom: [{ secretRef: { name: 'creds' } }] };

  test('are missed with a clear denial', async () => {
    const image = await inject({ spec: { containers: [COMMANDLESS] } });
    expect(image.response).toMatchObject({
      allowed: false,
      status: {
        message:
          'could not mutate object: container "app" has no command, and that of its image is not known: this podgraft has no adapter for facts of kind "image"',
      },
    });
    const references = await inject({ annotations: { 'vault-role': 'x' }, spec: { containers: [FROM_SECRET] } });
    expect(references.response).toMatchObject({
      allowed: false,
      status: {
        message:
          'could not mutate object: cannot tell whether container "app" takes references from Secret "creds": this podgraft has no adapter for facts of kind "references"',
      },
    });
    expect((await inject({ spec: { containers: [FROM_SECRET] } })).codes).toEqual(['vault_env/not_requested']);
  });

  test('are missed with a warning where the configuration says so', async () => {
    const lenient = await createVaultEnvInjector({ lookups: { withoutImage: 'warn', withoutReferences: 'warn' } });
    const { response, operations } = await lenient({ spec: { containers: [COMMANDLESS] } });
    expect([response.allowed, operations]).toEqual([true, 0]);
    expect(response.warnings).toEqual([expect.stringContaining('container "app" has no command')]);
  });

  test('are asked for once, and found', async () => {
    const asked: Lookup[] = [];
    const findFacts = async (lookups: readonly Lookup[]): Promise<Readonly<Record<string, Fact>>> => {
      asked.push(...lookups);
      return Object.fromEntries(
        lookups.map(({ key, kind }) => [
          key,
          kind === 'image' ? { entrypoint: ['/entry'], command: ['-c'] } : { keys: ['pass'] },
        ]),
      );
    };
    const informed = await createVaultEnvInjector({ lookups: { references: 'always' } }, findFacts);
    const from = { ...FROM_SECRET, command: [], args: [] };
    const { pod } = await informed({ spec: { containers: [from, { ...from, name: 'again' }] } });
    expect(asked.map(({ kind }) => kind)).toEqual(['references', 'image']);
    expect(own(containerOf(pod, 'again'), 'args')).toEqual(['/entry', '-c']);
  });
});

describe('what the pod has already', () => {
  test('is never overwritten in silence', async () => {
    const mount = { name: 'own', mountPath: '/vault' };
    const mounted = await inject({ spec: { containers: [{ ...APP, volumeMounts: [mount] }] } });
    expect(mounted.response.status?.message).toMatch(/^vault_env .* adds mount "\/vault", but the pod already has it/);
    const named = await inject({
      annotations: { 'vault-agent-configmap': 'x' },
      spec: { containers: [APP, { name: 'vault-agent', image: 'x', command: ['y'] }] },
    });
    expect(named.response.status?.message).toMatch(/^vault_env .* adds container "vault-agent", but the pod already/);
  });

  test('a variable of the same name gives way where it stands', async () => {
    const env = [
      { name: 'VAULT_ADDR', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
      ...objectsAt(APP, 'env'),
    ];
    const { pod } = await inject({ spec: { containers: [{ ...APP, env }] } });
    expect(objectsAt(containerOf(pod, 'app'), 'env')[0]).toEqual({ name: 'VAULT_ADDR', value: 'https://vault:8200' });
  });
});
