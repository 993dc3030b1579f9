// Measures one review, step by step, beside parsing and writing the same body: `npm run bench`, `-- --json`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createInjector, type Injector, type Timings } from '../core/index.ts';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
import { bundleOfOne } from './one-system.ts';
import { type Sample, sampleReview } from './sample-review.ts';
import { formatTable, type Statistics, summarise } from './statistics.ts';

const SAMPLES: readonly (Sample & { readonly name: string })[] = [
  ...[1, 8, 40, 400].map((size) => ({
    name: `${size} KB, vault-agent`,
    wish: 'vault-agent' as const,
    bytes: size * 1024,
  })),
  ...[1, 8, 40, 400].map((size) => ({ name: `${size} KB, nothing`, wish: 'nothing' as const, bytes: size * 1024 })),
  { name: '5,000 variables, vault-agent', wish: 'vault-agent', variables: 5000 },
];

const STEPS = ['decode', 'decide', 'render', 'graft', 'respond'] as const satisfies (keyof Timings)[];

/** One measured sample; times are microseconds. */
interface Row {
  readonly name: string;
  readonly bytes: number;
  readonly steps: Readonly<Record<(typeof STEPS)[number], Statistics>>;
  /** The whole review, from the body's bytes to the response's. */
  readonly review: Statistics;
  /** `JSON.parse` and `JSON.stringify` of the same body. */
  readonly parseAndStringify: Statistics;
}

/** One sample, and who reviews it. */
interface Case {
  readonly name: string;
  readonly body: Uint8Array;
  readonly injector: Injector;
}

/** The times of one case, run by run. */
interface Times {
  readonly whole: number[];
  readonly plain: number[];
  readonly steps: Readonly<Record<keyof Timings, number[]>>;
}

/** Measures cases by turns, so that what else the machine does falls on all of them. */
const measure = async (cases: readonly Case[]): Promise<readonly Row[]> => {
  const bytes = Math.max(...cases.map(({ body }) => body.byteLength));
  const runs = Math.max(500, Math.min(20_000, Math.round(60_000_000 / bytes)));
  const times = cases.map(() => emptyTimes());
  for (let run = -Math.ceil(runs / 5); run < runs; run += 1) {
    for (const [index, item] of cases.entries()) {
      await reviewOnce(item, run < 0 ? undefined : times[index]);
    }
  }
  return cases.map(({ name, body }, index) => {
    const { whole, plain, steps } = times[index] ?? emptyTimes();
    return {
      name,
      bytes: body.byteLength,
      steps: Object.fromEntries(STEPS.map((step) => [step, summarise(steps[step])])) as Row['steps'],
      review: summarise(whole),
      parseAndStringify: summarise(plain),
    };
  });
};

const emptyTimes = (): Times => ({
  whole: [],
  plain: [],
  steps: { decode: [], decide: [], lookup: [], render: [], graft: [], respond: [] },
});

const decoder = new TextDecoder();
const encoder = new TextEncoder();

const reviewOnce = async ({ body, injector }: Case, times: Times | undefined): Promise<void> => {
  const start = performance.now();
  const { response, timings } = await injector.review(body);
  encoder.encode(JSON.stringify(response));
  const middle = performance.now();
  encoder.encode(JSON.stringify(JSON.parse(decoder.decode(body))));
  const end = performance.now();
  times?.whole.push(middle - start);
  times?.plain.push(end - middle);
  for (const step of STEPS) {
    times?.steps[step].push(timings[step]);
  }
};

const cell = ({ median, p99 }: Statistics): string => `${median.toFixed(1)} / ${p99.toFixed(1)}`;

const print = (rows: readonly Row[]): void => {
  const head = ['µs, median / p99', 'bytes', ...STEPS, 'review', 'parse+stringify', 'ratio'];
  const lines = rows.map((row) => [
    row.name,
    String(row.bytes),
    ...STEPS.map((step) => cell(row.steps[step])),
    cell(row.review),
    cell(row.parseAndStringify),
    (row.review.median / row.parseAndStringify.median).toFixed(2),
  ]);
  console.log(formatTable([head, ...lines]));
  console.log(`\nNode ${process.version}, ${process.arch}`);
};

/** The module of a bundle, raw and as it is stored or sent. */
const moduleSize = (folder: string): string => {
  const module = readFileSync(join(folder, 'policy.wasm'));
  return `${Math.round(module.byteLength / 1024)} KB, ${Math.round(gzipSync(module).byteLength / 1024)} KB gzipped`;
};

const clock = (): number => performance.now();
const folder = await ensureBundle();
const all = await createInjector({ bundle: await loadBundle(folder), clock });
const rows: Row[] = [];
for (const { name, ...sample } of SAMPLES) {
  rows.push(...(await measure([{ name, body: sampleReview(sample), injector: all }])));
}
const alone = await createInjector({ bundle: await bundleOfOne('vault_agent'), clock });
const body = sampleReview({ wish: 'vault-agent', bytes: 8 * 1024 });
const compared = await measure([
  { name: '8 KB, all systems', body, injector: all },
  { name: '8 KB, one system only', body, injector: alone },
]);
const [together, one] = compared;
rows.push(...compared);
const summary = {
  node: process.version,
  module: moduleSize(folder),
  allSystemsToOne:
    together === undefined || one === undefined ? Number.NaN : together.review.median / one.review.median,
};
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ ...summary, rows }, null, 2));
} else {
  print(rows);
  console.log(`The policy is one module of ${summary.module}.`);
  console.log(`All systems take ${summary.allSystemsToOne.toFixed(2)} times as long as one.`);
}
