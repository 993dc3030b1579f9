// Builds what `wrangler deploy` would upload, and uploads nothing.
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Fault } from '../../core/errors.ts';
import { startWrangler } from './wrangler.ts';

/** What was built. */
export interface BuiltWorker {
  /** What wrangler wrote. */
  readonly output: string;
  /** The size of the upload, compressed, in KiB. */
  readonly size: number;
}

/**
 * Builds into a folder: `worker.js` and the modules beside it.
 *
 * @param folder an absolute path: wrangler takes others from the folder of its configuration
 * @throws {Fault} `worker.build`, with what wrangler wrote
 */
export const buildWorker = async (folder: string): Promise<BuiltWorker> => {
  const wrangler = startWrangler(['deploy', '--dry-run', '--outdir', folder], 'pipe');
  const [output, errors, [code]] = await Promise.all([
    wrangler.stdout === null ? '' : text(wrangler.stdout),
    wrangler.stderr === null ? '' : text(wrangler.stderr),
    once(wrangler, 'exit'),
  ]);
  const size = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1]);
  if (code !== 0 || Number.isNaN(size)) {
    throw new Fault('worker.build', `wrangler failed (${String(code)}):\n${output}${errors}`);
  }
  return { output, size };
};
