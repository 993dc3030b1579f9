// Collects the recorded cases of every system into the input of the program, and records the facts that they look up.
import { type Bundle, createInjector, type Fact, Fault, parseConfiguration } from '../../core/index.ts';
import { type GoldenCase, readGoldenCases, requestBody } from '../golden/golden-case.ts';
import { type GoldenSystem, goldenSystems } from './golden-systems.ts';
import type { SuiteCase, SuiteInput } from './suite.ts';

/** A case with where it comes from. */
export interface PortableCase extends SuiteCase {
  readonly golden: GoldenCase;
  readonly system: GoldenSystem;
}

/** The input, and the cases that it was made of. */
export interface Suite {
  readonly input: SuiteInput;
  readonly cases: readonly PortableCase[];
}

/** Collects everything. */
export const collectSuite = async (bundle: Bundle): Promise<Suite> => {
  const configurations: string[] = [];
  const cases: PortableCase[] = [];
  for (const system of goldenSystems) {
    const record = createRecorder(bundle, system);
    for (const golden of readGoldenCases(system.system.name)) {
      const text = system.configurationText(golden);
      if (!configurations.includes(text)) {
        configurations.push(text);
      }
      const body = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(requestBody(golden));
      cases.push({
        id: `${system.system.name}/${golden.id}`,
        configuration: configurations.indexOf(text),
        body,
        facts: await record(text, body),
        golden,
        system,
      });
    }
  }
  const { module: _, ...rest } = bundle;
  const portable = cases.map(({ id, configuration, body, facts }) => ({ id, configuration, body, facts }));
  return { input: { bundle: rest, configurations, cases: portable }, cases };
};

type Record_ = (configuration: string, body: string) => Promise<Readonly<Record<string, Fact>>>;

/** Facts are found once, here: so that every runtime is told the same, and none needs what stands for the world outside. */
const createRecorder = (bundle: Bundle, { findFacts }: GoldenSystem): Record_ => {
  if (findFacts === undefined) {
    return async () => ({});
  }
  const found: { facts: Readonly<Record<string, Fact>> } = { facts: {} };
  const injectors = new Map<string, ReturnType<typeof createInjector>>();
  return async (text, body) => {
    const injector =
      injectors.get(text) ??
      createInjector({
        bundle,
        configuration: parseConfiguration(text, 'podgraft.yaml'),
        findFacts: async (lookups, context) => {
          found.facts = await findFacts(lookups, context);
          return found.facts;
        },
      });
    injectors.set(text, injector);
    found.facts = {};
    try {
      await (await injector).review(new TextEncoder().encode(body));
    } catch (thrown) {
      if (!(thrown instanceof Fault && thrown.code.startsWith('review.'))) {
        throw thrown;
      }
    }
    return found.facts;
  };
};
