// Puts the module and the rest of the bundle where the Worker's entry imports them: `build/worker/`.
import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readBundle } from '../../cli/bundle-archive.ts';
import { isBundleFile, MODULE_FILE } from '../../core/bundle/parse-files.ts';
import { Fault, formatFault, toError } from '../../core/errors.ts';
import { createInjector } from '../../core/injector.ts';
import { selfTest } from '../../core/self-test.ts';
import { openBundle } from '../../runtimes/node/open-bundle.ts';
import { encodeEdgeBundle } from '../../runtimes/worker/edge-bundle.ts';
import { recordTemplates } from '../../runtimes/worker/recorded-templates.ts';
import { ensureBundle } from '../policy/ensure-bundle.ts';

/** Where the Worker's entry looks. */
export const workerFolder = path.join(import.meta.dirname, '../../build/worker');

/** Names a bundle, a folder or an archive, to deploy instead of the repository's own. */
const OTHER_BUNDLE = 'PODGRAFT_WORKER_BUNDLE';

/**
 * Takes a bundle apart. Everything about it is checked here, because a Worker's start is no time for it.
 *
 * @throws {Fault} whatever keeps a webhook from serving it
 */
export const prepareWorker = async (source?: string): Promise<void> => {
  const found = await readBundle(source ?? (await ensureBundle()));
  const { bundle, cases } = await openBundle(found);
  await createInjector({ bundle });
  await selfTest(bundle, cases);
  const files = new Map([...found.files].filter(([name]) => isBundleFile(name)));
  await mkdir(workerFolder, { recursive: true });
  await put(MODULE_FILE, files.get(MODULE_FILE) ?? new Uint8Array());
  await put('bundle.txt', await encodeEdgeBundle(files));
  await put('templates.txt', JSON.stringify(await recordTemplates(files)));
};

/** Another process may be reading: it sees the old file or the new one, whole. */
const put = async (name: string, content: string | Uint8Array): Promise<void> => {
  const fresh = path.join(workerFolder, `${name}.${randomUUID()}`);
  await writeFile(fresh, content);
  await rename(fresh, path.join(workerFolder, name));
};

if (import.meta.main) {
  try {
    await prepareWorker(process.env[OTHER_BUNDLE] || undefined);
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Fault ? formatFault(thrown) : toError(thrown).message}\n`);
    process.exitCode = 1;
  }
}
