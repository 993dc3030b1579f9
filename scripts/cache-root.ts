// Says where programs that are compiled for development are kept: outside of the tree.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$PODGRAFT_CACHE`, or `podgraft` in the user's cache folder. */
export const cacheRoot = (): string =>
  process.env['PODGRAFT_CACHE'] || join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'podgraft');
