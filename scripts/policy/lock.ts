// A lock between processes: one builds, the others wait and find the work done.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, toError } from '../../core/errors.ts';

const POLL_MS = 50;
const PATIENCE_MS = 5 * 60_000;
/** A file without a number may just be about to get one. */
const UNREADABLE_FOR_MS = 5000;

/**
 * Runs the work while no other process runs work under the same lock file. A lock whose process is gone is broken.
 * It saves double work; what needs to be safe without it (publishing a bundle) is.
 *
 * @throws {Fault} `policies.lock` after five minutes of waiting
 */
export const withLock = async <T>(file: string, work: () => Promise<T>): Promise<T> => {
  mkdirSync(dirname(file), { recursive: true });
  const patience = Date.now() + PATIENCE_MS;
  while (!tryTake(file)) {
    if (isAbandoned(file)) {
      rmSync(file, { force: true });
    } else if (Date.now() > patience) {
      throw new Fault('policies.lock', `another process holds ${file}; if none is running, remove the file`);
    } else {
      await sleep(POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

const tryTake = (file: string): boolean => {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') {
      return false;
    }
    throw thrown;
  }
};

const isAbandoned = (file: string): boolean => {
  try {
    const holder = Number(readFileSync(file, 'utf8'));
    if (!(holder > 0)) {
      return Date.now() - statSync(file).mtimeMs > UNREADABLE_FOR_MS;
    }
    process.kill(holder, 0); // Signal 0 only asks whether the process is there.
    return false;
  } catch (thrown) {
    return codeOf(thrown) === 'ESRCH';
  }
};

const codeOf = (thrown: unknown): string | undefined => (toError(thrown) as NodeJS.ErrnoException).code;
