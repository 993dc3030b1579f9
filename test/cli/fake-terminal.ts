// Runs the command line in this process, with texts for streams.
import { run } from '../../cli/run.ts';
import type { Terminal } from '../../cli/terminal.ts';

/** What a run left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run is given beside its arguments. */
export interface Given {
  readonly stdin?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
  readonly colour?: boolean;
}

/** Runs one command line. */
export const runCli = async (args: readonly string[], given: Given = {}): Promise<Ran> => {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const { stdin = '', environment = {}, colour = false } = given;
  const terminal: Terminal = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    readStdin: () => Promise.resolve(typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    environment,
    colour: { stdout: colour, stderr: colour },
    signals: { on: () => undefined, off: () => undefined },
    openLog: () => ({ output: sink('stdout'), flush: () => undefined }),
  };
  const code = await run(args, terminal);
  return { code, ...written };
};
