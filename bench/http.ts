// Measures the webhook over TLS beside a bare Node HTTPS server, in one run: `npm run bench:http`, `-- --json`.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { formatTable } from './statistics.ts';

/** What one load came to; times are microseconds. */
interface Load {
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
}

/** One number of connections, both servers. */
interface Row {
  readonly connections: number;
  readonly podgraft: Load;
  readonly bare: Load;
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
  readonly stop: () => Promise<void>;
}

const startServer = async (args: readonly string[]): Promise<RunningServer> => {
  const [command, ...rest] = pinned(0, [process.execPath, ...args]);
  const child: ChildProcess = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      const entry = JSON.parse(line) as { msg?: string; url?: string };
      if (entry.msg === 'serving' && entry.url !== undefined) {
        resolve(entry.url);
      }
    });
  });
  return {
    url,
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

const load = (url: string, connections: number): Load => {
  const [command, ...args] = pinned(1, [process.execPath, file('load.ts'), url, String(connections), String(SECONDS)]);
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' })) as Load;
};

const print = (rows: readonly Row[], memory: Readonly<Record<string, readonly number[]>>): void => {
  const head = ['connections', 'podgraft /s', 'bare /s', 'ratio', 'podgraft p99 µs', 'bare p99 µs', 'ratio'];
  const lines = rows.map(({ connections, podgraft, bare }) => [
    String(connections),
    podgraft.perSecond.toFixed(0),
    bare.perSecond.toFixed(0),
    (podgraft.perSecond / bare.perSecond).toFixed(2),
    podgraft.p99.toFixed(0),
    bare.p99.toFixed(0),
    (podgraft.p99 / bare.p99).toFixed(2),
  ]);
  console.log(formatTable([head, ...lines]));
  for (const [name, values] of Object.entries(memory)) {
    console.log(`${name}, resident MiB at start and after each load: ${values.map((mib) => mib.toFixed(0)).join(' ')}`);
  }
};

await ensureBundle();
const podgraft = await startServer([
  file('..', 'runtimes', 'node', 'main.ts'),
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
    rows.push({ connections, podgraft: load(podgraft.url, connections), bare: load(bare.url, connections) });
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
