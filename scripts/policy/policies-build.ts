// `npm run policies:build`: builds the bundle if a source changed.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleFolder, ensureBundle } from './ensure-bundle.ts';
import { displayPath, EXIT, reportFault } from './report.ts';
import { policiesFolder } from './sources.ts';

const help = `Usage: npm run policies:build [-- options]

Checks the policies and builds the bundle, if a source changed since the last time.

  --force        build in any case
  --folder DIR   the policies (policies)
  --target DIR   the bundle's folder (build/bundle)
  --help         this text

Exit codes: 0 the bundle is there; 1 the policies are at fault, with file and line; 2 wrong usage; 3 the toolchain failed.`;

const main = async (): Promise<number> => {
  let folder = policiesFolder;
  try {
    const { values } = parseArgs({
      options: {
        force: { type: 'boolean', default: false },
        folder: { type: 'string', default: policiesFolder },
        target: { type: 'string', default: bundleFolder },
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      process.stdout.write(`${help}\n`);
      return EXIT.fine;
    }
    folder = resolve(values.folder);
    const target = resolve(values.target);
    let verb = 'is up to date';
    await ensureBundle({
      folder,
      target,
      force: values.force,
      onBuild: () => {
        verb = 'was built';
      },
    });
    process.stdout.write(`policies: ${displayPath(target)} ${verb}\n`);
    return EXIT.fine;
  } catch (thrown) {
    return reportFault('policies:build', folder, thrown);
  }
};

process.exitCode = await main();
