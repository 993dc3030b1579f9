// podgraft bundle verify: says whether a webhook would serve a bundle.
import { Option } from 'commander';
import { createInjector } from '../core/injector.ts';
import { selfTest } from '../core/self-test.ts';
import { openBundle } from '../runtimes/node/open-bundle.ts';
import { readBundle } from './bundle-archive.ts';
import { readPublicKeys } from './bundle-key.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

interface Options {
  readonly key: readonly string[];
  readonly scope?: string;
}

/** Adds the verb. */
export const addVerify: AddVerb = (program, terminal, act) => {
  program
    .command('verify <BUNDLE>')
    .summary('say whether a webhook would serve a bundle')
    .description(
      'Does with a bundle, a folder or an archive, what a webhook does before it serves it: verifies its signature and ' +
        'every file, compiles policy and templates, and has it pass its own cases.',
    )
    .addOption(
      new Option('--key <FILE>', 'A public key, PEM or JWK; ID=FILE where signatures must name it so. Repeatable.')
        .argParser((text: string, before: readonly string[] = []) => [...before, text])
        .makeOptionMandatory(),
    )
    .option('--scope <TEXT>', 'What the scope of the signature must be. Default: none.')
    .addHelpText('after', EXAMPLES)
    .action(act((bundle: string, options: Options) => verify(bundle, options, terminal)));
};

const EXAMPLES = `
Examples:
  podgraft bundle verify bundle.tar.gz --key release.pem
  podgraft bundle verify bundle.tar.gz --key release=release.pem --key next=next.pem

Exit code 1 where the bundle is refused; the code in parentheses says why.`;

const verify = async (where: string, { key, scope }: Options, { stdout }: Terminal): Promise<number> => {
  const required = { keys: await readPublicKeys(key), scope, required: true };
  const { bundle, cases, signature } = await openBundle(await readBundle(where), required);
  const { digest, warnings } = await createInjector({ bundle });
  await selfTest(bundle, cases);
  const signedBy = [signature?.algorithm, signature?.keyId].filter((text) => text !== undefined && text !== '');
  const lines = [
    `bundle  ${digest}`,
    `signed  ${signedBy.join(' ')}`,
    `cases   ${cases.length} passed`,
    ...warnings.map((warning) => `doubt   ${warning}`),
  ];
  stdout.write(`${lines.join('\n')}\n`);
  return exitCodes.ok.code;
};
