// podgraft version: says what is running, and with which policy.

import manifest from '../package.json' with { type: 'json' };
import { readBundleFiles } from '../runtimes/node/bundle-folder.ts';
import { defaultBundleFolder } from '../runtimes/node/default-bundle.ts';
import { exitCodes } from './exit-code.ts';
import type { AddVerb } from './verb.ts';

/** The version of podgraft. */
export const version: string = manifest.version;

/** Adds the verb. */
export const addVersion: AddVerb = (program, { stdout }, act) => {
  program
    .command('version')
    .summary('print the versions')
    .description('Prints the version of podgraft, of Node, and the digest of the policy bundle that comes with it.')
    .addHelpText('after', '\nExamples:\n  podgraft version')
    .action(
      act(async () => {
        const digest = await readBundleFiles(defaultBundleFolder()).then(
          (bundle) => bundle.digest,
          () => 'none',
        );
        stdout.write(`podgraft ${version}\nnode ${process.versions.node}\nbundle ${digest}\n`);
        return exitCodes.ok.code;
      }),
    );
};
