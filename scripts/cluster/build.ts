// Compiles the cluster's programs once and keeps them in the cache.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cacheFolder } from './cache.ts';
import { findGo } from './go.ts';
import { listPrograms } from './program.ts';
import { compileProgram, type Watch } from './step.ts';

/**
 * Gives the folder that holds the compiled programs, compiling them first where the cache has none.
 * The folder appears in one step when all are there, so an interrupted build leaves nothing half made.
 * Undefined when the machine has no Go command.
 */
export const buildPrograms = async (watch: Watch): Promise<string | undefined> => {
  const toolchain = await findGo();
  if (toolchain === undefined) {
    return undefined;
  }
  const folder = cacheFolder(toolchain);
  if (existsSync(folder)) {
    return folder;
  }

  watch.log(`compiling the test cluster with ${toolchain}; five to ten minutes, once`);
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  try {
    for (const program of listPrograms()) {
      await compileProgram(program, unfinished, watch);
    }
    await place(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
};

/** Another run may have finished the same build in the meantime: its result is as good. */
const place = async (unfinished: string, folder: string): Promise<void> => {
  try {
    await rename(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) {
      throw error;
    }
  }
};
