// The bundle under test: built from policies/ when its sources changed, loaded once a test file.
import type { Bundle } from '../core/index.ts';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';

let bundle: Promise<Bundle> | undefined;

/** Gives the bundle under test. */
export const testBundle = (): Promise<Bundle> => {
  bundle ??= ensureBundle().then(loadBundle);
  return bundle;
};
