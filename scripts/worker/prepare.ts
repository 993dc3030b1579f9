// Puts the module and the rest of the bundle where the Worker's entry imports them: `build/worker/`.
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MODULE_FILE } from '../../core/bundle/parse-files.ts';
import { readBundleFiles } from '../../runtimes/node/bundle-folder.ts';
import { encodeEdgeBundle } from '../../runtimes/worker/edge-bundle.ts';
import { recordTemplates } from '../../runtimes/worker/recorded-templates.ts';
import { ensureBundle } from '../policy/ensure-bundle.ts';

/** Where the Worker's entry looks. */
export const workerFolder = path.join(import.meta.dirname, '../../build/worker');

/** Builds the bundle where its sources changed, and splits it. */
export const prepareWorker = async (): Promise<void> => {
  const { content } = await readBundleFiles(await ensureBundle());
  await mkdir(workerFolder, { recursive: true });
  await put(MODULE_FILE, content.get(MODULE_FILE) ?? new Uint8Array());
  await put('bundle.txt', await encodeEdgeBundle(content));
  await put('templates.txt', JSON.stringify(await recordTemplates(content)));
};

/** Another process may be reading: it sees the old file or the new one, whole. */
const put = async (name: string, content: string | Uint8Array): Promise<void> => {
  const fresh = path.join(workerFolder, `${name}.${randomUUID()}`);
  await writeFile(fresh, content);
  await rename(fresh, path.join(workerFolder, name));
};

if (import.meta.main) {
  await prepareWorker();
}
