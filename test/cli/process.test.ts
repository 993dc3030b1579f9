// The command as a process of its own: streams, exit codes, colours, signals, an old Node.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import type { Ran } from './fake-terminal.ts';

const entry = fileURLToPath(new URL('../../cli/podgraft.mjs', import.meta.url));

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - {name: app, image: nginx}\n';

const wanted = (annotations: string): string =>
  POD.replace('spec:', `  annotations:\n    vault.hashicorp.com/agent-inject: "true"\n${annotations}spec:`);

const start = (
  args: readonly string[],
  { node = [], env = {} }: { node?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
) => {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  return spawn(process.execPath, [...node, entry, ...args], { stdio: 'pipe', env: { ...rest, ...env } });
};

const podgraft = async (
  args: readonly string[],
  { stdin = '', ...options }: { stdin?: string; node?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<Ran> => {
  await ensureBundle();
  const child = start(args, options);
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: Number(code), stdout, stderr };
};

test('a manifest goes in and comes out', async () => {
  const { code, stdout, stderr } = await podgraft(['inject', '-f', '-'], { stdin: POD });
  expect({ code, stdout }).toEqual({ code: 0, stdout: POD });
  expect(stderr).toMatch(/^<stdin>:1: Pod default\/web is left alone: /);
});

test('a denied pod, a wrong input and a wrong flag have codes of their own', async () => {
  const denied = await podgraft(['inject', '-f', '-'], {
    stdin: wanted('    vault.hashicorp.com/agent-init-first: "maybe"\n'),
  });
  expect({ code: denied.code, stdout: denied.stdout }).toEqual({ code: 3, stdout: '' });
  expect((await podgraft(['inject', '-f', '-'], { stdin: 'a: [' })).code).toBe(1);
  expect((await podgraft(['inject', '--nope'])).code).toBe(2);
});

test('colours are for terminals, unless they are forced', async () => {
  const stdin = 'a: [';
  expect((await podgraft(['inject', '-f', '-'], { stdin })).stderr).not.toContain('\u001b');
  const forced = await podgraft(['inject', '-f', '-'], { stdin, env: { FORCE_COLOR: '1' } });
  expect(forced.stderr).toContain('\u001b[31m');
  const refused = await podgraft(['inject', '-f', '-'], { stdin, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
  expect(refused.stderr).not.toContain('\u001b');
});

test('an old Node is told so', async () => {
  const old = "data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '20.1.0' })";
  const { code, stderr } = await podgraft(['version'], { node: ['--import', old] });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^podgraft needs Node 22\.18 or newer; /);
});

test('a reader that goes away is no error', async () => {
  await ensureBundle();
  const big = Array.from({ length: 3000 }, (_, index) => `k${index}: ${'x'.repeat(100)}\n`).join('');
  const child = start(['inject', '-f', '-', '-q']);
  child.stdout.destroy();
  child.stdin.end(big);
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('a reader that goes away does not hide that a pod is denied', async () => {
  await ensureBundle();
  const child = start(['inject', '-f', '-', '-o', 'review']);
  child.stdout.destroy();
  child.stdin.end(wanted('    vault.hashicorp.com/agent-init-first: "maybe"\n'));
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(code).toBe(3);
  expect(stderr).toContain('is denied');
});

test('a listener to errors that goes away is no error', async () => {
  await ensureBundle();
  const child = start(['inject', '-f', '-']);
  child.stderr.destroy();
  child.stdin.end(POD);
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: POD });
});

// Only Linux has a device that is always full.
test.skipIf(!existsSync('/dev/full')).each([[['inject', '-q', '-f', '-']], [['--help']], [['version']]])(
  '%j to a full disk says so',
  async (args) => {
    await ensureBundle();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', full, 'pipe'] });
    closeSync(full);
    child.stdin?.end(POD);
    const [stderr, [code]] = await Promise.all([text(child.stderr ?? Readable.from([])), once(child, 'close')]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        '<stdout>: the output cannot be written: there is no space left; what was written is not whole (output.write)\n',
    });
  },
);

test('serve answers until it is told to stop', async () => {
  await ensureBundle();
  const child = start([
    'serve',
    '--authentication',
    'off',
    '--listen',
    '127.0.0.1:0',
    '--metrics-listen',
    'off',
    '--drain-delay',
    '0s',
  ]);
  const [stderr, lines] = [text(child.stderr), child.stdout.setEncoding('utf8')[Symbol.asyncIterator]()];
  let log = '';
  while (!/"url":"https:[^"]+"/.test(log)) {
    const { value, done } = (await lines.next()) as IteratorResult<string, undefined>;
    expect(done, await (done === true ? stderr : '')).not.toBe(true);
    log += value ?? '';
  }
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect({ code, stderr: await stderr }).toEqual({ code: 0, stderr: '' });
});
