// Runs podgraft in this process as `podgraft serve` does, with the bundle under test.
import { EventEmitter } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { runServe } from '../../../runtimes/node/run-serve.ts';
import type { Running } from '../../../runtimes/node/serve.ts';
import type { Flags } from '../../../runtimes/node/setting-source.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { scratchFolder } from './scratch-folder.ts';

/** A line of the log. */
export type LogRecord = Readonly<Record<string, unknown>>;

/** A run, ended or not. */
export interface Run {
  /** Resolves once requests are accepted, rejects where the run ended before. */
  readonly running: Promise<Running>;
  readonly code: Promise<number>;
  readonly signal: (name: 'SIGHUP' | 'SIGINT' | 'SIGTERM') => void;
  readonly log: readonly LogRecord[];
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** The flags that every test wants: free ports, no waiting, files looked at often. */
const FLAGS: Flags = {
  authentication: 'off',
  listen: '127.0.0.1:0',
  metricsListen: '127.0.0.1:0',
  drainDelay: '0s',
  reloadInterval: '200ms',
};

/** Starts a run that ends with the test. */
export const run = (flags: Flags = {}, env: Readonly<Record<string, string>> = {}): Run => {
  const signals = new EventEmitter();
  const [out, err]: [string[], string[]] = [[], []];
  const log: LogRecord[] = [];
  let code: Promise<number> | undefined;
  const running = new Promise<Running>((resolve, reject) => {
    code = ensureBundle().then((bundle) =>
      runServe({
        flags: { bundle, ...FLAGS, ...flags },
        env,
        stdout: {
          write: (line) => {
            out.push(line);
            log.push(JSON.parse(line) as LogRecord);
          },
        },
        stderr: { write: (text) => err.push(text) },
        signals,
        started: resolve,
      }),
    );
    code.then((ended) => reject(new Error(`ended with ${ended}: ${err.join('')}`)), reject);
  });
  running.catch(() => {});
  const ended = code ?? Promise.resolve(1);
  onTestFinished(async () => {
    signals.emit('SIGTERM');
    signals.emit('SIGTERM');
    await ended;
  });
  return {
    running,
    code: ended,
    signal: (name) => void signals.emit(name),
    log,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
  };
};

/** Waits until the log has a record with these fields, and gives it. */
export const logged = (log: readonly LogRecord[], fields: LogRecord): Promise<LogRecord> =>
  vi.waitFor(
    () => {
      const found = log.find((record) => Object.entries(fields).every(([key, value]) => record[key] === value));
      if (found === undefined) {
        throw new Error(`not logged: ${JSON.stringify(fields)}; but ${JSON.stringify(log.slice(-3))}`);
      }
      return found;
    },
    { timeout: 5000, interval: 10 },
  );

/** A copy of the bundle under test, to be spoiled. */
export const copyBundle = async (): Promise<string> => {
  const folder = path.join(await scratchFolder(), 'bundle');
  await cp(await ensureBundle(), folder, { recursive: true });
  return folder;
};

/** Changes a file by a function of its text. */
export const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) {
    throw new Error(`nothing changed in ${file}`);
  }
  await writeFile(file, after);
};

/** A configuration file with this Vault address, and these lines under `server`. */
export const configurationText = (service: string, server: readonly string[] = []): string =>
  [
    'apiVersion: podgraft.dev/v1alpha1',
    'kind: Configuration',
    ...(server.length === 0 ? [] : ['server:', ...server.map((line) => `  ${line}`)]),
    'policy:',
    '  vault_agent:',
    '    defaults:',
    `      service: ${service}`,
    '',
  ].join('\n');
