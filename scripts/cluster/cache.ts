// Says where the compiled programs are kept: a folder outside the tree, named by everything that they were made of.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../cache-root.ts';
import { buildEnvironment, buildFlags, listPrograms, moduleFolder } from './program.ts';

/** The folder for programs compiled by `toolchain` (as `findGo` names it). A change of any input gives another folder. */
export const cacheFolder = (toolchain: string): string => {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) {
    hash.update(readFileSync(new URL(file, moduleFolder))).update('\0');
  }
  const recipes = listPrograms().map(({ name, package: path, linkerFlags }) => ({ name, path, linkerFlags }));
  hash.update(JSON.stringify({ toolchain, buildFlags, buildEnvironment, recipes }));
  return join(cacheRoot(), `cluster-${hash.digest('hex').slice(0, 16)}`);
};
