// The two test steps: in OPA with coverage, and the same tests compiled, in the SDK that production uses.
import type { JsonValue } from '../../core/json.ts';
import type { Problem, TestResult } from '../../tools/opa/host.ts';
import { measureCoverage } from './coverage.ts';
import type { PolicySources } from './sources.ts';
import type { StepResult } from './steps.ts';
import type { CompiledResult, Toolchain } from './toolchain.ts';

/** What the tests did in OPA. */
export interface TestStepResult extends StepResult {
  readonly tests: readonly TestResult[];
}

/** Which tests, and how much of the policy they have to reach. */
export interface TestOptions {
  /** Regular expression over full names (`data.podgraft.lib.test_…`). Then coverage is not measured. */
  readonly run?: string | undefined;
  /** The least share of lines reached, in percent. */
  readonly leastCoverage: number;
}

const TEST_LIMIT_MS = 5000;
/** A name that can be an entrypoint's last part. */
const PLAIN_NAME = /^[A-Za-z_]\w*$/;

/** Runs the tests in OPA. */
export const testStep = async (
  toolchain: Toolchain,
  { modules, data, schemas, capabilities }: PolicySources,
  { run = '', leastCoverage }: TestOptions,
): Promise<TestStepResult> => {
  const measured = run === '';
  const sources = { modules, data, schemas, capabilities };
  const request = { verb: 'test', ...sources, run, coverage: measured, timeoutMs: TEST_LIMIT_MS } as const;
  const { problems = [], tests = [], coverage } = await toolchain.call(request);
  const failures = tests.flatMap(problemsOf);
  if (problems.length === 0 && tests.length === 0) {
    failures.push({ code: 'no_tests', message: run === '' ? 'there is no test' : `no test’s name matches ${run}` });
  }
  if (coverage === undefined || problems.length > 0) {
    return { tests, problems: [...problems, ...failures], summary: `${tests.length} tests` };
  }
  const reached = measureCoverage(coverage, leastCoverage);
  return {
    tests,
    // Failing tests come first: what they leave unreached says nothing.
    problems: failures.length > 0 ? failures : reached.problems,
    summary: `${tests.length} tests, ${reached.percent.toFixed(1)} % of ${reached.lines} lines`,
  };
};

const problemsOf = (test: TestResult): Problem[] => {
  const place = { file: test.file, line: test.line };
  const details = test.printed === undefined ? {} : { details: test.printed.trimEnd().split('\n') };
  if (!PLAIN_NAME.test(test.name)) {
    const message = `${test.name}: this name is used twice in its package, or is not plain; give the test another`;
    return [{ code: 'test_name', message, ...place }];
  }
  if (test.outcome === 'error') {
    return [{ code: 'test_error', message: `${test.name}: ${test.problem?.message ?? 'error'}`, ...place, ...details }];
  }
  if (test.outcome === 'fail') {
    return [{ code: 'test_failed', message: `${test.name} failed${failedCases(test)}`, ...place, ...details }];
  }
  return [];
};

const failedCases = ({ cases = {} }: TestResult): string => {
  const failed = Object.keys(cases).filter((name) => cases[name] === false);
  return failed.length === 0 ? '' : `, cases: ${failed.sort().join(', ')}`;
};

/** Compiles the tests as entrypoints and evaluates each; what passed in OPA has to pass here too. */
export const compiledStep = async (
  toolchain: Toolchain,
  { modules, data, capabilities }: PolicySources,
  tests: readonly TestResult[],
): Promise<StepResult> => {
  const passed = new Map(tests.filter(({ outcome }) => outcome === 'pass').map((test) => [entrypointOf(test), test]));
  const entrypoints = [...passed.keys()];
  if (entrypoints.length === 0) {
    return { problems: [], summary: 'no test that passed in OPA' };
  }
  const built = await toolchain.call({ verb: 'build', modules, data, capabilities, entrypoints });
  if (built.wasm === undefined) {
    return { problems: built.problems ?? [], summary: 'not compiled' };
  }
  const results = await toolchain.evaluate({ wasm: built.wasm, data, entrypoints });
  const problems = results.flatMap((result) => {
    const test = passed.get(result.entrypoint);
    return test === undefined || agrees(test, result.value) ? [] : [difference(test, result)];
  });
  return { problems, summary: `${entrypoints.length} tests` };
};

const entrypointOf = (test: TestResult): string => `${test.package.split('.').slice(1).join('/')}/${test.name}`;

const agrees = ({ cases }: TestResult, value: JsonValue | undefined): boolean =>
  cases === undefined
    ? value === true
    : typeof value === 'object' &&
      value !== null &&
      Object.keys(cases).every((name) => Object.hasOwn(value, name)) &&
      Object.values(value).every(isAllTrue);

/** Cases may be nested. */
const isAllTrue = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null ? Object.values(value).every(isAllTrue) : value === true;

const difference = (test: TestResult, { value, error }: CompiledResult): Problem => {
  const came = error ?? (value === undefined ? 'it is undefined' : `its value is ${JSON.stringify(value)}`);
  return {
    code: 'compiled_test_failed',
    message: `${test.name} passed in OPA and failed compiled, as in production: ${came}`,
    file: test.file,
    line: test.line,
  };
};
