// `npm start`: serves, and prints a line to try that works.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { exampleReview } from './example-review.ts';
import { send } from './https-client.ts';

const root = path.join(import.meta.dirname, '../../..');

beforeAll(async () => void (await ensureBundle()), 180_000);

it('npm start serves on the loopback and says how to try it', async () => {
  const args = ['scripts/start.ts', '--listen', '127.0.0.1:0', '--metrics-listen', 'off'];
  const child = spawn(process.execPath, args, { cwd: root, env: { PATH: process.env['PATH'] } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += String(chunk);
  });
  await vi.waitFor(() => expect(printed).toContain('Stop it with Ctrl+C'), { timeout: 20_000, interval: 50 });
  const [, url = '', file = ''] = /curl -sS --insecure (\S+) .* --data-binary @(\S+)/.exec(printed) ?? [];
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/mutate$/);
  expect(existsSync(path.join(root, file))).toBe(true);
  const answer = await send(url, undefined, { body: exampleReview });
  expect(JSON.parse(answer.text).response).toMatchObject({ allowed: true, patchType: 'JSONPatch' });
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
}, 60_000);

it('npm start that is killed leaves nothing behind', async () => {
  const args = ['start', '--', '--listen', '127.0.0.1:0', '--metrics-listen', 'off'];
  const npm = spawn('npm', args, { cwd: root, env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } });
  onTestFinished(() => void npm.kill('SIGKILL'));
  let printed = '';
  npm.stdout.on('data', (chunk) => {
    printed += String(chunk);
  });
  await vi.waitFor(() => expect(printed).toContain('Stop it with Ctrl+C'), { timeout: 30_000, interval: 50 });
  const [, url = ''] = /curl -sS --insecure (\S+)/.exec(printed) ?? [];
  npm.kill('SIGTERM');
  await vi.waitFor(() => expect(send(url, undefined, { body: exampleReview })).rejects.toThrow('ECONNREFUSED'), {
    timeout: 10_000,
    interval: 200,
  });
}, 60_000);
