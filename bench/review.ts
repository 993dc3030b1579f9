// Measures one review, step by step, beside parsing and writing the same body: `npm run bench`, `-- --json`.
import { createInjector, type Injector, type Timings } from '../core/index.ts';
import { loadBundle } from '../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../scripts/policy/ensure-bundle.ts';
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

const measure = async (injector: Injector, { name, ...sample }: (typeof SAMPLES)[number]): Promise<Row> => {
  const body = sampleReview(sample);
  const runs = Math.max(500, Math.min(20_000, Math.round(60_000_000 / body.byteLength)));
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const whole: number[] = [];
  const plain: number[] = [];
  const steps = Object.fromEntries(STEPS.map((step) => [step, [] as number[]])) as Record<keyof Timings, number[]>;
  for (let run = -Math.ceil(runs / 5); run < runs; run += 1) {
    const start = performance.now();
    const { response, timings } = await injector.review(body);
    encoder.encode(JSON.stringify(response));
    const middle = performance.now();
    encoder.encode(JSON.stringify(JSON.parse(decoder.decode(body))));
    const end = performance.now();
    if (run >= 0) {
      whole.push(middle - start);
      plain.push(end - middle);
      for (const step of STEPS) {
        steps[step].push(timings[step]);
      }
    }
  }
  return {
    name,
    bytes: body.byteLength,
    steps: Object.fromEntries(STEPS.map((step) => [step, summarise(steps[step])])) as Row['steps'],
    review: summarise(whole),
    parseAndStringify: summarise(plain),
  };
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

const bundle = await loadBundle(await ensureBundle());
const injector = await createInjector({ bundle, clock: () => performance.now() });
const rows: Row[] = [];
for (const sample of SAMPLES) {
  rows.push(await measure(injector, sample));
}
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ node: process.version, rows }, null, 2));
} else {
  print(rows);
}
