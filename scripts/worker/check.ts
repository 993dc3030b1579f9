// `npm run worker:check`: builds what `wrangler deploy` would upload, uploads nothing, and holds it to its size.
import path from 'node:path';
import { buildWorker } from './build-worker.ts';
import { workerFolder } from './prepare.ts';

/** In KiB, compressed. Workers may have 3 MB on the free plan. */
const LARGEST = 700;

const { output, size } = await buildWorker(path.join(workerFolder, 'upload'));
process.stdout.write(output);
if (size > LARGEST) {
  process.stderr.write(`The upload has ${size} KiB compressed; the most it may have is ${LARGEST} KiB.\n`);
  process.exitCode = 1;
}
