// `npm run policies`: formats, checks, tests twice, builds and loads the policies.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFolder } from './ensure-bundle.ts';
import { EXIT, reportFault } from './report.ts';
import { type PolicySettings, runPolicies } from './run-policies.ts';
import { policiesFolder } from './sources.ts';
import { createToolchain } from './toolchain.ts';

const help = `Usage: npm run policies [-- options]

Formats, checks (strict, with schemas and capabilities), tests in OPA with coverage, tests the same compiled,
builds the bundle and loads it as the webhook does, templates included. Needs Node and npm only: OPA comes as WebAssembly (tools/opa).

  --write           write formatted files instead of refusing the others
  --run REGEX       run only tests whose full name (data.podgraft.…) matches; no coverage, no build
  --coverage N      the least share of lines that tests have to reach, in percent (95)
  --folder DIR      the policies (policies)
  --target DIR      the bundle's folder (build/bundle)
  --help            this text

Exit codes: 0 all is well; 1 the policies are at fault, with file and line; 2 wrong usage; 3 the toolchain failed or
took too long (check and build 120 s, a test 5 s).`;

const DEFAULT_COVERAGE = 95;

const readSettings = (): PolicySettings | undefined => {
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
    return (await runPolicies(toolchain, settings, process.stdout)) ? EXIT.fine : EXIT.policies;
  } catch (thrown) {
    return reportFault('policies', folder, thrown);
  } finally {
    await toolchain.close();
  }
};

process.exitCode = await main();
