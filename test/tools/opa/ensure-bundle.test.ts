// Building only what changed, by several processes at once, without ever showing half a bundle.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type BundleOptions, ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { withLock } from '../../../scripts/policy/lock.ts';
import { createToolchain } from '../../../scripts/policy/toolchain.ts';
import { createPolicyFolder, temporaryFolder, writeFiles } from './policy-folder.ts';

const script = join(import.meta.dirname, '../../../scripts/policy/policies-build.ts');

// One for all saves its start in each test.
const toolchain = createToolchain();
afterAll(() => toolchain.close());

/** Ensures the bundle and tells whether that took a build. */
const isBuilt = async (options: BundleOptions): Promise<boolean> => {
  let built = false;
  const onBuild = (): void => {
    built = true;
  };
  expect(await ensureBundle({ ...options, toolchain, onBuild })).toBe(options.target);
  return built;
};

describe('ensureBundle', { timeout: 60_000 }, () => {
  it('builds what is not there, and then only what changed', async () => {
    const folder = createPolicyFolder();
    const target = join(folder, '../bundle');
    expect(await isBuilt({ folder, target })).toBe(true);
    expect(readdirSync(target).sort()).toEqual([
      '.manifest',
      'cases',
      'data.json',
      'policy.wasm',
      'schemas',
      'templates',
    ]);
    expect(await isBuilt({ folder, target })).toBe(false);
    expect(await isBuilt({ folder, target, force: true })).toBe(true);

    const unrelated = { 'sys/README.md': 'Other.\n', 'sys/new_test.rego': 'package p\n', 'sys/cases/two.txt': 'x\n' };
    writeFiles(folder, unrelated);
    expect(await isBuilt({ folder, target })).toBe(false);

    writeFiles(folder, { 'sys/codes.yaml': 'none: Nothing at all.\n' });
    expect(await isBuilt({ folder, target })).toBe(true);
    expect(readFileSync(join(target, 'data.json'), 'utf8')).toContain('Nothing at all.');

    writeFiles(folder, { 'sys/cases/two.yaml': 'response: {allowed: true}\n' });
    expect(await isBuilt({ folder, target })).toBe(true);
    expect(readdirSync(join(target, 'cases/sys'))).toEqual(['one.yaml', 'two.yaml']);

    rmSync(join(folder, 'sys/template.yaml'));
    expect(await isBuilt({ folder, target })).toBe(true);
    expect(existsSync(join(target, 'templates'))).toBe(false);
  });

  it('builds again where the bundle was damaged', async () => {
    const folder = createPolicyFolder();
    const target = join(folder, '../bundle');
    await ensureBundle({ folder, target, toolchain });
    writeFileSync(join(target, 'data.json'), '{}');
    expect(await isBuilt({ folder, target })).toBe(true);
    rmSync(join(target, 'policy.wasm'));
    expect(await isBuilt({ folder, target })).toBe(true);
    writeFileSync(`${target}.stamp.json`, 'no JSON');
    expect(await isBuilt({ folder, target })).toBe(true);
  });

  it('makes the same bundle of the same sources', async () => {
    const [first, second] = [createPolicyFolder(), createPolicyFolder()];
    for (const folder of [first, second]) {
      await ensureBundle({ folder, target: join(folder, '../bundle'), toolchain });
    }
    const read = (folder: string): Buffer => readFileSync(join(folder, '../bundle/policy.wasm'));
    expect(read(first).equals(read(second))).toBe(true);
  });

  it('says everything that is wrong, with its place, and keeps the last bundle', async () => {
    const folder = createPolicyFolder();
    const target = join(folder, '../bundle');
    await ensureBundle({ folder, target, toolchain });
    const before = readFileSync(join(target, 'policy.wasm'));
    writeFiles(folder, { 'sys/more.rego': 'package podgraft.systems.sys\n\n_a := nothing(1)\n\n_b := none(2)\n' });
    await expect(ensureBundle({ folder, target, toolchain })).rejects.toMatchObject({
      code: 'policies.invalid',
      message: expect.stringMatching(
        /more\.rego:3:7: undefined function nothing .*\n.*more\.rego:5:7: undefined function none /,
      ),
      at: { file: 'policies/sys/more.rego', line: 3 },
    });
    expect(readFileSync(join(target, 'policy.wasm')).equals(before)).toBe(true);
    expect(existsSync(`${target}.lock`)).toBe(false);
  });

  it('fails a policy that lacks an entrypoint', async () => {
    const folder = createPolicyFolder({
      'main.rego': 'package podgraft\n\ndecision := 1\n',
      'main_test.rego': 'package podgraft\n',
    });
    await expect(ensureBundle({ folder, target: join(folder, '../bundle'), toolchain })).rejects.toMatchObject({
      code: 'policies.invalid',
      message: expect.stringContaining('configuration'),
    });
  });

  it('lets several processes call it at once: one builds', async () => {
    const folder = createPolicyFolder();
    const target = join(folder, '../bundle');
    const build = (): Promise<string> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, [script, '--folder', folder, '--target', target]);
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
        });
        child.on('close', (status) => resolve(`${status} ${output.trim().split(' ').slice(2).join(' ')}`));
      });
    const outcomes = await Promise.all([build(), build(), build()]);
    expect(outcomes.sort()).toEqual(['0 is up to date', '0 is up to date', '0 was built']);
    expect(readdirSync(join(folder, '..')).sort()).toEqual(['bundle', 'bundle.stamp.json', 'policies']);
  });
});

describe('withLock', () => {
  const lockFile = (): string => join(temporaryFolder(), 'deep/lock');

  it('runs one after the other', async () => {
    const file = lockFile();
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 120));
      events.push(`${name} out`);
    };
    await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
    expect(events).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  it('takes over from a process that is gone, and lets go when the work fails', async () => {
    const file = lockFile();
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFiles(join(file, '..'), { lock: `${gone}\n` });
    await expect(withLock(file, () => Promise.reject(new Error('the work failed')))).rejects.toThrow('the work failed');
    expect(existsSync(file)).toBe(false);
  });
});
