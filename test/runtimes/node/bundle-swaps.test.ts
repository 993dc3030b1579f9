// Swapping bundles under load: no review fails, each is answered by exactly one bundle, and nothing is kept of the old.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import path from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import {
  changed,
  makeReleaseKey,
  makeVariant,
  packed,
  type ReleaseKey,
  replaceFile,
  signed,
} from './bundle-variant.ts';
import { exampleReview } from './example-review.ts';
import { send } from './https-client.ts';
import { scratchFolder } from './scratch-folder.ts';
import type { Kept, Started } from './soak-server.ts';

/** A part runs with every test; `npm run soak` runs all 1,000. */
const SWAPS = Number(process.env['PODGRAFT_SOAK_SWAPS'] ?? 12);
const CLIENTS = 4;

beforeAll(() => ensureBundle().then(() => undefined), 180_000);

/** Answers by the digest that they name: the images that they graft. */
type Answered = Map<string, Map<string, number>>;

const startServer = async (flags: Readonly<Record<string, string>>) => {
  const child = fork(path.join(import.meta.dirname, 'soak-server.ts'), { execArgv: ['--expose-gc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send({ flags });
  const { started } = await answerOf<{ started: Started }>(child);
  return { ...started, child };
};

const answerOf = async <Message>(child: ChildProcess): Promise<Message> => {
  const [message] = (await once(child, 'message')) as [Message & { readonly error?: string }];
  if (message.error !== undefined) {
    throw new Error(message.error);
  }
  return message;
};

const measure = async (child: ChildProcess): Promise<Kept> => {
  const answer = answerOf<{ kept: Kept }>(child);
  child.send('measure');
  return (await answer).kept;
};

/** Asks without a break, on several connections, until it is told to stop. */
const startLoad = ({ url, ca }: Started) => {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const state = { running: true, reviews: 0, latest: '' };
  const answered: Answered = new Map();
  const failures: string[] = [];
  const ask = async (): Promise<void> => {
    const { status, text } = await send(`${url}/mutate`, ca, { body: exampleReview, agent });
    const { response } = JSON.parse(text);
    if (status !== 200 || response?.allowed !== true || response.patch === undefined) {
      failures.push(`${status} ${text.slice(0, 300)}`);
      return;
    }
    const patch = Buffer.from(response.patch, 'base64').toString();
    const images = [...new Set(patch.match(/hashicorp\/vault:[\w.-]+/g))].join(' ');
    const digest: string = response.auditAnnotations.bundle;
    const counts = answered.get(digest) ?? new Map<string, number>();
    counts.set(images, (counts.get(images) ?? 0) + 1);
    answered.set(digest, counts);
    state.reviews += 1;
    state.latest = digest;
  };
  const client = async (): Promise<void> => {
    while (state.running) {
      await ask().catch((error: Error) => failures.push(error.message));
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  return {
    answered,
    failures,
    latest: () => state.latest,
    reviews: () => state.reviews,
    stop: async () => {
      state.running = false;
      await Promise.all(clients);
    },
  };
};

/** An archive as `podgraft bundle build` would make it; `spoil` takes its signature's truth away. */
const archiveOf = async (name: string, key: ReleaseKey, spoil = false) => {
  const { files, digest, image } = await makeVariant(name);
  const whole = await signed(files, key);
  return { digest, image, bytes: packed(spoil ? changed(whole, 'README.md', 'not signed') : whole) };
};

const failedReloads = async ({ metricsUrl }: Started): Promise<number> => {
  const text = await (await fetch(metricsUrl)).text();
  return Number(/podgraft_reloads_total\{what="policy",result="failure"\} (\d+)/.exec(text)?.[1]);
};

/** How much more may be kept at the end than after the first quarter, in bytes: noise, and what code is compiled meanwhile. */
const SLACK = 12 * 1024 * 1024;

it(`${SWAPS} bundles, one after the other, while pods are reviewed`, { timeout: 120_000 + SWAPS * 4000 }, async () => {
  const key = await makeReleaseKey();
  const file = path.join(await scratchFolder(), 'bundle.tar.gz');
  let [served, previous] = [await archiveOf('first', key), await archiveOf('none', key)];
  const expected = new Map([[served.digest, served.image]]);
  await writeFile(file, served.bytes);
  const server = await startServer({
    bundle: file,
    bundleKeys: key.file,
    authentication: 'off',
    listen: '127.0.0.1:0',
    metricsListen: '127.0.0.1:0',
    reloadInterval: '100ms',
  });
  const load = startLoad(server);
  let early: Kept | undefined;
  let refused = 0;
  for (let swap = 1; swap <= SWAPS; swap += 1) {
    if (swap % 5 === 0) {
      // One that must not be served, between two that must.
      await replaceFile(file, (await archiveOf(`bad-${swap}`, key, true)).bytes);
      refused += 1;
      await expect.poll(() => failedReloads(server), { timeout: 30_000, interval: 50 }).toBe(refused);
    }
    // Now and then back to the one before.
    [served, previous] = [swap % 7 === 0 ? previous : await archiveOf(`v${swap}`, key), served];
    expected.set(served.digest, served.image);
    await replaceFile(file, served.bytes);
    await expect.poll(load.latest, { timeout: 30_000, interval: 5 }).toBe(served.digest);
    if (swap === Math.ceil(SWAPS / 4)) {
      early = await measure(server.child);
    }
  }
  await load.stop();
  const late = await measure(server.child);
  process.stdout.write(`${SWAPS} swaps, ${load.reviews()} reviews: ${JSON.stringify({ early, late })}\n`);
  expect(load.failures).toEqual([]);
  expect(load.reviews()).toBeGreaterThan(SWAPS);
  // Whatever answered, it was one bundle that was published, and that one alone.
  expect(new Map([...load.answered].map(([digest, images]) => [digest, [...images.keys()]]))).toEqual(
    new Map([...expected].map(([digest, image]) => [digest, [image]])),
  );
  // What is served, and the one before it.
  expect(late.memories).toBeLessThanOrEqual(2);
  expect(late.modules).toBeLessThanOrEqual(2);
  expect(late.memoryBytes).toBeLessThanOrEqual(early?.memoryBytes ?? 0);
  expect(late.heap - (early?.heap ?? 0)).toBeLessThan(SLACK);
  expect(late.external - (early?.external ?? 0)).toBeLessThan(SLACK);
});
