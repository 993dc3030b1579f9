// podgraft inject, from a manifest's text to what is written and said.
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseManifest } from '../../cli/inject/manifest.ts';
import { findWorkloads, workloadKinds } from '../../cli/inject/workload.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { type Given, type Ran, runCli } from './fake-terminal.ts';
import { createInjectScene } from './inject-scene.ts';

beforeAll(() => ensureBundle());

const { folder, file, config } = createInjectScene();

const inject = (stdin: string | Uint8Array, args: readonly string[] = [], given: Given = {}): Promise<Ran> =>
  runCli(['inject', '-f', '-', '--config', config, ...args], { stdin, ...given });

const ANNOTATIONS = `annotations:
    # asked for
    vault.hashicorp.com/agent-inject: "true"
    vault.hashicorp.com/role: web`;

const POD = `# the pod
apiVersion: v1
kind: Pod
metadata:
  name: web
  ${ANNOTATIONS}
spec:
  containers:
  - name: app   # main
    image: nginx:1
`;

const DENIED = POD.replace('role: web', 'role: web\n    vault.hashicorp.com/agent-pre-populate: "maybe"').replace(
  'name: web',
  'name: bad',
);

const CONFIG_MAP = `
# untouched
apiVersion:    v1
kind: ConfigMap
metadata: {name:   odd,   labels: { } }
data:
    text: |+
      kept

# end
`;

const valuesOf = (text: string): readonly JsonValue[] => parseManifest(text, 'out').documents.map(({ value }) => value);

const at = (value: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((found, step) => {
    if (Array.isArray(found)) {
      return found[Number(step)] as JsonValue | undefined;
    }
    return isObject(found) ? own(found, String(step)) : undefined;
  }, value);

const namesAt = (value: JsonValue | undefined): readonly unknown[] =>
  Array.isArray(value) ? value.map((item: JsonValue) => at(item, 'name')) : [];

describe('a manifest', () => {
  test('gets what the webhook would add, and keeps every line', async () => {
    const { code, stdout, stderr } = await inject(POD);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.split('\n');
    let next = -1;
    for (const line of POD.split('\n').slice(0, -1)) {
      next = lines.indexOf(line, next + 1);
      expect(next, line).toBeGreaterThan(-1);
    }
    const [pod] = valuesOf(stdout);
    expect(namesAt(at(pod, 'spec', 'containers'))).toEqual(['app', 'vault-agent']);
    expect(namesAt(at(pod, 'spec', 'initContainers'))).toEqual(['vault-agent-init']);
    expect(at(pod, 'metadata', 'annotations', 'vault.hashicorp.com/agent-inject-status')).toBe('injected');
    expect(at(pod, 'metadata', 'namespace')).toBeUndefined();
  });

  test('is left alone the second time, byte for byte, and says why', async () => {
    const first = await inject(POD);
    const second = await inject(first.stdout);
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toMatch(
      /^<stdin>:2: Pod default\/web is left alone: .+ is there \(vault_agent\/already_injected\); .+\)\n$/,
    );
    expect(second.code).toBe(0);
    expect((await inject(first.stdout, ['--quiet'])).stderr).toBe('');
  });

  test('of several documents keeps the others byte for byte', async () => {
    const text = `# head\n---\n${CONFIG_MAP}---\n${POD}---\n# nothing\n---${CONFIG_MAP}...\n`;
    const { code, stdout } = await inject(text, ['-q']);
    expect(code).toBe(0);
    expect(stdout.startsWith(`# head\n---\n${CONFIG_MAP}---\n# the pod\n`)).toBe(true);
    expect(stdout.endsWith(`---\n# nothing\n---${CONFIG_MAP}...\n`)).toBe(true);
    expect(stdout).toContain('vault-agent-init');
  });

  test('without pods passes through as it is', async () => {
    const { code, stdout, stderr } = await inject(CONFIG_MAP);
    expect({ code, stdout }).toEqual({ code: 0, stdout: CONFIG_MAP });
    expect(stderr).toBe('<stdin>: there is no pod in it, so it passes through as it is\n');
  });

  test('in JSON stays JSON', async () => {
    const json = JSON.stringify(valuesOf(POD)[0], null, 4);
    const { stdout } = await inject(json);
    expect(stdout).toMatch(/^\{\n {4}"apiVersion": "v1",\n/);
    expect(JSON.parse(stdout)).toEqual(valuesOf((await inject(POD)).stdout)[0]);
  });

  test('with CRLF keeps CRLF', async () => {
    const { stdout } = await inject(POD.replaceAll('\n', '\r\n'));
    expect(stdout.replaceAll('\r\n', '')).not.toContain('\n');
    expect(valuesOf(stdout)).toEqual(valuesOf((await inject(POD)).stdout));
  });

  test('is read as kubectl reads it: octal modes, merge keys', async () => {
    const text = POD.replace(
      'spec:\n',
      'x-common: &common\n  image: nginx:2\nspec:\n  volumes:\n  - name: s\n    secret:\n      secretName: s\n      defaultMode: 0644\n',
    ).replace('    image: nginx:1\n', '    <<: *common\n');
    const { code, stdout } = await inject(text, ['-o', 'json']);
    const pod = JSON.parse(stdout) as JsonObject;
    expect(code).toBe(0);
    expect(at(pod, 'spec', 'volumes', 0, 'secret', 'defaultMode')).toBe(420);
    expect(at(pod, 'spec', 'containers', 0, 'image')).toBe('nginx:2');
  });
});

const INDENTED = POD.slice(POD.indexOf('metadata:'))
  .replace('  name: web\n', '  labels: {app: web}\n')
  .replaceAll(/^/gm, '    ')
  .trimEnd();

const template = INDENTED.replaceAll(/^ {4}/gm, '      ').replace(/^ {6}metadata/, '      metadata');

const controller = (apiVersion: string, kind: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\nspec:\n  template:\n${INDENTED}\n`;

const cronJob = `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: web\nspec:\n  schedule: "* * * * *"\n  jobTemplate:\n    spec:\n      template:\n${template.replaceAll(/^ {2}/gm, '    ')}\n`;

const manifests: readonly (readonly [string, string])[] = [
  ['Pod', POD],
  ['ReplicationController', controller('v1', 'ReplicationController')],
  ['Deployment', controller('apps/v1', 'Deployment')],
  ['ReplicaSet', controller('apps/v1', 'ReplicaSet')],
  ['DaemonSet', controller('apps/v1', 'DaemonSet')],
  ['StatefulSet', controller('apps/v1', 'StatefulSet')],
  ['Job', controller('batch/v1', 'Job')],
  ['CronJob', cronJob],
];

describe('every kind that makes pods', () => {
  test('is tried here', () => {
    expect(manifests.map(([kind]) => kind).toSorted()).toEqual(workloadKinds.toSorted());
  });

  test.each(manifests)('%s', async (kind, text) => {
    const { code, stdout, stderr } = await inject(text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [workload] = valuesOf(stdout).flatMap((value) => findWorkloads(value));
    expect(workload?.kind).toBe(kind);
    expect(namesAt(at(workload?.pod, 'spec', 'containers'))).toEqual(['app', 'vault-agent']);
    expect(at(workload?.pod, 'metadata', 'generateName')).toBeUndefined();
    expect(at(workload?.pod, 'kind')).toBe(kind === 'Pod' ? 'Pod' : undefined);
  });

  test('in Lists, of one kind and of several', async () => {
    const items = manifests.map(([, text]) => valuesOf(text)[0] ?? null);
    const list = { apiVersion: 'v1', kind: 'List', items: [...items, valuesOf(CONFIG_MAP)[0]] };
    const { stdout } = await inject(JSON.stringify(list));
    const found = findWorkloads(JSON.parse(stdout) as JsonValue);
    expect(found.map(({ kind }) => kind)).toEqual(manifests.map(([kind]) => kind));
    expect(found.every(({ pod }) => namesAt(at(pod, 'spec', 'containers')).includes('vault-agent'))).toBe(true);

    const { apiVersion, kind, ...item } = items[2] as JsonObject;
    const plain = await inject(JSON.stringify({ apiVersion, kind: `${kind}List`, items: [item] }));
    expect(JSON.parse(plain.stdout)).toMatchObject({
      items: [{ spec: { template: { spec: { initContainers: [{}] } } } }],
    });
    expect(plain.stdout).toMatch(/^\{"apiVersion":"apps\/v1","kind":"DeploymentList","items":\[\{"metadata"/);
  });

  test.each([
    ['YAML', (text: string) => text],
    ['JSON', (text: string) => JSON.stringify(valuesOf(text)[0], null, 2)],
  ])('in a List in %s, whose other lines stay', async (_, write) => {
    const items = [CONFIG_MAP, POD, POD.replace('name: web', 'generateName: web-'), 'kind: List\nitems: []\n'];
    const list = `# all\napiVersion: v1\nkind: List\nitems:\n${items.map((item) => `- # item${`\n${item.trim()}`.replaceAll('\n', '\n  ')}\n`).join('')}`;
    const { stdout } = await inject(write(list), ['--diff']);
    const removed = stdout.split('\n').filter((line) => /^-(?!--)/.test(line));
    // JSON has a comma behind what was the last line.
    const isLast = (line: string): boolean => stdout.split('\n').includes(`+${line.slice(1)},`);
    expect(removed.filter((line) => !isLast(line))).toEqual([]);
    expect(stdout.match(/^\+.*name"?: "?vault-agent-init"?,?$/gm)).toHaveLength(2);
    const patch = JSON.parse((await inject(write(list), ['-o', 'patch'])).stdout) as readonly { path: string }[];
    expect([...new Set(patch.map(({ path }) => path.split('/').slice(0, 3).join('/')))]).toEqual([
      '/items/1',
      '/items/2',
    ]);
  });

  test.each([
    ['another group', controller('example.com/v1', 'Deployment')],
    ['no version', controller('apps/v1', 'Deployment').replace('apiVersion: apps/v1\n', '')],
    ['a template that is none', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template: x\n'],
  ])('but not with %s', async (_, text) => {
    const { code, stdout } = await inject(text);
    expect({ code, stdout }).toEqual({ code: 0, stdout: text });
  });
});

describe('-o', () => {
  test('patch gives the changes of each document', async () => {
    const text = `${controller('apps/v1', 'Deployment')}---\n${CONFIG_MAP}`;
    const { stdout } = await inject(text, ['-o', 'patch']);
    const [patch, none] = JSON.parse(`[${stdout.replace(']\n[', '],\n[')}]`) as JsonObject[][];
    expect(none).toEqual([]);
    const [before, after] = [valuesOf(text), valuesOf((await inject(text)).stdout)];
    expect(applyPatch(before[0] ?? null, patch ?? [])).toEqual(after[0]);
    expect(patch?.every(({ path }) => String(path).startsWith('/spec/template/'))).toBe(true);
  });

  test('json gives one object, or a List', async () => {
    const one = JSON.parse((await inject(POD, ['-o', 'json'])).stdout) as JsonObject;
    expect(one['kind']).toBe('Pod');
    const two = JSON.parse((await inject(`${POD}---\n${CONFIG_MAP}`, ['-o', 'json'])).stdout) as JsonObject;
    expect(two).toMatchObject({ kind: 'List', items: [one, { kind: 'ConfigMap' }] });
  });

  test('yaml turns JSON into YAML', async () => {
    const json = JSON.stringify(valuesOf(POD)[0]);
    const { stdout } = await inject(json, ['-o', 'yaml']);
    expect(stdout).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    expect(valuesOf(stdout)).toEqual(valuesOf((await inject(POD)).stdout));
  });

  test('review and request give the AdmissionReviews', async () => {
    const asked = JSON.parse(
      (await inject(controller('batch/v1', 'Job'), ['-o', 'request', '-n', 'ns'])).stdout,
    ) as JsonObject;
    expect(asked).toMatchObject({
      kind: 'AdmissionReview',
      request: {
        operation: 'CREATE',
        namespace: 'ns',
        object: { kind: 'Pod', metadata: { generateName: 'web-', namespace: 'ns' } },
      },
    });
    const answered = JSON.parse((await inject(POD, ['-o', 'review'])).stdout) as JsonObject;
    expect(answered).toMatchObject({ kind: 'AdmissionReview', response: { allowed: true, patchType: 'JSONPatch' } });
  });

  test('--diff shows what is added, in colours only where they are wanted', async () => {
    const plain = await inject(POD, ['--diff']);
    expect(plain.stdout).toMatch(/^--- <stdin>\n\+\+\+ <stdin> \(injected\)\n@@ /);
    expect(plain.stdout.split('\n').filter((line) => line.startsWith('-'))).toEqual(['--- <stdin>']);
    expect(plain.stdout).not.toContain('\u001b');
    expect((await inject(POD, ['--diff'], { colour: true })).stdout).toContain('\u001b[32m+');
    expect((await inject(CONFIG_MAP, ['--diff'])).stdout).toBe('');
  });
});

describe('settings', () => {
  test('--namespace is for objects that name none', async () => {
    const { stderr } = await inject(
      `${POD.replace('agent-inject:', 'other:')}---\napiVersion: v1\nkind: Pod\nmetadata: {name: b, namespace: own}\nspec: {}\n`,
      ['-n', 'given'],
    );
    expect(stderr).toMatch(/Pod given\/web is left alone: .*\n.*Pod own\/b is left alone: /);
  });

  test('--no-service-account leaves the token to the manifest', async () => {
    const without = await inject(POD, ['--no-service-account']);
    expect(without.code).toBe(3);
    expect(without.stderr).toContain('failed to find service account volume mount');
  });

  test('the environment may name the configuration, and the flag goes over it', async () => {
    const broken = file('broken.yaml', 'kind: Other\n');
    const given = { stdin: POD, environment: { PODGRAFT_CONFIG: broken } };
    const { code, stderr } = await runCli(['inject', '-f', '-'], given);
    expect(code).toBe(1);
    expect(stderr).toContain(broken);
    expect((await inject(POD, [], given)).code).toBe(0);
  });

  test('a wrong configuration is an error with its line', async () => {
    const wrong = file(
      'wrong.yaml',
      'apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\npolicy:\n  no_such: {}\n',
    );
    const { code, stdout, stderr } = await inject(POD, ['--config', wrong]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${wrong}:4:`);
  });
});

describe('a denied pod', () => {
  test('ends with code 3, its reason and its line, and nothing written', async () => {
    const { code, stdout, stderr } = await inject(`${POD}---\n${DENIED}`);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^<stdin>:\d+: Pod default\/bad is denied: .*"maybe".* \(vault_agent\/[a-z_]+\)\n$/);
    expect(stderr).toContain(`:${POD.split('\n').length + 2}: `);
  });

  test('does not hide another one', async () => {
    const { code, stderr } = await inject(`${DENIED}---\n${DENIED}`, ['--diff']);
    expect(code).toBe(3);
    expect(stderr.match(/is denied/g)).toHaveLength(2);
  });

  test('in Kubernetes’ words where it is misshapen', async () => {
    const { code, stderr } = await inject(POD.replace('"true"', 'yes'));
    expect(code).toBe(3);
    expect(stderr).toMatch(/is denied: .*cannot unmarshal bool into/);
  });

  test('that carries a number without JSON is an error', async () => {
    const { code, stderr } = await inject(POD.replace('image: nginx:1', 'image: .inf'));
    expect(code).toBe(1);
    expect(stderr).toBe('<stdin>:2: the value of "image" is no number that JSON has (manifest.number)\n');
  });
});

describe('bad input', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /^<stdin>: there is nothing in it/],
    ['only comments', '# a\n---\n# b\n', /^<stdin>: there is no object in it/],
    ['no UTF-8', new Uint8Array([0x61, 0x3a, 0x20, 0x31, 0x0a, 0x62, 0xff, 0x0a]), /^<stdin>:2: it is not UTF-8/],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0x00]), /^<stdin>:1: it is UTF-16/],
    ['broken YAML', 'a: 1\nb: [\nc: 2\n', /^<stdin>:\d+:\d+: .+ \(manifest\.yaml\)/],
    [
      'a control character',
      'a: 1\nb: x\0y\n',
      /^<stdin>:2:5: a control character, U\+0000, stands here; .* \(manifest\.yaml\)\n$/,
    ],
    ['a tab', 'a:\n\tb: 1\n', /^<stdin>:2:1: /],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', /^<stdin>:3:1: Map keys must be unique/],
    ['a template', 'a: 1\n{{- if .Values.x }}\nb: 2\n{{- end }}\n', /^<stdin>:2:\d+: .*helm template/],
    ['an unknown alias', 'a: *b\n', /^<stdin>:1:4: /],
    ['100,000 brackets', '['.repeat(100_000), /^<stdin>:1:\d+: .*nested too deeply/],
    ['a bomb of aliases', bomb(), /^<stdin>:1:1: Excessive alias count/],
  ])('%s', async (_, text, message) => {
    const { code, stdout, stderr } = await inject(text);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('that quotes an escape sequence does not reach the terminal with it', async () => {
    const { code, stderr } = await inject('{"a": {"\\u001b[31m": .inf}}', ['-o', 'json']);
    expect(code).toBe(1);
    expect(stderr).toContain('the value of "\ufffd[31m" is no number that JSON has (manifest.number)');
  });

  test('but a JSON text may hold any character that JSON allows', async () => {
    const text = '{"a": "\u007f\u009f\uffff"}';
    expect(await inject(text)).toMatchObject({ code: 0, stdout: text });
  });

  test.each([
    ['a missing file', join(folder, 'none.yaml'), 'there is no such file'],
    ['a folder', folder, 'it is a folder'],
  ])('%s', async (_, path, message) => {
    const { code, stderr } = await runCli(['inject', '-f', path]);
    expect(code).toBe(1);
    expect(stderr).toBe(`${path}: it cannot be read (${message}) (input.unreadable)\n`);
  });
});

function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 9; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  return `${lines.join('\n')}\n`;
}
