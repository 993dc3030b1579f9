// Says on the terminal what the steps do and find.
import { dirname, join, relative } from 'node:path';
import pc from 'picocolors';
import { Fault, formatFault } from '../../core/errors.ts';
import type { Problem } from '../../tools/opa/host.ts';
import type { StepResult } from './steps.ts';

/** A problem with its file as a path from where the user stands; absolute where it is elsewhere. */
export const displayed = (problem: Problem, folder: string): Problem =>
  problem.file === undefined ? problem : { ...problem, file: displayPath(join(dirname(folder), problem.file)) };

/** A path as the user would write it. */
export const displayPath = (path: string): string => {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
};

/** Writes a problem as `file:line:column: message (code)`, its details below. */
export const formatProblem = ({ code, message, file, line, column, details = [] }: Problem): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const first = `${place === '' ? '' : `${place}: `}${message} (${code})`;
  return [first, ...details.map((detail) => `    ${detail}`)].join('\n');
};

/** Where the steps are reported: a terminal, a file, or a test. */
export interface Output {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
}

/** A step's name, the folder of its policies, and where it is reported. */
export interface Step {
  readonly name: string;
  readonly folder: string;
  readonly output: Output;
}

/** Runs a step and prints one line for it, then what it found; on a terminal the line stands there meanwhile. */
export const reportStep = async <R extends StepResult>(step: Step, work: () => Promise<R>): Promise<R> => {
  const { name, folder, output } = step;
  const start = performance.now();
  if (output.isTTY) {
    output.write(`${pc.dim('…')} ${name}`);
  }
  const clear = output.isTTY ? '\r\x1b[K' : '';
  let result: R;
  try {
    result = await work();
  } catch (thrown) {
    output.write(`${clear}${pc.red('✗')} ${name}\n`);
    throw thrown;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const mark = result.problems.length === 0 ? pc.green('✓') : pc.red('✗');
  output.write(`${clear}${mark} ${name.padEnd(10)} ${pc.dim(`${seconds} s`)}  ${result.summary}\n`);
  for (const problem of result.problems) {
    output.write(`${formatProblem(displayed(problem, folder))}\n`);
  }
  return result;
};

/** The exit codes of the scripts that use OPA. */
export const EXIT = { fine: 0, policies: 1, usage: 2, toolchain: 3 } as const;

/** Says why a script ends early, and returns its exit code. */
export const reportFault = (script: string, folder: string, thrown: unknown): number => {
  if (thrown instanceof Fault) {
    const { code, message, at = {} } = thrown;
    const place = at.file === undefined ? at : { ...at, file: displayPath(join(dirname(folder), at.file)) };
    process.stderr.write(`${script}: ${formatFault(new Fault(code, message, { at: place }))}\n`);
    return thrown.code.startsWith('toolchain.') ? EXIT.toolchain : EXIT.policies;
  }
  if (isUsageError(thrown)) {
    process.stderr.write(`${script}: ${thrown.message}\nRun it with --help.\n`);
    return EXIT.usage;
  }
  process.stderr.write(`${script}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  return EXIT.toolchain;
};

const isUsageError = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
