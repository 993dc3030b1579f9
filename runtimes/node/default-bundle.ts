// Finds the bundle that comes with podgraft.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where it lies: beside a built podgraft, or in the `build` folder of the source tree. */
export const defaultBundleFolder = (): string => {
  const beside = fileURLToPath(new URL('./bundle', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../build/bundle', import.meta.url));
};
