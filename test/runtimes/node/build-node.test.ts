// The built server: its files and a bundle, run as the image runs it, from anywhere.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildNode } from '../../../scripts/build-node.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { exampleReview } from './example-review.ts';
import { startKubernetes } from './facts/fake-kubernetes.ts';
import { send } from './https-client.ts';
import { scratchFolder } from './scratch-folder.ts';

beforeAll(async () => void (await ensureBundle()), 180_000);

/** Starts the built file in an empty folder, so that nothing of the source tree is in reach. */
const startBuilt = async (folder: string, args: readonly string[]): Promise<ChildProcess> => {
  const file = path.join(folder, 'podgraft-server.mjs');
  const child = spawn(process.execPath, [file, ...args], {
    cwd: await scratchFolder(),
    env: { PATH: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};

const textOf = async (stream: NodeJS.ReadableStream | null): Promise<string> => {
  const chunks: string[] = [];
  for await (const chunk of stream ?? []) {
    chunks.push(String(chunk));
  }
  return chunks.join('');
};

const untilServing = async (child: ChildProcess): Promise<Readonly<Record<string, string>>> => {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    const record = JSON.parse(line) as Record<string, string>;
    if (record['msg'] === 'serving') {
      return record;
    }
  }
  throw new Error(`it ended: ${await textOf(child.stderr)}`);
};

describe('the built server', () => {
  it('serves its own bundle, drains on SIGTERM, and says what is wrong with its settings', async () => {
    const folder = path.join(await scratchFolder(), 'podgraft');
    await buildNode(folder);
    const child = await startBuilt(folder, [
      '--authentication=off',
      '--listen',
      '127.0.0.1:0',
      '--metrics-listen=127.0.0.1:0',
      '--drain-delay=0s',
    ]);
    const { url = '', metrics = '' } = await untilServing(child);
    const answer = await send(`${url}/mutate`, undefined, { body: exampleReview });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text).response).toMatchObject({ allowed: true, patchType: 'JSONPatch' });
    expect(await (await fetch(metrics)).text()).toContain('podgraft_reviews_total{outcome="injected"} 1');
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);

    const { kubeconfig } = await startKubernetes({});
    const args = ['--authentication=off', '--listen=127.0.0.1:0', '--metrics-listen=off'];
    const informed = await startBuilt(folder, [...args, '--facts=image,references', '--kubeconfig', kubeconfig]);
    expect(await untilServing(informed)).toMatchObject({ msg: 'serving' });
    informed.kill('SIGKILL');

    const broken = await startBuilt(folder, ['--listne', 'x', '--authentication', 'off']);
    const ended = once(broken, 'exit');
    expect(await textOf(broken.stderr)).toBe(
      'podgraft: --listne is not a setting; did you mean --listen? (setting.unknown)\n',
    );
    expect(await ended).toEqual([1, null]);

    const help = await startBuilt(folder, ['--help']);
    expect(await textOf(help.stdout)).toContain('--keep-alive-timeout TIME');

    const packages = await readFile(path.join(folder, 'packages.txt'), 'utf8');
    expect(packages.split('\n')).toEqual(expect.arrayContaining(['@hono/node-server', 'hono', 'pino', 'yaml']));
    expect(packages).not.toContain('esbuild');
  }, 60_000);
});
