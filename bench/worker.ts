// Measures the Worker in workerd beside Node, in one run: `npm run bench:worker`, `-- --json`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { buildWorker } from '../scripts/worker/build-worker.ts';
import { bundleProgram } from '../scripts/worker/bundle-program.ts';
import { type Loop, reviewLoop } from './review-loop.ts';
import { sampleReview } from './sample-review.ts';
import { formatTable } from './statistics.ts';
import { type Served, startWorkerd, writeConfiguration } from './workerd.ts';

const ROUNDS = 9;
const STARTS = 15;
const REQUESTS = 1500;
const LOOP = { warmUp: 1500, runs: 3000 };
const OPEN = { PODGRAFT_AUTHENTICATION: 'off', PODGRAFT_LOG_LEVEL: 'silent' };

const folder = await mkdtemp(path.join(tmpdir(), 'podgraft-bench-'));
const inFolder = (...parts: readonly string[]): string => path.join(folder, ...parts);

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const post = (port: number, body: string | Uint8Array, agent: Agent | false = false): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = {
      port,
      host: '127.0.0.1',
      path: '/mutate?timeout=5s',
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      agent,
    };
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(Buffer.concat(chunks).toString('utf8'))
          : reject(new Error(`status ${response.statusCode}: ${Buffer.concat(chunks).toString('utf8')}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });

/** From the start of the process to its first answer, in milliseconds. */
interface FirstAnswer {
  readonly wall: number;
  /** Processor time of all threads. */
  readonly cpu: number;
}

const firstAnswer = async (configuration: string, body: Uint8Array): Promise<FirstAnswer> => {
  const start = performance.now();
  const served = await startWorkerd(configuration);
  await post(served.port, body);
  const wall = performance.now() - start;
  const cpu = served.cpu();
  await served.stop();
  return { wall, cpu };
};

/** Milliseconds a request, one after the other on one connection. */
const sequential = async (port: number, body: Uint8Array): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const start = performance.now();
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    await post(port, body, agent);
  }
  const took = (performance.now() - start) / REQUESTS;
  agent.destroy();
  return took;
};

const startNode = async (): Promise<Served> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'app-server.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    port: (JSON.parse(line) as { port: number }).port,
    cpu: () => Number.NaN,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

/** What would be uploaded, and a Worker that does nothing. */
const prepareStarts = async (): Promise<{ podgraft: string; nothing: string; size: number }> => {
  await Promise.all(['podgraft', 'nothing', 'loop'].map((name) => mkdir(inFolder(name))));
  const { size } = await buildWorker(inFolder('podgraft'));
  const modules = (await readdir(inFolder('podgraft'))).filter((name) => /\.(?:wasm|txt)$/.test(name));
  await writeFile(inFolder('nothing', 'worker.js'), "export default { fetch: () => new Response('{}') };\n");
  return {
    size,
    podgraft: await writeConfiguration(inFolder('podgraft'), ['worker.js', ...modules], OPEN),
    nothing: await writeConfiguration(inFolder('nothing'), ['worker.js'], {}),
  };
};

const prepareLoop = async (bundleFolder: string): Promise<string> => {
  await bundleProgram(path.join(import.meta.dirname, 'review-loop-worker.ts'), inFolder('loop', 'worker.js'));
  await copyFile(path.join(bundleFolder, 'policy.wasm'), inFolder('loop', 'policy.wasm'));
  return writeConfiguration(inFolder('loop'), ['worker.js', 'policy.wasm'], {});
};

const measureStart = async (starts: { podgraft: string; nothing: string }, body: Uint8Array) => {
  const podgraft: FirstAnswer[] = [];
  const nothing: FirstAnswer[] = [];
  for (let round = 0; round < STARTS; round += 1) {
    nothing.push(await firstAnswer(starts.nothing, body));
    podgraft.push(await firstAnswer(starts.podgraft, body));
  }
  return { podgraft: summary(podgraft), nothing: summary(nothing) };
};

/** On a busy machine the least time says most of the program. */
const summary = (answers: readonly FirstAnswer[]) => ({
  median: median(answers.map(({ wall }) => wall)),
  least: Math.min(...answers.map(({ wall }) => wall)),
  cpu: median(answers.map(({ cpu }) => cpu)),
});

type Start = ReturnType<typeof summary>;

const formatStart = (podgraft: Start, nothing: Start): string => {
  const row = (name: string, { median: middle, least, cpu }: Start): readonly string[] => [
    name,
    ...[middle, least, cpu].map((milliseconds) => milliseconds.toFixed(0)),
  ];
  const ours = {
    median: podgraft.median - nothing.median,
    least: podgraft.least - nothing.least,
    cpu: podgraft.cpu - nothing.cpu,
  };
  return formatTable([
    ['ms, from the start of workerd to the first answer', 'median', 'least', 'processor'],
    row('podgraft, answering a review', podgraft),
    row('a Worker that does nothing', nothing),
    row('the difference', ours),
  ]);
};

const alternate = async (workerd: () => Promise<number>, node: () => Promise<number>) => {
  const times = { workerd: [] as number[], node: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.node.push(await node());
    times.workerd.push(await workerd());
  }
  const [ofWorkerd, ofNode] = [median(times.workerd), median(times.node)];
  return { workerd: ofWorkerd, node: ofNode, ratio: ofWorkerd / ofNode };
};

const measureLoop = async (bundleFolder: string, body: Uint8Array) => {
  const { module, ...bundle } = await loadBundle(bundleFolder);
  const loop: Loop = { bundle, body: new TextDecoder().decode(body), ...LOOP };
  const served = await startWorkerd(await prepareLoop(bundleFolder));
  try {
    return await alternate(
      async () => Number(await post(served.port, JSON.stringify(loop))) / loop.runs,
      async () => (await reviewLoop(loop, module)) / loop.runs,
    );
  } finally {
    await served.stop();
  }
};

const measureHttp = async (configuration: string, body: Uint8Array) => {
  const [workerd, node] = [await startWorkerd(configuration), await startNode()];
  try {
    await Promise.all([sequential(workerd.port, body), sequential(node.port, body)]);
    return await alternate(
      () => sequential(workerd.port, body),
      () => sequential(node.port, body),
    );
  } finally {
    await workerd.stop();
    await node.stop();
  }
};

const microseconds = (milliseconds: number): string => (milliseconds * 1000).toFixed(0);

try {
  const bundleFolder = await ensureBundle();
  const body = sampleReview({ wish: 'vault-agent', bytes: 8 * 1024 });
  const starts = await prepareStarts();
  const start = await measureStart(starts, body);
  const loop = await measureLoop(bundleFolder, body);
  const http = await measureHttp(starts.podgraft, body);
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ node: process.version, sizeKiB: starts.size, start, loop, http }, null, 2));
  } else {
    console.log(`upload, compressed: ${starts.size} KiB\n\n${formatStart(start.podgraft, start.nothing)}\n`);
    console.log(
      formatTable([
        ['µs a review, 8 KB, vault-agent', 'workerd', 'node', 'ratio'],
        ['in a loop', microseconds(loop.workerd), microseconds(loop.node), loop.ratio.toFixed(2)],
        ['over HTTP, one connection', microseconds(http.workerd), microseconds(http.node), http.ratio.toFixed(2)],
      ]),
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
