// The process around a verb: its streams, its environment, and whether colours may be used.
import { buffer } from 'node:stream/consumers';
import { destination } from 'pino';
import { Fault } from '../core/errors.ts';
import type { Output } from '../runtimes/node/log.ts';
import type { Signals } from '../runtimes/node/run-serve.ts';
import { exitCodes } from './exit-code.ts';
import { reportError } from './verb.ts';

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
  const colour = { stdout: mayColour(env, stdout.isTTY), stderr: mayColour(env, stderr.isTTY) };
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, like `head`, is no error: the verb ends with its own code.
    if (error.code !== 'EPIPE') {
      reportError(outputFault(error), { stderr, colour });
      process.exit(exitCodes.failed.code);
    }
  });
  // There is nowhere left to say it.
  stderr.on('error', () => {});
  return {
    stdout,
    stderr,
    readStdin: () => {
      if (stdin.isTTY === true) {
        stderr.write('podgraft: reading standard input from the terminal; end it with Ctrl-D\n');
      }
      return buffer(stdin);
    },
    environment: env,
    colour,
    signals: process,
    openLog: () => {
      const output = destination({ dest: 1, sync: false });
      return { output, flush: () => output.flushSync() };
    },
  };
};

const outputFault = (error: NodeJS.ErrnoException): Fault => {
  const why = error.code === 'ENOSPC' ? 'there is no space left' : (error.code ?? error.message);
  return new Fault('output.write', `the output cannot be written: ${why}; what was written is not whole`, {
    at: { file: '<stdout>' },
    cause: error,
  });
};

/** Source: [no-color.org](https://no-color.org), and `FORCE_COLOR` as Node has it. */
const mayColour = (env: NodeJS.ProcessEnv, isTerminal: boolean | undefined): boolean => {
  if ((env['NO_COLOR'] ?? '') !== '') {
    return false;
  }
  const forced = env['FORCE_COLOR'] ?? '';
  return forced === '' ? isTerminal === true && env['TERM'] !== 'dumb' : forced !== '0';
};
