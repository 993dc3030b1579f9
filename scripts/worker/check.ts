// `npm run worker:check`: builds what `wrangler deploy` would upload, uploads nothing, and holds it to its size.
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startWrangler } from './wrangler.ts';

/** Workers may have 3 MB compressed on the free plan; ours may have this, in KiB. */
const LARGEST = 700;

const wrangler = startWrangler(['deploy', '--dry-run', '--outdir', 'build/worker/upload'], 'pipe');
const [output, [code]] = await Promise.all([
  wrangler.stdout === null ? '' : text(wrangler.stdout),
  once(wrangler, 'exit'),
]);
process.stdout.write(output);
const size = Number(/gzip: ([\d.]+) KiB/.exec(output)?.[1]);
if (code === 0 && !(size <= LARGEST)) {
  process.stderr.write(`The upload has ${size} KiB compressed; the most it may have is ${LARGEST} KiB.\n`);
}
process.exitCode = code === 0 && size <= LARGEST ? 0 : 1;
