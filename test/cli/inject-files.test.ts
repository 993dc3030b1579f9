// podgraft inject with several files, streams of JSON, numbers of many digits, and kinds that it does not know.
import { beforeAll, describe, expect, test } from 'vitest';
import { parseManifests } from '../../cli/inject/read-manifests.ts';
import type { JsonObject } from '../../core/index.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { type Ran, runCli } from './fake-terminal.ts';
import { createInjectScene } from './inject-scene.ts';

beforeAll(() => ensureBundle());

const { file, config } = createInjectScene();

const inject = (args: readonly string[], stdin = ''): Promise<Ran> =>
  runCli(['inject', '--config', config, ...args], { stdin });

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  annotations:\n    vault.hashicorp.com/agent-inject: "true"\n    vault.hashicorp.com/role: web\nspec:\n  containers:\n  - name: app\n    image: nginx:1\n`;

const podJson = (name: string, more: string): string =>
  `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}","annotations":{"vault.hashicorp.com/agent-inject":"true","vault.hashicorp.com/role":"web"}},"spec":{${more}"containers":[{"name":"app","image":"nginx:1"}]}}`;

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}';

const objectsOf = (text: string): readonly JsonObject[] =>
  parseManifests(text, 'out').flatMap(({ documents }) => documents.map(({ value }) => value as JsonObject));

const agentsOf = (text: string): readonly boolean[] =>
  objectsOf(text).map((object) => JSON.stringify(object).includes('vault-agent-init'));

describe('several files', () => {
  test('come out in their order, with markers between them', async () => {
    const [a, b, c] = [file('a.yaml', pod('a')), file('b.yaml', MAP), file('c.yaml', `\uFEFF---\n${pod('c')}`)];
    const { code, stdout } = await inject(['-q', '-f', a, '-f', b, '-f', c]);
    expect(code).toBe(0);
    expect(agentsOf(stdout)).toEqual([true, false, true]);
    expect(stdout).toContain(`---\n${MAP}\n---\napiVersion: v1\nkind: Pod\n`);
  });

  test.each([
    ['JSON', ['{"a":1}', '{"b":2}\n', '{"c":3}'], '{"a":1}\n{"b":2}\n{"c":3}'],
    ['JSON and YAML', ['{"a":1}', 'b: 2', '{"c":3}\n'], '---\n{"a":1}\n---\nb: 2\n---\n{"c":3}\n'],
    ['directives', ['a: 1\n', '# x\n%YAML 1.1\n---\nb: 2\n'], 'a: 1\n...\n# x\n%YAML 1.1\n---\nb: 2\n'],
    ['an end', ['a: 1\n...\n', '--- # b\nb: 2\n'], 'a: 1\n...\n--- # b\nb: 2\n'],
  ])('of %s make one text', async (name, texts, whole) => {
    const files = texts.map((text, index) => file(`${name}-${index}`, text));
    const { code, stdout } = await inject(['-q', ...files.flatMap((path) => ['-f', path])]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: whole });
    expect(objectsOf(stdout).length).toBe(texts.length);
  });

  test('make one List, and a diff each', async () => {
    const [a, b] = [file('a.yaml', pod('a')), file('b.yaml', pod('b'))];
    const list = JSON.parse((await inject(['-f', a, '-f', b, '-o', 'json'])).stdout) as { items: JsonObject[] };
    expect(list.items.map(({ metadata }) => (metadata as JsonObject)['name'])).toEqual(['a', 'b']);
    const { stdout } = await inject(['-f', a, '-f', b, '--diff']);
    expect(stdout.match(/^--- .*$/gm)).toEqual([`--- ${a}`, `--- ${b}`]);
  });

  test('are all refused where one is wrong', async () => {
    const [a, b] = [file('a.yaml', pod('a')), file('b.yaml', 'a: [')];
    const { code, stdout, stderr } = await inject(['-f', a, '-f', b]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${b}:1:`);
  });

  test('cannot be standard input twice', async () => {
    const { code, stderr } = await inject(['-f', '-', '-f', '-']);
    expect(code).toBe(2);
    expect(stderr).toContain('Standard input can be read only once.');
  });
});

describe('a stream of JSON objects', () => {
  test('stays one, byte for byte where nothing is injected', async () => {
    const text = `{"a": "}{\\""}\n\n {"kind":"X"}${podJson('web', '')}\n`;
    const { code, stdout, stderr } = await inject(['-f', '-'], text);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.startsWith('{"a": "}{\\""}\n\n {"kind":"X"}\n{"apiVersion":"v1"')).toBe(true);
    expect(agentsOf(stdout)).toEqual([false, false, true]);
  });

  test('knows its lines, and has one diff', async () => {
    const text = `{"kind":"X"}\n${podJson('web', '')}\n{"kind":"Y"}\n`;
    const denied = await inject(['-f', '-'], text.replace('"role":', '"x":').replace('"true"', 'true'));
    expect(denied.stderr).toMatch(/^<stdin>:2: Pod default\/web is denied: /);
    const { stdout } = await inject(['-f', '-', '--diff'], text);
    expect(stdout).toMatch(/^--- <stdin>\n\+\+\+ <stdin> \(injected\)\n@@ -1,3 \+1,3 @@\n \{"kind":"X"\}\n-\{/);
  });

  test('that breaks off is an error', async () => {
    const { code, stderr } = await inject(['-f', '-'], '{"a":1}\n{"b":');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^<stdin>:2:1: .* \(manifest\.yaml\)\n$/);
  });
});

describe('a number of many digits', () => {
  const odd = 'apiVersion: x/v1\nkind: Odd\nspec: {big: 9007199254740993, pi: 3.14159265358979323846}\n';

  test('passes through every form of output', async () => {
    for (const output of ['json', 'yaml']) {
      const { code, stdout } = await inject(['-f', '-', '-q', '-o', output], odd);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\b9007199254740993\b/);
      expect(stdout).toMatch(/\b3\.14159265358979323846\b/);
    }
    const json = '{"kind":"List","apiVersion":"v1","items":[{"n":9007199254740993},';
    const { stdout } = await inject(['-f', '-'], `${json}${podJson('web', '')}]}`);
    expect(stdout.startsWith(json)).toBe(true);
    expect(stdout).toContain('vault-agent-init');
  });

  test('in a pod that is injected into keeps them, too', async () => {
    const text = podJson('web', '"activeDeadlineSeconds":9007199254740993,');
    for (const args of [[], ['-o', 'json'], ['-o', 'yaml'], ['-o', 'request']]) {
      const { code, stdout, stderr } = await inject(['-f', '-', ...args], text);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout, args.join(' ')).toMatch(/activeDeadlineSeconds"?: ?9007199254740993\b/);
    }
    expect((await inject(['-f', '-', '-o', 'patch'], text)).stdout).not.toContain('900719925474099');
  });

  test('without JSON is refused where JSON is asked for, and only there', async () => {
    const text = 'a: 1\n---\napiVersion: x/v1\nkind: Odd\nspec: .inf\n';
    expect(await inject(['-f', '-', '-q'], text)).toMatchObject({ code: 0, stdout: text });
    expect(await inject(['-f', '-', '-q', '-o', 'json'], text)).toEqual({
      code: 1,
      stdout: '',
      stderr: '<stdin>:3: the value of "spec" is no number that JSON has (manifest.number)\n',
    });
  });
});

describe('what it does not know', () => {
  const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers: [{name: app, image: nginx}]\n`;

  test.each([
    ['a Rollout', rollout, 'Rollout web of argoproj.io/v1alpha1'],
    [
      'a PodTemplate',
      'apiVersion: v1\nkind: PodTemplate\nmetadata: {name: t}\ntemplate: {spec: {containers: [{image: a}]}}\n',
      'PodTemplate t of v1',
    ],
    [
      'a Deployment of another group',
      rollout.replace('Rollout', 'Deployment'),
      'Deployment web of argoproj.io/v1alpha1',
    ],
  ])('%s passes through, and that is said', async (_, text, what) => {
    const { code, stdout, stderr } = await inject(['-f', '-'], `${MAP}\n---\n${text}`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${MAP}\n---\n${text}` });
    expect(stderr).toBe(
      `<stdin>:5: ${what} passes through as it is: inject knows the pods of Pod, ReplicationController, Deployment, ` +
        'ReplicaSet, DaemonSet, StatefulSet, Job, CronJob. The webhook sees any pod when it is created.\n',
    );
    expect((await inject(['-f', '-', '-q'], text)).stderr).toBe('');
  });

  test.each([
    [
      '[{"a": 1}]',
      'the document is a list; Kubernetes has objects, with apiVersion and kind; make it the items of a List',
    ],
    ['a: 1\n---\nhello\n', 'the document is no map; Kubernetes has objects, with apiVersion and kind'],
  ])('%j is no manifest', async (text, message) => {
    const { code, stdout, stderr } = await inject(['-f', '-'], text);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^<stdin>:\d: /);
    expect(stderr).toContain(`${message} (manifest.object)\n`);
  });
});
