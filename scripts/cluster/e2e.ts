// Runs the end-to-end tests: compiles the cluster where needed, starts it, runs vitest against it, ends everything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBundle } from '../policy/ensure-bundle.ts';
import { buildPrograms } from './build.ts';
import { startCluster } from './cluster.ts';

interface Run {
  /** What to pass on to vitest: files, `-t NAME`. */
  readonly filters: readonly string[];
  /** Aborts when the run is to end early. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Gives the exit code: that of vitest, or 1 where the cluster can't be had although it must. */
const main = async (run: Run): Promise<number> => {
  const programs = await buildPrograms(run);
  if (programs === undefined) {
    const need = 'a real API server is compiled from source, which needs Go: https://go.dev/dl/';
    const inCi = Boolean(process.env['CI']);
    run.log(inCi ? `failed: ${need}` : `left out: ${need}`);
    return inCi ? 1 : 0;
  }
  await ensureBundle({ onBuild: () => run.log('building the policies') });
  const folder = await mkdtemp(join(tmpdir(), 'podgraft-e2e-'));
  try {
    const cluster = await startCluster({ ...run, programs, folder });
    try {
      const { access, callers, staticManifests } = cluster;
      await writeFile(join(folder, 'access.json'), JSON.stringify(access), { mode: 0o600 });
      await writeFile(join(folder, 'callers.json'), JSON.stringify(callers), { mode: 0o600 });
      await writeFile(join(folder, 'static-manifests'), staticManifests);
      return await runVitest(run, folder);
    } finally {
      await cluster.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const runVitest = async ({ filters, signal }: Run, folder: string): Promise<number> => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--config', 'vitest.e2e.config.ts', ...filters], {
    stdio: 'inherit',
    env: { ...process.env, PODGRAFT_E2E_FOLDER: folder },
  });
  const terminate = (): boolean => child.kill('SIGTERM');
  signal.addEventListener('abort', terminate, { once: true });
  const [code] = await once(child, 'exit');
  signal.throwIfAborted();
  return typeof code === 'number' ? code : 1;
};

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => stopping.abort(new Error(`ended early by ${name}`)));
}
const log = (line: string): void => console.log(`e2e: ${line}`);
try {
  process.exitCode = await main({ filters: process.argv.slice(2), signal: stopping.signal, log });
} catch (error) {
  console.error(`e2e: failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
