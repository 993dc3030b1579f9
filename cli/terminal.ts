// The process around a verb: its streams, its environment, and whether colours may be used.
import { buffer } from 'node:stream/consumers';
import { destination } from 'pino';
import type { Output } from '../runtimes/node/log.ts';
import type { Signals } from '../runtimes/node/run-serve.ts';

/** What a verb may know and touch of its process. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly readStdin: () => Promise<Uint8Array>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where colours may be used. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  readonly signals: Signals;
  /** Opens a stream for lines that must not wait for the reader, and a way to flush it. */
  readonly openLog: () => { readonly output: Output; readonly flush: () => void };
}

/** The terminal that the process was started from. */
export const processTerminal = (): Terminal => {
  const { stdout, stderr, stdin, env } = process;
  // A reader that has seen enough, like `head`, is no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  return {
    stdout,
    stderr,
    readStdin: () => buffer(stdin),
    environment: env,
    colour: { stdout: mayColour(env, stdout.isTTY), stderr: mayColour(env, stderr.isTTY) },
    signals: process,
    openLog: () => {
      const output = destination({ dest: 1, sync: false });
      return { output, flush: () => output.flushSync() };
    },
  };
};

/** Source: [no-color.org](https://no-color.org), and `FORCE_COLOR` as Node has it. */
const mayColour = (env: NodeJS.ProcessEnv, isTerminal: boolean | undefined): boolean => {
  if ((env['NO_COLOR'] ?? '') !== '') {
    return false;
  }
  const forced = env['FORCE_COLOR'] ?? '';
  return forced === '' ? isTerminal === true && env['TERM'] !== 'dumb' : forced !== '0';
};
