// Says on the terminal what the steps do and find.
import { dirname, join, relative } from 'node:path';
import pc from 'picocolors';
import { Fault, formatFault } from '../../core/errors.ts';
import type { Problem } from '../../tools/opa/host.ts';
import type { StepResult } from './steps.ts';

/** A problem with its file as a path from where the user stands. */
export const displayed = (problem: Problem, folder: string): Problem =>
  problem.file === undefined
    ? problem
    : { ...problem, file: relative(process.cwd(), join(dirname(folder), problem.file)) };

/** Writes a problem as `file:line:column: message (code)`, its details below. */
export const formatProblem = ({ code, message, file, line, column, details = [] }: Problem): string => {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const first = `${place === '' ? '' : `${place}: `}${message} (${code})`;
  return [first, ...details.map((detail) => `    ${detail}`)].join('\n');
};

/** Runs a step and prints one line for it, then what it found; on a terminal the line stands there meanwhile. */
export const reportStep = async <R extends StepResult>(
  name: string,
  folder: string,
  work: () => Promise<R>,
): Promise<R> => {
  const start = performance.now();
  const { stdout } = process;
  if (stdout.isTTY) {
    stdout.write(`${pc.dim('…')} ${name}`);
  }
  const clear = stdout.isTTY ? '\r\x1b[K' : '';
  let result: R;
  try {
    result = await work();
  } catch (thrown) {
    stdout.write(`${clear}${pc.red('✗')} ${name}\n`);
    throw thrown;
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  const mark = result.problems.length === 0 ? pc.green('✓') : pc.red('✗');
  stdout.write(`${clear}${mark} ${name.padEnd(10)} ${pc.dim(`${seconds} s`)}  ${result.summary}\n`);
  for (const problem of result.problems) {
    stdout.write(`${formatProblem(displayed(problem, folder))}\n`);
  }
  return result;
};

/** The exit codes of the scripts that use OPA. */
export const EXIT = { fine: 0, policies: 1, usage: 2, toolchain: 3 } as const;

/** Says why a script ends early, and returns its exit code. */
export const reportFault = (script: string, folder: string, thrown: unknown): number => {
  if (thrown instanceof Fault) {
    const file = thrown.at?.file;
    const at =
      file === undefined
        ? thrown.at
        : { ...thrown.at, file: displayed({ code: '', message: '', file }, folder).file ?? file };
    process.stderr.write(
      `${script}: ${formatFault(new Fault(thrown.code, thrown.message, at === undefined ? {} : { at }))}\n`,
    );
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
