// Runs one `go build` with a time-out, at low priority, and reports how far it is.
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildEnvironment, buildFlags, moduleFolder, type Program } from './program.ts';

const reportEvery = 20_000;

/** Compiles one program into `folder`. Rejects with the compiler's last lines, or when the program's time is over. */
export async function compileProgram(program: Program, folder: string, log: (line: string) => void): Promise<void> {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const last: string[] = [];
  let packages = 0;
  let downloads = 0;

  const args = [
    'build',
    '-v',
    ...buildFlags,
    '-ldflags',
    program.linkerFlags,
    '-o',
    join(folder, program.name),
    program.package,
  ];
  const child = spawn('go', args, {
    cwd: moduleFolder,
    env: { ...process.env, ...buildEnvironment },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true, // a group of its own, so that the compilers end with it
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);

  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading ')) downloads += 1;
    else if (/^[\w./~-]+$/.test(line)) packages += 1;
    last.push(line);
    if (last.length > 20) last.shift();
  });
  const report = setInterval(
    () => log(`${program.name}: ${seconds()} s, ${downloads} modules fetched, ${packages} packages compiled`),
    reportEvery,
  );
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    endGroup(child.pid);
  }, program.timeout);
  const onExit = () => endGroup(child.pid);
  process.once('exit', onExit);

  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    if (late) throw new Error(`${program.name}: not compiled after ${program.timeout / 60_000} minutes`);
    if (code !== 0) throw new Error(`${program.name}: go build failed\n${last.join('\n')}`);
    log(`${program.name}: compiled in ${seconds()} s (${downloads} modules fetched, ${packages} packages)`);
  } finally {
    clearInterval(report);
    clearTimeout(limit);
    process.off('exit', onExit);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
