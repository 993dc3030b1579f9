// Watches the webhook's resident memory under a steady load: `npm run bench:memory`, `-- --minutes 10`, `-- --json`.
import { parseArgs } from 'node:util';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { load, startPodgraft } from './served.ts';
import { formatTable } from './statistics.ts';

const CONNECTIONS = 8;
const SAMPLES = 20;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, json: { type: 'boolean' } } });
const seconds = (Number(values.minutes) * 60) / SAMPLES;

await ensureBundle();
const server = await startPodgraft();
const samples: { readonly requests: number; readonly residentMiB: number }[] = [];
try {
  let requests = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    requests += (await load(server, CONNECTIONS, seconds)).requests;
    samples.push({ requests, residentMiB: Math.round(server.resident()) });
  }
} finally {
  await server.stop();
}
console.log(
  values.json === true
    ? JSON.stringify({ node: process.version, connections: CONNECTIONS, seconds, samples }, null, 2)
    : formatTable([
        ['reviews so far', 'resident MiB'],
        ...samples.map(({ requests, residentMiB }) => [String(requests), String(residentMiB)]),
      ]),
);
