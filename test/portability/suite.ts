// The recorded cases against the core, as one program that runs the same on every JavaScript runtime.
import { type Bundle, createInjector, type Fact, Fault, type Injector, parseConfiguration } from '../../core/index.ts';

/** Everything that the program works on, as JSON; the compiled policy comes beside it. */
export interface SuiteInput {
  readonly bundle: Omit<Bundle, 'module'>;
  /** The configuration files that the cases name by their index. */
  readonly configurations: readonly string[];
  readonly cases: readonly SuiteCase[];
}

/** One request. */
export interface SuiteCase {
  /** `<system>/<group>/<name>`. */
  readonly id: string;
  readonly configuration: number;
  readonly body: string;
  /** What the lookups of this case find, by their key. */
  readonly facts: Readonly<Record<string, Fact>>;
}

/** The answer to each case: its text, or the code of the fault that refused the request. */
export type Answers = Readonly<Record<string, string>>;

/** Reviews every case and gives every byte that was answered. */
export const runSuite = async (input: SuiteInput, module: WebAssembly.Module): Promise<Answers> => {
  const bundle: Bundle = { ...input.bundle, module };
  const current: { facts: SuiteCase['facts'] } = { facts: {} };
  const findFacts = async (lookups: readonly { readonly key: string }[]): Promise<Readonly<Record<string, Fact>>> =>
    Object.fromEntries(lookups.map(({ key }) => [key, recorded(current.facts, key)]));
  const injectors = await Promise.all(
    input.configurations.map((text) =>
      createInjector({ bundle, configuration: parseConfiguration(text, 'podgraft.yaml'), findFacts }),
    ),
  );
  const answers: [string, string][] = [];
  for (const { id, configuration, body, facts } of input.cases) {
    current.facts = facts;
    answers.push([id, await answer(injectors[configuration], body)]);
  }
  return Object.fromEntries(answers);
};

/** Digests each answer: what runtimes tell each other. */
export const digestAnswers = async (answers: Answers): Promise<Answers> => {
  const digests: [string, string][] = [];
  for (const [id, text] of Object.entries(answers)) {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    digests.push([id, [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')]);
  }
  return Object.fromEntries(digests);
};

const answer = async (injector: Injector | undefined, body: string): Promise<string> => {
  if (injector === undefined) {
    throw new Error('the case names a configuration that is not there');
  }
  try {
    return JSON.stringify((await injector.review(new TextEncoder().encode(body))).response);
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code.startsWith('review.')) {
      return thrown.code;
    }
    throw thrown;
  }
};

const recorded = (facts: SuiteCase['facts'], key: string): Fact => {
  const fact = Object.hasOwn(facts, key) ? facts[key] : undefined;
  if (fact === undefined) {
    throw new Error(`a lookup was made that was not made when the facts were recorded: ${key}`);
  }
  return fact;
};
