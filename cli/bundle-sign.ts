// podgraft bundle sign: signs every file of a bundle.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { SIGNATURES_FILE } from '../core/bundle/jws.ts';
import type { BundleFiles } from '../core/bundle/parse-files.ts';
import { signBundle } from '../core/bundle/sign.ts';
import { packBundle, readBundle, writeBundleFile } from './bundle-archive.ts';
import { PASSPHRASE, readSigningKey } from './bundle-key.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

/** What signing needs of a command line. */
export interface SigningOptions {
  readonly key?: string;
  readonly keyId?: string;
  readonly scope?: string;
}

interface Options extends SigningOptions {
  readonly output?: string;
}

/** Adds the verb. */
export const addSign: AddVerb = (program, terminal, act) => {
  const command = program
    .command('sign <BUNDLE>')
    .summary('sign every file of a bundle')
    .description(
      'Signs a bundle, a folder or an archive, as OPA does: .signatures.json holds a token over the hashes of all files. ' +
        'A signature that is there is replaced.',
    );
  addSigningOptions(command, { required: true })
    .option('-o, --output <FILE>', 'Where the signed archive goes. Default: in place; into the folder, if it is one.')
    .addHelpText('after', EXAMPLES)
    .action(act((bundle: string, options: Options) => sign(bundle, options, terminal)));
};

/** Adds the options that say what signs. */
export const addSigningOptions = (command: Command, { required }: { readonly required: boolean }): Command => {
  const help = `The secret key, PEM or JWK: RSA signs with RS256, EC on P-256 with ES256. $${PASSPHRASE} opens an encrypted one.`;
  return (required ? command.requiredOption('--key <FILE>', help) : command.option('--key <FILE>', help))
    .option('--key-id <ID>', 'What the signature calls the key. Default: the kid of a JWK, or nothing.')
    .option('--scope <TEXT>', 'What the signature is for; whoever verifies must be told the same.');
};

const EXAMPLES = `
Examples:
  openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out release.key
  openssl pkey -in release.key -pubout -out release.pem
  podgraft bundle sign bundle.tar.gz --key release.key --key-id release`;

const sign = async (where: string, options: Options, terminal: Terminal): Promise<number> => {
  const { files } = await readBundle(where);
  const signed = await signWith(files, options, terminal);
  const { output = where } = options;
  if (options.output === undefined && (await stat(where)).isDirectory()) {
    const file = path.join(where, SIGNATURES_FILE);
    await writeBundleFile(file, signed.get(SIGNATURES_FILE) ?? new Uint8Array());
    terminal.stdout.write(`${file}\n`);
    return exitCodes.ok.code;
  }
  await writeBundleFile(output, packBundle(signed));
  terminal.stdout.write(`${output}\n`);
  return exitCodes.ok.code;
};

/** Signs where a key is given. */
export const signWith = async (
  files: BundleFiles,
  { key, keyId, scope }: SigningOptions,
  { environment }: Pick<Terminal, 'environment'>,
): Promise<BundleFiles> => {
  if (key === undefined) {
    return files;
  }
  const signing = await readSigningKey({ file: key, id: keyId, passphrase: environment[PASSPHRASE] });
  return signBundle(files, { key: signing, claims: { scope } }, crypto.subtle);
};
