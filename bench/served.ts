// Starts a server that is measured, on a core of its own where the system can pin it, and loads it from another.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** What one load came to; times are microseconds. */
export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly median: number;
  readonly p99: number;
}

/** A load together with the processor time that it cost the server. */
export interface ServerLoad extends Load {
  /** Microseconds; unlike the rate it doesn't suffer from what else the machine does. */
  readonly cpuPerRequest: number;
}

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

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  /** Resident memory in MiB. */
  readonly resident: () => number;
  /** Processor time used so far, in microseconds. */
  readonly cpu: () => number;
  readonly stop: () => Promise<void>;
}

/** Starts a program of Node that logs its address as `url` of the line `serving`. */
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

/** Loads a server for some seconds. Not synchronous: this process must go on reading what the servers log. */
export const load = async ({ url, cpu }: RunningServer, connections: number, seconds: number): Promise<ServerLoad> => {
  const before = cpu();
  const [command, ...args] = pinned(1, [process.execPath, file('load.ts'), url, String(connections), String(seconds)]);
  const { stdout } = await promisify(execFile)(command, args);
  const result = JSON.parse(stdout) as Load;
  return { ...result, cpuPerRequest: (cpu() - before) / result.requests };
};

/** The webhook, as it is deployed, but for its certificate. */
export const startPodgraft = (): Promise<RunningServer> =>
  startServer([
    file('..', 'runtimes', 'node', 'main.ts'),
    ...['--authentication', 'off', '--listen', '127.0.0.1:0', '--metrics-listen', 'off'],
  ]);

/** One of the servers of layer-server.ts. */
export const startLayer = (layer: string): Promise<RunningServer> => startServer([file('layer-server.ts'), layer]);
