// `npm run policies`: formats, checks, tests twice and builds the policies.
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFolder, ensureBundle } from './ensure-bundle.ts';
import { EXIT, reportFault, reportStep } from './report.ts';
import { type PolicySources, policiesFolder, readSources } from './sources.ts';
import { checkStep, formatStep, type StepResult } from './steps.ts';
import { compiledStep, testStep } from './test-steps.ts';
import { createToolchain, type Toolchain } from './toolchain.ts';

const help = `Usage: npm run policies [-- options]

Formats, checks (strict, with schemas and capabilities), tests in OPA with coverage, tests the same compiled, and
builds the bundle. Needs Node and npm only: OPA comes as WebAssembly (tools/opa).

  --write           write formatted files instead of refusing the others
  --run REGEX       run only tests whose full name (data.podgraft.…) matches; no coverage, no build
  --coverage N      the least share of lines that tests have to reach, in percent (95)
  --folder DIR      the policies (policies)
  --target DIR      the bundle's folder (build/bundle)
  --help            this text

Exit codes: 0 all is well; 1 the policies are at fault, with file and line; 2 wrong usage; 3 the toolchain failed or
took too long (check and build 120 s, a test 5 s).`;

interface Settings {
  readonly folder: string;
  readonly target: string;
  readonly write: boolean;
  readonly run: string | undefined;
  readonly leastCoverage: number;
}

const DEFAULT_COVERAGE = 95;

const readSettings = (): Settings | undefined => {
  const { values } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      run: { type: 'string' },
      coverage: { type: 'string', default: String(DEFAULT_COVERAGE) },
      folder: { type: 'string', default: policiesFolder },
      target: { type: 'string', default: bundleFolder },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    return undefined;
  }
  const leastCoverage = Number(values.coverage);
  if (!(leastCoverage >= 0 && leastCoverage <= 100)) {
    const message = `--coverage is a number from 0 to 100, not "${values.coverage}"`;
    throw Object.assign(new Error(message), { code: 'ERR_PARSE_ARGS_COVERAGE' });
  }
  const { write, run } = values;
  return { folder: resolve(values.folder), target: resolve(values.target), write, run, leastCoverage };
};

/** Each step needs the one before; all but format stop at the first that fails. */
const runSteps = async (toolchain: Toolchain, settings: Settings): Promise<boolean> => {
  const { folder, write } = settings;
  const read = (): PolicySources => readSources(folder);
  const formatted = await reportStep('format', folder, () => formatStep(toolchain, read(), write));
  const sources = read();
  const checked = await reportStep('check', folder, () => checkStep(toolchain, sources));
  if (checked.problems.length > 0) {
    return false;
  }
  const tested = await reportStep('test', folder, () => testStep(toolchain, sources, settings));
  const compiled = await reportStep('compiled', folder, () => compiledStep(toolchain, sources, tested.tests));
  if ([formatted, tested, compiled].some(({ problems }) => problems.length > 0)) {
    return false;
  }
  if (settings.run === undefined) {
    await reportStep('build', folder, () => buildStep(toolchain, settings));
  }
  return true;
};

const buildStep = async (toolchain: Toolchain, { folder, target }: Settings): Promise<StepResult> => {
  let summary = 'nothing changed';
  await ensureBundle({
    folder,
    target,
    toolchain,
    onBuild: () => {
      summary = relative(process.cwd(), target);
    },
  });
  return { problems: [], summary };
};

const main = async (): Promise<number> => {
  let folder = policiesFolder;
  const toolchain = createToolchain();
  try {
    const settings = readSettings();
    if (settings === undefined) {
      process.stdout.write(`${help}\n`);
      return EXIT.fine;
    }
    folder = settings.folder;
    return (await runSteps(toolchain, settings)) ? EXIT.fine : EXIT.policies;
  } catch (thrown) {
    return reportFault('policies', folder, thrown);
  } finally {
    await toolchain.close();
  }
};

process.exitCode = await main();
