// Builds the bundle that it would be if there were one system only.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Bundle } from '../core/index.ts';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';

const root = join(import.meta.dirname, '..');

/** What systems share. */
const SHARED = ['lib', 'schemas'];

/** Copies the policies without the other systems, and builds what is left. */
export const bundleOfOne = async (system: string): Promise<Bundle> => {
  const policies = join(root, 'policies');
  const scratch = join(root, 'build/one-system', system);
  const folder = join(scratch, 'policies');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name } of readdirSync(policies, { withFileTypes: true }).filter(
    (entry) => entry.isFile() || [...SHARED, system].includes(entry.name),
  )) {
    cpSync(join(policies, name), join(folder, name), { recursive: true });
  }
  return loadBundle(await ensureBundle({ folder, target: join(scratch, 'bundle') }));
};
