// Runs one `go build` with a time-out, at low priority, and reports how far it is.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildEnvironment, buildFlags, moduleFolder, type Program } from './program.ts';

const REPORT_EVERY = 20_000;

/** Who is told how far a build is, and who may end it early. */
export interface Watch {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Compiles one program into `folder`. Rejects with the compiler's last lines, or when the program's time is over. */
export const compileProgram = async (program: Program, folder: string, { log, signal }: Watch): Promise<void> => {
  const child = startGo(program, folder);
  const progress = followProgress(child);
  const report = setInterval(() => log(`${program.name}: ${progress.describe()}`), REPORT_EVERY);
  const late = AbortSignal.timeout(program.timeout);
  const end = (): void => endGroup(child.pid);
  const ending = AbortSignal.any([signal, late]);
  ending.addEventListener('abort', end, { once: true });
  try {
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    if (late.aborted) {
      throw new Error(`${program.name}: not compiled after ${program.timeout / 60_000} minutes`);
    }
    if (code !== 0) {
      throw new Error(`${program.name}: go build failed\n${progress.lastLines()}`);
    }
    log(`${program.name}: compiled, ${progress.describe()}`);
  } finally {
    clearInterval(report);
    ending.removeEventListener('abort', end);
  }
};

const startGo = (program: Program, folder: string): ChildProcess => {
  const output = join(folder, program.name);
  const args = ['build', '-v', ...buildFlags, '-ldflags', program.linkerFlags, '-o', output, program.package];
  return spawn('nice', ['-n', '10', 'go', ...args], {
    cwd: moduleFolder,
    env: { ...process.env, ...buildEnvironment },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, so that the compilers end with it
  });
};

/** `go build -v` prints a line for each module that it fetches and for each package that it compiles. */
const followProgress = ({ stderr }: ChildProcess) => {
  const began = Date.now();
  const last: string[] = [];
  let packages = 0;
  let modules = 0;
  if (stderr !== null) {
    createInterface({ input: stderr }).on('line', (line) => {
      if (line.startsWith('go: downloading ')) {
        modules += 1;
      } else if (/^[\w./~-]+$/.test(line)) {
        packages += 1;
      }
      last.push(line);
      if (last.length > 20) {
        last.shift();
      }
    });
  }
  return {
    describe: () =>
      `${Math.round((Date.now() - began) / 1000)} s, ${modules} modules fetched, ${packages} packages compiled`,
    lastLines: () => last.join('\n'),
  };
};

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
};
