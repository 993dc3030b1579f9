// `npm run dev:worker` and `npm run worker:check`: the Worker on this machine, and its size.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { buildWorker } from '../../../scripts/worker/build-worker.ts';
import { onNode, review } from './worker-scene.ts';

const root = path.join(import.meta.dirname, '../../..');

/** Without the network, as far as a process can be told: every proxy leads nowhere. */
const OFFLINE = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

const readyAt = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) {
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line);
          const url = /Ready on (http:\/\/\S+)/.exec(line)?.[1];
          if (url !== undefined) {
            resolve(url);
          }
        });
      }
    }
    child.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${lines.join('\n')}`)));
  });

test('dev:worker serves offline, with the bytes of Node', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, ['scripts/worker/dev.ts', '--port', '0'], {
    cwd: root,
    env: { ...process.env, ...OFFLINE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const url = await readyAt(child);
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/mutate`, { method: 'POST', body: review, headers });
    expect([response.status, await response.text()]).toEqual([200, await onNode()]);
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

test('what would be uploaded has at most 700 KiB, compressed', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podgraft-upload-'));
  try {
    const { size, output } = await buildWorker(folder);
    expect(size).toBeGreaterThan(100);
    expect(size).toBeLessThanOrEqual(700);
    expect(output).not.toContain('WARNING');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
