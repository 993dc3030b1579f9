// What pods get from talend_vsi beyond what the recorded cases show: hostile texts, native sidecars, own settings.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type JsonObject, own } from '../../core/index.ts';
import { compileTemplate } from '../../core/template/compile.ts';
import { containerOf, objectsAt } from './pod-part.ts';
import {
  APP,
  agentConfigOf,
  agentConfigTextOf,
  commandOf,
  createTalendInjector,
  variablesOf,
  type Wish,
} from './talend-vsi-pod.ts';

type Inject = Awaited<ReturnType<typeof createTalendInjector>>;

let inject: Inject;
beforeAll(async () => {
  inject = await createTalendInjector();
});

const namesAt = (pod: JsonObject, list: string): unknown =>
  objectsAt(pod, 'spec', list).map((item) => own(item, 'name'));

describe('the tables and the page', () => {
  const read = (file: string): string =>
    readFileSync(new URL(`../../policies/talend_vsi/${file}`, import.meta.url), 'utf8');
  const { annotations } = parse(read('tables.yaml')) as { annotations: Record<string, { parameter?: string }> };

  test('each annotation that decides a parameter alone names one of the template', () => {
    const template = compileTemplate('template.yaml', read('template.yaml'));
    const named = Object.values(annotations).flatMap(({ parameter }) => parameter ?? []);
    expect(named.filter((name) => !template.parameters.byName.has(name))).toEqual([]);
  });

  test('the page tells of every annotation', () => {
    const page = read('README.md');
    expect(Object.keys(annotations).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('texts that mean something elsewhere', () => {
  const HOSTILE = [
    '"',
    "'",
    '`',
    '\\',
    '\n',
    '\r',
    '\t',
    '\u0001',
    '\u2028',
    '$',
    '$(HOME)',
    '$$(X)',
    '${X}',
    '$(',
    '{{',
    '}}',
    'EOH',
    '../',
    ';',
    '&',
    '|',
    '*',
    'ż',
    '😀',
    ' ',
    '%s',
    '#',
    '<VSI_',
  ];
  const text = fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 4 })), { maxLength: 8 })
    .map((parts) => parts.join('').toWellFormed());
  const filled = text.map((inner) => `x${inner.replaceAll(/,|\0|---|<VSI_[A-Z_]*>?/g, '')}x`);
  const fileName = filled.map((name) => name.replaceAll(/[/\n]/g, '_'));

  const script = async (wish: Wish): Promise<unknown> =>
    commandOf(containerOf((await inject(wish)).pod, 'tvsi-vault-agent'));

  test('reach the agent as they are, and no shell', async () => {
    const plain = await script({});
    await fc.assert(
      fc.asyncProperty(filled, fileName, filled, filled, async (contents, file, command, role) => {
        const annotations = { 'secrets-template': contents, 'secrets-destination': file, notify: command, role };
        const { pod } = await inject({ annotations });
        const agent = containerOf(pod, 'tvsi-vault-agent');
        expect(commandOf(agent)).toEqual(plain);
        expect(agentConfigOf(agent)).toMatchObject({
          auto_auth: { method: { config: { role } } },
          template: [{ destination: `/opt/talend/secrets/${file}`, contents: `    ${contents}\n`, command }],
        });
      }),
    );
  });

  test('in a path stay within the literal of the template language', async () => {
    await fc.assert(
      fc.asyncProperty(filled, async (path) => {
        const { pod } = await inject({ annotations: { 'secrets-path': path } });
        const [template] = objectsAt(agentConfigOf(containerOf(pod, 'tvsi-vault-agent')), 'template');
        const contents = String(own(template ?? {}, 'contents'));
        const [, literal = ''] =
          /^ {4}\{\{ with secret ("(?:[^"\\\n]|\\.)*") \}\}\{\{ range \$k, \$v := \.Data \}\}\n/.exec(contents) ?? [];
        expect(unquoteGo(literal)).toBe(path);
      }),
    );
  });

  /** Go's escapes, as far as its `strconv.Quote` writes them. */
  const unquoteGo = (literal: string): string =>
    literal
      .slice(1, -1)
      .replaceAll(/\\(?:x(..)|u(....)|U(........)|(.))/g, (_, x, u, long, one: string | undefined) => {
        const named: Readonly<Record<string, string>> = {
          a: '\x07',
          b: '\b',
          f: '\f',
          n: '\n',
          r: '\r',
          t: '\t',
          v: '\v',
        };
        return one === undefined ? String.fromCodePoint(Number.parseInt(x ?? u ?? long, 16)) : (named[one] ?? one);
      });

  test('in the configuration are escaped only in ways that HCL’s JSON reader takes', async () => {
    await fc.assert(
      fc.asyncProperty(filled, async (contents) => {
        const { pod } = await inject({ annotations: { 'secrets-template': contents } });
        const json = agentConfigTextOf(containerOf(pod, 'tvsi-vault-agent'));
        // A backslash behind an even number of others begins an escape; the rest are texts of their own.
        expect(json).not.toMatch(/(?<!\\)(?:\\\\)*\\(?:\/|u[dD][89a-fA-F])/);
        expect(json).not.toContain('\n');
      }),
    );
  });

  test('never stop a review', async () => {
    const value = fc.option(text, { nil: undefined });
    const names = [
      'auth',
      'mode',
      'role',
      'sa-token',
      'secrets-path',
      'secrets-destination',
      'secrets-type',
      'secrets-hook',
      'proxy-port',
      'vault-image',
      'vault-address',
      'vault-limits-cpu',
      'notify',
    ];
    const record = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(record, async (annotations) => {
        const given = Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== undefined);
        const { response } = await inject({ annotations: Object.fromEntries(given) });
        expect(response.allowed || (response.status?.message ?? '') !== '').toBe(true);
      }),
    );
  });
});

describe('the pod itself', () => {
  test('keeps its other annotations', async () => {
    const { pod } = await inject({});
    expect((own(pod, 'metadata') as JsonObject)['annotations']).toEqual({
      'example.com/kept': 'yes',
      'sidecar.vault.talend.org/inject': 'true',
      'sidecar.vault.talend.org/status': 'injected',
    });
  });

  test('keeps references in a command that is wrapped', async () => {
    const annotations = { 'secrets-type': 'static', 'secrets-injection-method': 'env' };
    const { pod } = await inject({ annotations, spec: { containers: [{ ...APP, command: ['/srv/app', '$(PORT)'] }] } });
    expect(commandOf(containerOf(pod, 'app'))).toEqual([
      '/opt/talend/secrets/vaultinjector-env',
      '/srv/app',
      '$(PORT)',
    ]);
  });

  test('that has something else at the place of the secrets is refused, both named', async () => {
    const containers = [
      { ...APP, volumeMounts: [...objectsAt(APP, 'volumeMounts'), { name: 'data', mountPath: '/opt/talend/secrets' }] },
    ];
    const { response } = await inject({ spec: { containers, volumes: [{ name: 'account' }, { name: 'data' }] } });
    expect(response.allowed).toBe(false);
    expect(response.status?.message).toMatch(/talend_vsi .*\/opt\/talend\/secrets/);
  });
});

describe('native sidecars', () => {
  test('in jobs: no babysitter, several containers, the agent before the pod’s own init containers', async () => {
    const native = await createTalendInjector({ nativeSidecars: 'jobs' });
    const spec = { containers: [APP, { ...APP, name: 'other' }], initContainers: [{ ...APP, name: 'prepare' }] };
    const { pod } = await native({ annotations: { mode: 'secrets,proxy,job', 'secrets-type': 'static' }, spec });
    expect(namesAt(pod, 'initContainers')).toEqual(['tvsi-vault-agent-init', 'tvsi-vault-agent', 'prepare']);
    expect(namesAt(pod, 'containers')).toEqual(['app', 'other']);
    const agent = containerOf(pod, 'tvsi-vault-agent');
    expect(own(agent, 'restartPolicy')).toBe('Always');
    expect(own(containerOf(pod, 'tvsi-vault-agent-init'), 'restartPolicy')).toBeUndefined();
    expect(String(commandOf(agent)[2])).not.toContain('vault-sidecars-signal-terminate');
  });

  test('in jobs: others have common sidecars', async () => {
    const native = await createTalendInjector({ nativeSidecars: 'jobs' });
    const { pod } = await native({});
    expect(namesAt(pod, 'containers')).toEqual(['tvsi-vault-agent', 'app']);
    expect(own(containerOf(pod, 'tvsi-vault-agent'), 'restartPolicy')).toBeUndefined();
  });

  test('always', async () => {
    const native = await createTalendInjector({ nativeSidecars: 'always' });
    const { pod } = await native({ annotations: { mode: 'proxy' } });
    expect(namesAt(pod, 'initContainers')).toEqual(['tvsi-vault-agent']);
    expect(namesAt(pod, 'containers')).toEqual(['app']);
  });
});

describe('settings that the original lacks', () => {
  test('each by its annotation', async () => {
    const annotations = {
      'vault-address': 'https://other:8200',
      'vault-namespace': 'admin',
      'vault-ca-secret': 'vault-ca',
      'vault-auth-path': 'auth/eks',
      'secrets-kv-version': '2',
      'vault-limits-cpu': '1500m',
    };
    const { pod } = await inject({ annotations });
    const agent = containerOf(pod, 'tvsi-vault-agent');
    expect(variablesOf(agent)).toMatchObject({
      VAULT_ADDR: 'https://other:8200',
      VAULT_CACERT: '/opt/talend/vault-ca/ca.crt',
      VSI_VAULT_NAMESPACE: 'admin',
    });
    const config = agentConfigOf(agent);
    expect(config).toMatchObject({ auto_auth: { method: { mount_path: 'auth/eks', namespace: 'admin' } } });
    expect(String(own(objectsAt(config, 'template')[0] ?? {}, 'contents'))).toContain('.Data.data');
    expect(objectsAt(pod, 'spec', 'volumes')).toContainEqual({
      name: 'tvsi-vault-ca',
      secret: { secretName: 'vault-ca' },
    });
    expect(objectsAt(agent, 'volumeMounts')).toContainEqual({
      name: 'tvsi-vault-ca',
      mountPath: '/opt/talend/vault-ca',
      readOnly: true,
    });
    expect(own(agent, 'resources')).toEqual({
      limits: { cpu: '1500m', memory: '80Mi' },
      requests: { cpu: '160m', memory: '65Mi' },
    });
  });

  test('each by configuration', async () => {
    const configured = await createTalendInjector({
      kvVersion: '2',
      vault: { namespace: 'admin', caSecret: 'vault-ca', skipVerify: true },
      agent: { resources: null },
    });
    const { pod } = await configured({ annotations: { auth: 'approle' } });
    const agent = containerOf(pod, 'tvsi-vault-agent');
    expect(variablesOf(agent)).toMatchObject({ VAULT_SKIP_VERIFY: 'true', VSI_VAULT_NAMESPACE: 'admin' });
    expect(agentConfigOf(agent)).toMatchObject({ auto_auth: { method: { type: 'approle', namespace: 'admin' } } });
    expect(own(agent, 'resources')).toBeUndefined();
  });
});

describe('a configuration that cannot be', () => {
  test.each<[JsonObject, string]>([
    [{ annotationPrefix: 'Bad_Prefix' }, '/policy/talend_vsi/annotationPrefix'],
    [{ nativeSidecars: 'sometimes' }, '/policy/talend_vsi/nativeSidecars'],
    [{ hook: { timeoutSeconds: 0 } }, '/policy/talend_vsi/hook/timeoutSeconds'],
    [{ vault: { roleIdFile: 'a/b' } }, '/policy/talend_vsi/vault/roleIdFile'],
    [{ agent: { resources: { limits: { cpu: 'lots' } } } }, '/policy/talend_vsi/agent/resources/limits/cpu'],
  ])('%j stops the start', async (configuration, pointer) => {
    await expect(createTalendInjector(configuration)).rejects.toMatchObject({ at: { pointer } });
  });
});
