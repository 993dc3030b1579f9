// A folder for one test, gone after it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** Makes an empty folder that is removed when the test ends. */
export const scratchFolder = async (): Promise<string> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'podgraft-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};
