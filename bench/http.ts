// Measures the webhook over TLS beside a bare Node HTTPS server, in one run: `npm run bench:http`, `-- --json`.
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { load, type ServerLoad, startLayer, startPodgraft } from './served.ts';
import { formatTable } from './statistics.ts';

/** One number of connections, both servers. */
interface Row {
  readonly connections: number;
  readonly podgraft: ServerLoad;
  readonly bare: ServerLoad;
}

const CONNECTIONS = [1, 8, 64];
const SECONDS = 5;

const print = (rows: readonly Row[], memory: Readonly<Record<string, readonly number[]>>): void => {
  const head = [
    'connections',
    'podgraft /s',
    'bare /s',
    'ratio',
    'podgraft p99 µs',
    'bare p99 µs',
    'ratio',
    'podgraft CPU µs',
    'bare CPU µs',
    'ratio',
  ];
  const lines = rows.map(({ connections, podgraft, bare }) => [
    String(connections),
    podgraft.perSecond.toFixed(0),
    bare.perSecond.toFixed(0),
    (podgraft.perSecond / bare.perSecond).toFixed(2),
    podgraft.p99.toFixed(0),
    bare.p99.toFixed(0),
    (podgraft.p99 / bare.p99).toFixed(2),
    podgraft.cpuPerRequest.toFixed(0),
    bare.cpuPerRequest.toFixed(0),
    (bare.cpuPerRequest / podgraft.cpuPerRequest).toFixed(2),
  ]);
  console.log(formatTable([head, ...lines]));
  for (const [name, values] of Object.entries(memory)) {
    console.log(`${name}, resident MiB at start and after each load: ${values.map((mib) => mib.toFixed(0)).join(' ')}`);
  }
};

await ensureBundle();
const podgraft = await startPodgraft();
const bare = await startLayer('bare');
const rows: Row[] = [];
const memory = { podgraft: [podgraft.resident()], bare: [bare.resident()] };
try {
  for (const connections of CONNECTIONS) {
    rows.push({
      connections,
      podgraft: await load(podgraft, connections, SECONDS),
      bare: await load(bare, connections, SECONDS),
    });
    memory.podgraft.push(podgraft.resident());
    memory.bare.push(bare.resident());
  }
} finally {
  await podgraft.stop();
  await bare.stop();
}
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, seconds: SECONDS, rows, residentMiB: memory }, null, 2));
} else {
  print(rows, memory);
}
