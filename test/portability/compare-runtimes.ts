// Holds every runtime's answers against the core's in this process, and those against the recorded ones.
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { testBundle } from '../test-bundle.ts';
import { isAsRecorded } from './as-recorded.ts';
import { prepareRuntimes } from './core-runtimes.ts';
import { goldenSystems } from './golden-systems.ts';
import { askOverHttp } from './http-runtimes.ts';
import { type Answers, digestAnswers, runSuite } from './suite.ts';
import { collectSuite, type PortableCase, type Suite } from './suite-input.ts';

/** How one runtime did, or that it is not installed. */
export type Column = AskedColumn | { readonly name: string; readonly how: string; readonly missing: string };

/** How one runtime did. */
export interface AskedColumn {
  readonly name: string;
  /** Its version, or by what way it was asked. */
  readonly how: string;
  /** The ids of the cases that it was asked. */
  readonly asked: readonly string[];
  /** Those whose answer is another one. */
  readonly different: readonly string[];
}

/** What the comparison came to. */
export interface Comparison {
  readonly cases: readonly PortableCase[];
  readonly columns: readonly Column[];
}

/** Is told what begins. */
export type Progress = (what: string) => void;

/** Runs everything, one after the other. */
export const compareRuntimes = async (progress: Progress): Promise<Comparison> => {
  progress('collecting the cases');
  const bundle = await testBundle();
  const suite = await collectSuite(bundle);
  const reference = await runSuite(suite.input, bundle.module);
  const ids = suite.cases.map(({ id }) => id);
  const recorded: AskedColumn = {
    name: 'core',
    how: 'as recorded',
    asked: ids,
    different: suite.cases.filter((one) => !isAsRecorded(one, reference[one.id] ?? '')).map(({ id }) => id),
  };
  const core = await coreColumns(suite, reference, progress);
  const http = await httpColumns(suite, reference, progress);
  return { cases: suite.cases, columns: [recorded, ...core, ...http] };
};

const coreColumns = async (suite: Suite, reference: Answers, progress: Progress): Promise<readonly Column[]> => {
  const runtimes = await prepareRuntimes(suite.input, `${await ensureBundle()}/policy.wasm`);
  const digests = await digestAnswers(reference);
  const asked = Object.keys(digests);
  const columns: Column[] = [];
  try {
    for (const runtime of runtimes.list) {
      progress(`the core in ${runtime.name}`);
      if ('missing' in runtime) {
        columns.push({ ...runtime, how: '' });
      } else {
        const found = await runtime.run();
        const different = asked.filter((id) => found[id] !== digests[id]);
        columns.push({ name: runtime.name, how: runtime.version, asked, different });
      }
    }
  } finally {
    await runtimes.remove();
  }
  return columns;
};

const httpColumns = async (
  { cases }: Suite,
  reference: Answers,
  progress: Progress,
): Promise<readonly AskedColumn[]> => {
  // No server is told the recorded facts, and none may ask a real registry here.
  const asked = cases.filter(({ facts }) => Object.keys(facts).length === 0);
  const ids = asked.map(({ id }) => id);
  const node = new Map<string, string>();
  const workerd = new Map<string, string>();
  for (const system of goldenSystems) {
    progress(`${system.system.name} over HTTP`);
    const answers = await askOverHttp(
      system,
      asked.filter((one) => one.system === system),
    );
    for (const [id, answer] of answers.node) {
      node.set(id, answer);
      workerd.set(id, answers.workerd.get(id) ?? '');
    }
  }
  const strange = asked.filter((one) => !isSame(one, reference[one.id] ?? '', node.get(one.id) ?? ''));
  return [
    { name: 'node', how: 'over HTTP', asked: ids, different: strange.map(({ id }) => id) },
    { name: 'workerd', how: 'over HTTP', asked: ids, different: ids.filter((id) => workerd.get(id) !== node.get(id)) },
  ];
};

/** A server may refuse by a header, which the core alone is not shown. */
const isSame = ({ golden }: PortableCase, core: string, http: string): boolean =>
  http === `200 ${core}` ||
  (http.startsWith('400 ') && (golden.request.headers !== undefined || !core.startsWith('{')));
