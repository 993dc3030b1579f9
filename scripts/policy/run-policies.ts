// The steps of `npm run policies`, one after the other.
import { ensureBundle } from './ensure-bundle.ts';
import { loadStep } from './load-step.ts';
import { displayPath, type Output, reportStep } from './report.ts';
import { type PolicySources, readSources } from './sources.ts';
import { checkStep, formatStep, NOT_FORMATTED, type StepResult } from './steps.ts';
import { compiledStep, testStep } from './test-steps.ts';
import type { Toolchain } from './toolchain.ts';

/** What to do with which policies. */
export interface PolicySettings {
  readonly folder: string;
  /** The bundle's folder. */
  readonly target: string;
  /** Write formatted files instead of refusing the others. */
  readonly write: boolean;
  /** Regular expression over the tests' full names; then coverage is not measured and nothing is built. */
  readonly run?: string | undefined;
  /** The least share of lines that the tests have to reach, in percent. */
  readonly leastCoverage: number;
}

/**
 * Formats, checks, tests twice, builds and loads. A wrong format doesn't keep the other steps from saying what they find;
 * nothing is tested that isn't checked, and nothing is built that isn't in order.
 *
 * @returns whether all is well
 * @throws {Fault} `policies.*` for what can't be read, `toolchain.*`
 */
export const runPolicies = async (toolchain: Toolchain, settings: PolicySettings, output: Output): Promise<boolean> => {
  const { folder, write } = settings;
  const read = (): PolicySources => readSources(folder);
  const report = <R extends StepResult>(name: string, work: () => Promise<R>): Promise<R> =>
    reportStep({ name, folder, output }, work);

  const formatted = await report('format', () => formatStep(toolchain, read(), write));
  if (formatted.problems.some(({ code }) => code !== NOT_FORMATTED)) {
    return false; // What can't be parsed can't be checked either.
  }
  const sources = read(); // Once more: formatting may have written files.
  const checked = await report('check', () => checkStep(toolchain, sources));
  if (checked.problems.length > 0) {
    return false;
  }
  const tested = await report('test', () => testStep(toolchain, sources, settings));
  const compiled = await report('compiled', () => compiledStep(toolchain, sources, tested.tests));
  if ([formatted, tested, compiled].some(({ problems }) => problems.length > 0)) {
    return false;
  }
  if (settings.run !== undefined) {
    return true;
  }
  await report('build', () => buildStep(toolchain, settings));
  const loaded = await report('load', () => loadStep(settings.target, folder));
  return loaded.problems.length === 0;
};

const buildStep = async (toolchain: Toolchain, { folder, target }: PolicySettings): Promise<StepResult> => {
  let summary = 'nothing changed';
  const onBuild = (): void => {
    summary = displayPath(target);
  };
  await ensureBundle({ folder, target, toolchain, onBuild });
  return { problems: [], summary };
};
