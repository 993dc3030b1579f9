// Measures the webhook over TLS beside a bare Node HTTPS server, in one run: `npm run bench:http`, `-- --json`.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { formatTable } from './statistics.ts';

/** What one load came to; times are microseconds. */
interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
}

/** A load together with the processor time that it cost the server. */
interface ServerLoad extends Load {
  /** Microseconds; unlike the rate it doesn't suffer from what else the machine does. */
  readonly cpuPerRequest: number;
}

/** One number of connections, both servers. */
interface Row {
  readonly connections: number;
  readonly podgraft: ServerLoad;
  readonly bare: ServerLoad;
}

const CONNECTIONS = [1, 8, 64];
const SECONDS = 5;

const file = (...parts: readonly string[]): string => path.join(import.meta.dirname, ...parts);

/** Server and generator each get a core of their own where the system can pin them. */
const pinned = (core: number, command: readonly string[]): readonly [string, ...string[]] => {
  try {
    execFileSync('taskset', ['-c', String(core), 'true']);
    return ['taskset', '-c', String(core), ...command];
  } catch {
    return [command[0] ?? '', ...command.slice(1)];
  }
};

interface RunningServer {
  readonly url: string;
  /** Resident memory in MiB. */
  readonly resident: () => number;
  /** Processor time used so far, in microseconds. */
  readonly cpu: () => number;
  readonly stop: () => Promise<void>;
}

const startServer = async (args: readonly string[]): Promise<RunningServer> => {
  const [command, ...rest] = pinned(0, [process.execPath, ...args]);
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    const { stdout } = child;
    const lines = createInterface({ input: stdout });
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; url?: string };
      if (entry.msg === 'serving' && entry.url !== undefined) {
        lines.close();
        stdout.resume();
        resolve(entry.url);
      }
    });
  });
  return {
    url,
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      // User and system time, in hundredths of a second.
      return (Number(fields[11]) + Number(fields[12])) * 10_000;
    },
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

/** Not synchronous: this process must go on reading what the servers log. */
const load = async ({ url, cpu }: RunningServer, connections: number): Promise<ServerLoad> => {
  const before = cpu();
  const [command, ...args] = pinned(1, [process.execPath, file('load.ts'), url, String(connections), String(SECONDS)]);
  const { stdout } = await promisify(execFile)(command, args);
  const result = JSON.parse(stdout) as Load;
  return { ...result, cpuPerRequest: (cpu() - before) / result.requests };
};

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
const podgraft = await startServer([
  file('..', 'runtimes', 'node', 'main.ts'),
  '--authentication',
  'off',
  '--listen',
  '127.0.0.1:0',
  '--metrics-listen',
  'off',
]);
const bare = await startServer([file('bare-server.ts')]);
const rows: Row[] = [];
const memory = { podgraft: [podgraft.resident()], bare: [bare.resident()] };
try {
  for (const connections of CONNECTIONS) {
    rows.push({
      connections,
      podgraft: await load(podgraft, connections),
      bare: await load(bare, connections),
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
