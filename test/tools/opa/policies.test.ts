// `npm run policies`: what it refuses, where it says the fault is, and its exit codes.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { type PolicySettings, runPolicies } from '../../../scripts/policy/run-policies.ts';
import { createToolchain } from '../../../scripts/policy/toolchain.ts';
import { createPolicyFolder } from './policy-folder.ts';

// One for all saves its start in each test.
const toolchain = createToolchain();
afterAll(() => toolchain.close());

/** Runs the steps; files are named as they are seen from the folder around the policies. */
const run = async (folder: string, changes: Partial<PolicySettings> = {}) => {
  const target = join(folder, '../bundle');
  const settings = { folder, target, write: false, leastCoverage: 95, ...changes };
  let stdout = '';
  const write = (text: string): void => {
    stdout += text;
  };
  const isFine = await runPolicies(toolchain, settings, { write });
  return { isFine, stdout: stripVTControlCharacters(stdout).replaceAll(`${folder}/`, 'policies/'), target };
};

describe('runPolicies', () => {
  it('passes policies that are in order, and builds them', async () => {
    const { isFine, stdout, target } = await run(createPolicyFolder());
    expect(isFine, stdout).toBe(true);
    expect(stdout).toMatch(
      /test .*5 tests, 100\.0 % of \d+ lines\n.*compiled .*5 tests\n.*build .*bundle\n.*load .*1 cases, sha256:[0-9a-f]{12}\n$/,
    );
    expect(JSON.parse(readFileSync(join(target, 'data.json'), 'utf8'))).toEqual({
      podgraft: {
        config: { sys: { path: '/a/../b' } },
        tables: {},
        codes: { sys: { none: 'Nothing is asked for.' } },
      },
    });
    expect(JSON.parse(readFileSync(join(target, '.manifest'), 'utf8'))).toMatchObject({
      roots: ['podgraft'],
      rego_version: 1,
      wasm: [
        { entrypoint: 'podgraft/decision', module: '/policy.wasm' },
        { entrypoint: 'podgraft/configuration', module: '/policy.wasm' },
      ],
    });
    expect(readFileSync(join(target, 'templates/sys/template.yaml'), 'utf8')).toContain('kind: InjectionTemplate\n');
    expect(existsSync(join(target, 'schemas/sys.json'))).toBe(true);
  });

  it('runs the cases, and places what fails in them', async () => {
    const one = readFileSync(join(createPolicyFolder(), 'sys/cases/one.yaml'), 'utf8');
    for (const [text, place] of [
      [
        one.replace('skipped', 'injected'),
        /\.yaml: .*outcome should be "injected", but it is "skipped" \(bundle\.self-test\)/,
      ],
      [one.replace('podAfter', 'pod'), /\.yaml:7:1: "pod" is none of .* \(bundle\.case\)/],
    ] as const) {
      const { isFine, stdout } = await run(createPolicyFolder({ 'sys/cases/one.yaml': text }));
      expect(isFine).toBe(false);
      expect(stdout).toMatch(new RegExp(`load .*\npolicies/sys/cases/one${place.source}`));
    }
  });

  it('places what is wrong with a template', async () => {
    const template =
      'apiVersion: podgraft.dev/v1alpha1\nkind: InjectionTemplate\nmetadata:\n  name: sys\nspec:\n  pods: {}\n';
    const { isFine, stdout } = await run(createPolicyFolder({ 'sys/template.yaml': template }));
    expect(isFine).toBe(false);
    expect(stdout).toMatch(/check .*\npolicies\/sys\/template\.yaml:6:\d+: .* \(template\./);
  });

  it('refuses a file that is not formatted, and writes it when told to', async () => {
    const folder = createPolicyFolder({ 'sys/more.rego': 'package podgraft.systems.sys\n\n_a   := 1\n' });
    const refused = await run(folder, { run: 'test_path' });
    expect(refused.isFine).toBe(false);
    expect(refused.stdout).toContain('policies/sys/more.rego:3: the file is not formatted');
    expect((await run(folder, { run: 'test_path', write: true })).isFine).toBe(true);
    expect(readFileSync(join(folder, 'sys/more.rego'), 'utf8')).toContain('_a := 1\n');
  });

  it('places what a strict check finds', async () => {
    const { isFine, stdout } = await run(
      createPolicyFolder({ 'sys/more.rego': 'package podgraft.systems.sys\n\n_f(x) := 1\n' }),
    );
    expect(isFine).toBe(false);
    expect(stdout).toContain('policies/sys/more.rego:3:1: unused argument x.');
    expect(stdout).toContain('(rego_compile_error)');
  });

  it('refuses what a compiled policy lacks', async () => {
    const { stdout } = await run(
      createPolicyFolder({ 'sys/more.rego': 'package podgraft.systems.sys\n\n_a := sprintf("%d", [1])\n' }),
    );
    expect(stdout).toContain('policies/sys/more.rego:3:7: undefined function sprintf (rego_type_error)');
  });

  it('fails where the tests reach too few lines, and says which are missing', async () => {
    const unreached =
      'package podgraft.systems.sys\n\nunreached := 1 if input.a\n\nreached := 2\n\nlate := 3 if {\n\tinput.b\n\tinput.c\n}\n';
    const folder = createPolicyFolder({ 'sys/more.rego': unreached });
    const { isFine, stdout } = await run(folder);
    expect(isFine).toBe(false);
    expect(stdout).toMatch(/the tests reach \d\d\.\d % of the lines, less than 95 %; missing are: \(coverage\)/);
    expect(stdout).toContain('policies/sys/more.rego:3: no test reaches this line');
    expect(stdout).toContain('policies/sys/more.rego:7: no test reaches lines 7 to 9');
    expect(existsSync(join(folder, '../bundle'))).toBe(false);
    expect((await run(folder, { leastCoverage: 30 })).isFine).toBe(true);
  });

  it('names failing tests and cases, and shows what they print', async () => {
    const tests = `package podgraft.systems.sys

test_wrong if {
	print("path is", path)
	path == "/c"
}

test_cases[name] if {
	some name, wanted in {"good": "/b", "bad": "/c"}
	path == wanted
}
`;
    const { isFine, stdout } = await run(createPolicyFolder({ 'sys/wrong_test.rego': tests }));
    expect(isFine).toBe(false);
    expect(stdout).toContain('policies/sys/wrong_test.rego:3: test_wrong failed (test_failed)\n    path is /b\n');
    expect(stdout).toContain('policies/sys/wrong_test.rego:8: test_cases failed, cases: bad (test_failed)');
    expect(stdout).not.toContain('not_covered');
  });

  it('fails a test that passes in OPA and not compiled', async () => {
    // Compiled, sets are iterated in hash order.
    const tests = `package podgraft.systems.sys

test_order if [name | some name in {"one", "two", "three", "four", "five", "six"}] == ["five", "four", "one", "six", "three", "two"]
`;
    const { isFine, stdout } = await run(createPolicyFolder({ 'sys/order_test.rego': tests }));
    expect(isFine).toBe(false);
    expect(stdout).toContain('policies/sys/order_test.rego:3: test_order passed in OPA and failed compiled');
  });

  it('refuses a test’s name that is used twice', async () => {
    const tests = 'package podgraft.systems.sys\n\ntest_path if path == "/b"\n';
    const { stdout } = await run(createPolicyFolder({ 'sys/twice_test.rego': tests }));
    expect(stdout).toMatch(/test_path#01: this name is used twice in its package/);
  });

  it.each([
    ['sys/config.yaml', 'path: &a /a\nother: *a\n', { file: 'policies/sys/config.yaml', line: 1 }],
    ['sys/tables.yaml', '- 1\n', { file: 'policies/sys/tables.yaml', line: 1 }],
    ['sys/config.schema.json', '{', { file: 'policies/sys/config.schema.json' }],
    ['sys/config.schema.json', '[]', { file: 'policies/sys/config.schema.json' }],
    ['Sys-2/README.md', '', { file: 'policies/Sys-2' }],
  ])('places what is wrong with %s', async (path, text, at) => {
    const ran = run(createPolicyFolder({ [path]: text }));
    await expect(ran).rejects.toMatchObject({ code: expect.stringMatching(/^policies\./), at });
  });

  it('says once where a file can’t be parsed', async () => {
    const { isFine, stdout } = await run(
      createPolicyFolder({ 'sys/bad.rego': 'package podgraft.systems.sys\n\na := {\n' }),
    );
    expect(isFine).toBe(false);
    expect(stdout.match(/^policies\/sys\/bad\.rego:4: .*: expected .*\(rego_parse_error\)$/gm)).toHaveLength(1);
  });

  it('fails where there is no test', async () => {
    const empty = createPolicyFolder({
      'main_test.rego': 'package podgraft\n',
      'sys/decision_test.rego': 'package podgraft.systems.sys\n',
    });
    expect((await run(empty)).stdout).toContain('there is no test (no_tests)');
    expect((await run(createPolicyFolder(), { run: 'nothing_like_it' })).isFine).toBe(false);
  });
});

// A process of its own for each call: slow where the machine is busy.
describe('npm run policies', { timeout: 60_000 }, () => {
  const script = resolve(import.meta.dirname, '../../../scripts/policy/policies.ts');
  const call = (folder: string, ...args: readonly string[]) => {
    const target = join(folder, '../bundle');
    const command = [script, '--folder', folder, '--target', target, ...args];
    return spawnSync(process.execPath, command, { cwd: join(folder, '..'), encoding: 'utf8' });
  };

  it('tells by its exit code what happened', () => {
    const folder = createPolicyFolder();
    expect(call(folder)).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('build') });
    const unused = createPolicyFolder({ 'sys/more.rego': 'package podgraft.systems.sys\n\n_f(x) := 1\n' });
    const place = '\npolicies/sys/more.rego:3:1: unused argument x.';
    expect(call(unused)).toMatchObject({ status: 1, stdout: expect.stringContaining(place) });
  });

  it('refuses wrong usage', () => {
    const folder = createPolicyFolder();
    expect(call(folder, '--nonsense')).toMatchObject({ status: 2, stderr: expect.stringContaining('--nonsense') });
    expect(call(folder, '--coverage', 'much')).toMatchObject({ status: 2, stderr: expect.stringContaining('much') });
    const nowhere = call(join(folder, 'nowhere'));
    expect(nowhere).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no folder') });
    const barren = call(join(createPolicyFolder({ 'barren/notes.txt': '' }), 'barren'));
    expect(barren).toMatchObject({ status: 1, stderr: expect.stringContaining('there is no Rego in the folder') });
    expect(call(folder, '--help').stdout).toContain('Exit codes: 0');
  });

  it('places a fault in a data file', () => {
    const { status, stderr } = call(createPolicyFolder({ 'sys/tables.yaml': '- 1\n' }));
    expect(stderr).toMatch(/^policies: policies\/sys\/tables\.yaml:1:1.*: the file is not a map \(policies\.data\)$/m);
    expect(status).toBe(1);
  });
});
