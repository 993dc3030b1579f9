// The entry of the command line: runs it on the real process.
import { run } from './run.ts';
import { processTerminal } from './terminal.ts';

/** Runs the command line of this process and sets its exit code. */
export const main = async (): Promise<void> => {
  process.exitCode = await run(process.argv.slice(2), processTerminal());
};
