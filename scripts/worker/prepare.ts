// Puts the module and the rest of the bundle where the Worker's entry imports them: `build/worker/`.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MODULE_FILE } from '../../core/bundle/parse-files.ts';
import { readBundleFiles } from '../../runtimes/node/bundle-folder.ts';
import { encodeEdgeBundle } from '../../runtimes/worker/edge-bundle.ts';
import { ensureBundle } from '../policy/ensure-bundle.ts';

/** Where the Worker's entry looks. */
export const workerFolder = path.join(import.meta.dirname, '../../build/worker');

/** Builds the bundle where its sources changed, and splits it. */
export const prepareWorker = async (): Promise<void> => {
  const { content } = await readBundleFiles(await ensureBundle());
  await mkdir(workerFolder, { recursive: true });
  await writeFile(path.join(workerFolder, MODULE_FILE), content.get(MODULE_FILE) ?? new Uint8Array());
  await writeFile(path.join(workerFolder, 'bundle.txt'), await encodeEdgeBundle(content));
};

if (import.meta.main) {
  await prepareWorker();
}
