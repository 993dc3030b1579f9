// Tells apart what a request costs the webhook, by servers that do ever more of it: `npm run bench:layers`, `-- --json`.
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { load, startLayer, startPodgraft } from './served.ts';
import { formatTable } from './statistics.ts';

const LAYERS = {
  bare: 'parses the review, answers a constant',
  long: 'and answers as much as podgraft does',
  review: 'reviews in place of that',
  again: 'reviews the same body four times',
  app: 'reviews once, behind Hono',
  whole: 'the webhook: and logs, counts, checks settings',
} as const;

/** A server that does a part of the webhook's work, or the webhook. */
export type Layer = keyof typeof LAYERS;

const ROUNDS = 7;
const SECONDS = 2;
const CONNECTIONS = 8;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** By turns, so that what else the machine does falls on all of them; the first round warms up. */
const measure = async (): Promise<Readonly<Record<Layer, number>>> => {
  const names = Object.keys(LAYERS) as Layer[];
  const servers = await Promise.all(names.map((name) => (name === 'whole' ? startPodgraft() : startLayer(name))));
  const costs = names.map((): number[] => []);
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const [index, server] of servers.entries()) {
        const { cpuPerRequest } = await load(server, CONNECTIONS, SECONDS);
        if (round > 0) {
          costs[index]?.push(cpuPerRequest);
        }
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return Object.fromEntries(names.map((name, index) => [name, median(costs[index] ?? [])])) as Record<Layer, number>;
};

await ensureBundle();
const costs = await measure();
const warm = (costs.again - costs.review) / 3;
const summary = {
  'a review right after another': warm,
  'what it costs more after the work of the connection': costs.review - costs.long - warm,
};
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, processorMicroseconds: costs, ...summary }, null, 2));
} else {
  console.log(
    formatTable([
      ['server', 'processor µs a request'],
      ...Object.entries(LAYERS).map(([name, text]) => [`${name}: ${text}`, costs[name as Layer].toFixed(0)]),
      ...Object.entries(summary).map(([text, cost]) => [text, cost.toFixed(0)]),
    ]),
  );
}
