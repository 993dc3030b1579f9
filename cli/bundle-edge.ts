// podgraft bundle edge: writes a bundle, and a configuration, as the object that a Worker reads from its store.

import { parseConfiguration } from '../core/bundle/configuration.ts';
import { type BundleFiles, isBundleFile } from '../core/bundle/parse-files.ts';
import { isSigned } from '../core/bundle/verify.ts';
import { Fault } from '../core/errors.ts';
import { createInjector } from '../core/injector.ts';
import { selfTest } from '../core/self-test.ts';
import { openBundle } from '../runtimes/node/open-bundle.ts';
import { readConfigText } from '../runtimes/node/policy-source.ts';
import { encodeEdgeBundle } from '../runtimes/worker/edge-bundle.ts';
import { readBundle, writeBundleFile } from './bundle-archive.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

interface Options {
  readonly config?: string;
  readonly output: string;
}

/** Adds the verb. */
export const addEdge: AddVerb = (program, terminal, act) => {
  program
    .command('edge <BUNDLE>')
    .summary('write a bundle as the object that a Worker reads from its store')
    .description(
      'Takes a bundle, a folder or an archive, has it pass its own cases and go with the configuration, and writes it ' +
        'without its module: a Worker that was deployed with that module takes it up from KV or R2. The files of a ' +
        'signed bundle are all kept, so that the Worker can verify it; no signature covers a configuration, so the two ' +
        'do not go together.',
    )
    .option('--config <FILE>', 'The configuration file that goes along.')
    .option('-o, --output <FILE>', 'Where the object goes.', 'podgraft.json')
    .addHelpText('after', EXAMPLES)
    .action(act((bundle: string, options: Options) => writeEdge(bundle, options, terminal)));
};

const EXAMPLES = `
Examples:
  podgraft bundle edge bundle.tar.gz --config podgraft.yaml
  wrangler r2 object put policies/podgraft.json --file podgraft.json --remote`;

const writeEdge = async (where: string, { config = '', output }: Options, terminal: Terminal): Promise<number> => {
  const found = await readBundle(where);
  const { bundle, cases } = await openBundle(found);
  const configuration = await readConfigText(config);
  const { digest, warnings } = await createInjector({
    bundle,
    configuration: configuration === undefined ? undefined : parseConfiguration(configuration, config),
  });
  await selfTest(bundle, cases);
  const text = await encodeEdgeBundle(filesFor(found.files, configuration), configuration);
  await writeBundleFile(output, new TextEncoder().encode(text));
  for (const warning of warnings) {
    terminal.stderr.write(`podgraft: doubtful: ${warning}\n`);
  }
  terminal.stdout.write(`${output}  ${digest}  ${cases.length} cases passed\n`);
  return exitCodes.ok.code;
};

const filesFor = (files: BundleFiles, configuration: string | undefined): BundleFiles => {
  if (!isSigned(files)) {
    return new Map([...files].filter(([name]) => isBundleFile(name)));
  }
  if (configuration !== undefined) {
    const message =
      'the bundle is signed, and no signature covers a configuration: deploy it as PODGRAFT_CONFIGURATION instead';
    throw new Fault('bundle.unsigned', message);
  }
  return files;
};
