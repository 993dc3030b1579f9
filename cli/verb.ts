// What a verb is made of: how it is declared, and how it reports what went wrong.
import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { Fault, formatFault, toError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

/** Declares a verb. What it does answers with the exit code. */
export type AddVerb = (program: Command, terminal: Terminal, act: Act) => void;

/** Makes a verb's action of a function that answers with an exit code. */
export type Act = <Args extends unknown[]>(
  action: (...args: Args) => Promise<number>,
) => (...args: Args) => Promise<void>;

/** Writes an error as `file:line:column: message (code)`, on stderr. */
export const reportError = (thrown: unknown, { stderr, colour }: Pick<Terminal, 'stderr' | 'colour'>): void => {
  const error = toError(thrown);
  const text = error instanceof Fault ? formatFault(error) : `podgraft: ${error.message} (internal)`;
  // A message may quote a file, and a terminal would obey what stands there.
  const plain = text.replaceAll(/[^\P{Cc}\n\t]/gu, '\ufffd');
  stderr.write(`${createColors(colour.stderr).red(plain)}\n`);
};
