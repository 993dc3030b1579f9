// Compiles the small program that signs and verifies with OPA's own code; there is none where there is no Go.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot } from '../../../scripts/cache-root.ts';

const moduleFolder = path.join(import.meta.dirname, '../../../tools/opa');

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  CGO_ENABLED: '0',
  GOFLAGS: '-mod=readonly',
  GOWORK: 'off',
});

/** Whether Go is there. CI must have it: without, the tests fail there and are skipped elsewhere. */
export const hasGo = (process.env['CI'] ?? '') !== '' || spawnSync('go', ['version']).status === 0;

/** The program's file, compiled where its source or the version of OPA changed. */
export const opaProgram = (): string => {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'signer/main.go']) {
    hash.update(readFileSync(path.join(moduleFolder, file))).update('\0');
  }
  const program = path.join(cacheRoot(), `opa-signer-${hash.digest('hex').slice(0, 16)}`, 'signer');
  if (!existsSync(program)) {
    mkdirSync(path.dirname(program), { recursive: true });
    const unfinished = `${program}.${process.pid}`;
    const args = ['build', '-trimpath', '-buildvcs=false', '-o', unfinished, './signer'];
    execFileSync('go', args, { cwd: moduleFolder, env: environment(), stdio: 'inherit', timeout: 10 * 60_000 });
    renameSync(unfinished, program);
  }
  return program;
};
