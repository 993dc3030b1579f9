// Starts workerd itself, with one Worker and nothing around it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { compatibilityDate } from '../scripts/worker/wrangler.ts';

/** A server that listens. */
export interface Served {
  readonly port: number;
  /** Processor time used so far by all its threads, in milliseconds. */
  readonly cpu: () => number;
  readonly stop: () => Promise<void>;
}

/** The package is CommonJS and exports the path of its program. */
const { default: program } = createRequire(import.meta.url)('workerd') as { readonly default: string };

const kindOf = (name: string): string => {
  if (name.endsWith('.wasm')) {
    return 'wasm';
  }
  return name.endsWith('.txt') ? 'text' : 'esModule';
};

/** Writes workerd's configuration for the modules of a folder, the entry first. */
export const writeConfiguration = async (
  folder: string,
  modules: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<string> => {
  const file = path.join(folder, 'config.capnp');
  const list = modules.map((name) => `(name = "${name}", ${kindOf(name)} = embed "${name}")`);
  const bindings = Object.entries(variables).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  await writeFile(
    file,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [${list.join(', ')}],
  bindings = [${bindings.join(', ')}],
  compatibilityDate = "${compatibilityDate()}",
);
`,
  );
  return file;
};

/** Starts it; resolves as soon as it listens. */
export const startWorkerd = async (configuration: string): Promise<Served> => {
  const child = spawn(program, ['serve', configuration, '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const port = await listening(child);
  return {
    port,
    cpu: () => processorTime(child.pid ?? 0),
    stop: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

const listening = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)));
    createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
      const event = JSON.parse(line) as { event?: string; port?: number };
      if (event.event === 'listen' && event.port !== undefined) {
        resolve(event.port);
      }
    });
  });

/** The scheduler counts nanoseconds; unlike the clock on the wall it doesn't mind what else the machine does. */
const processorTime = (pid: number): number =>
  readdirSync(`/proc/${pid}/task`)
    .map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6)
    .reduce((sum, time) => sum + time, 0);
