// Bodies that are made to exhaust the memory: the process answers them and lives.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { send } from './https-client.ts';

const root = path.join(import.meta.dirname, '../../..');

/** The default limit of bodies, less the review around what fills it. */
const SIZE = 8 * 1024 * 1024 - 2000;

/** Megabytes; a container of the shipped manifests gives Node about this. */
const HEAP = 192;

beforeAll(async () => void (await ensureBundle()), 180_000);

const review = (filler: string): string =>
  `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"CREATE","namespace":"shop",
  "kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},
  "object":{"spec":{"containers":[{"name":"web"}]},"x":${filler}}}}`;

const repeated = (unit: string): string => `[${`${unit},`.repeat(SIZE / (unit.length + 1) - 1)}${unit}]`;

/** As many members as pass, with keys of such a length that they fill the body. */
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, at) => `"${String(at).padStart(30, 'k')}":0`).join(',')}}`;

const startSmall = async (): Promise<string> => {
  const args = [`--max-old-space-size=${HEAP}`, 'runtimes/node/main.ts', '--bundle', await ensureBundle()];
  args.push('--listen', '127.0.0.1:0', '--metrics-listen', 'off', '--authentication', 'off');
  const child = spawn(process.execPath, args, { cwd: root, env: { PATH: process.env['PATH'] } });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'serving') {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error('the server did not start');
};

it(`a heap of ${HEAP} MB survives bodies of the largest size, several at once`, async () => {
  const url = await startSmall();
  const post = async (body: string): Promise<number> => (await send(`${url}/mutate`, undefined, { body })).status;
  for (const filler of [repeated('{}'), repeated('[]'), repeated('0'), repeated('""'), members(210_000)]) {
    expect(await post(review(filler))).toBe(413);
  }
  const largest = review(members(199_000));
  // Who is refused before the body is read may find the connection closed while still sending.
  const statuses = await Promise.all(Array.from({ length: 6 }, () => post(largest).catch(() => 503)));
  // Four of them are what the bodies under way may hold.
  const answered = statuses.filter((status) => status === 200).length;
  const refused = statuses.filter((status) => status === 503).length;
  expect(answered).toBeGreaterThanOrEqual(4);
  expect(answered + refused).toBe(6);
  expect((await send(`${url}/healthz`, undefined)).status).toBe(200);
}, 120_000);
