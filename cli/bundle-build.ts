// podgraft bundle build: makes an archive of policies, templates and cases.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIGNATURES_FILE } from '../core/bundle/jws.ts';
import { stampManifest } from '../core/bundle/module-check.ts';
import { type BundleFiles, FIXED_FILES, MODULE_FILE, readManifest } from '../core/bundle/parse-files.ts';
import { Fault } from '../core/errors.ts';
import { createInjector } from '../core/injector.ts';
import { selfTest } from '../core/self-test.ts';
import { digestOf } from '../runtimes/node/bundle-digest.ts';
import { openBundle } from '../runtimes/node/open-bundle.ts';
import { packBundle, readBundle, writeBundleFile } from './bundle-archive.ts';
import { addSigningOptions, type SigningOptions, signWith } from './bundle-sign.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

interface Options extends SigningOptions {
  readonly output: string;
  readonly revision?: string;
}

/** Adds the verb. */
export const addBuild: AddVerb = (program, terminal, act) => {
  const command = program
    .command('build [FOLDER]')
    .summary('make an archive of policies, templates and cases')
    .description(
      'Compiles a folder of policies (Rego, templates, configuration, cases; default: policies) to a bundle, has it pass ' +
        'its own cases, and packs it: the same bytes for the same sources. A folder that holds a compiled bundle, with ' +
        'policy.wasm and .manifest, is packed as it is.',
    )
    .option('-o, --output <FILE>', 'Where the archive goes.', 'bundle.tar.gz')
    .option('--revision <TEXT>', 'What the bundle calls itself, such as a version or a commit.');
  addSigningOptions(command, { required: false })
    .addHelpText('after', EXAMPLES)
    .action(act((folder: string | undefined, options: Options) => build(folder ?? 'policies', options, terminal)));
};

const EXAMPLES = `
Examples:
  podgraft bundle build -o bundle.tar.gz --revision v1.2.3
  podgraft bundle build ./our-policies --key release.key --key-id release
  podgraft serve --bundle bundle.tar.gz --bundle-keys release.pem`;

const build = async (folder: string, options: Options, terminal: Terminal): Promise<number> => {
  const files = stamp(await compile(folder, terminal), options.revision);
  const { bundle, cases } = await openBundle({ files, at: (name) => name });
  const { digest } = await createInjector({ bundle });
  await selfTest(bundle, cases);
  const archive = packBundle(await signWith(files, options, terminal));
  await writeBundleFile(options.output, archive);
  const { length } = archive;
  terminal.stdout.write(`${options.output}  ${length} bytes  ${digest}  ${cases.length} cases passed\n`);
  return exitCodes.ok.code;
};

/** The files of the bundle, whatever signature they had. */
const compile = async (folder: string, terminal: Terminal): Promise<BundleFiles> => {
  if (existsSync(path.join(folder, MODULE_FILE)) && existsSync(path.join(folder, FIXED_FILES[0]))) {
    return unsigned(folder);
  }
  const builder = new URL('../scripts/policy/ensure-bundle.ts', import.meta.url);
  if (!existsSync(fileURLToPath(builder))) {
    throw new Fault('bundle.toolchain', 'this podgraft comes without the compiler: build in its repository');
  }
  const { ensureBundle } = (await import(builder.href)) as typeof import('../scripts/policy/ensure-bundle.ts');
  const scratch = await mkdtemp(path.join(tmpdir(), 'podgraft-bundle-'));
  try {
    terminal.stderr.write(`podgraft: compiling ${folder}\n`);
    return await unsigned(await ensureBundle({ folder: path.resolve(folder), target: path.join(scratch, 'bundle') }));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

const unsigned = async (folder: string): Promise<BundleFiles> =>
  new Map([...(await readBundle(folder)).files].filter(([name]) => name !== SIGNATURES_FILE));

const stamp = (files: BundleFiles, revision: string | undefined): BundleFiles => {
  const manifest = { ...readManifest(files), ...(revision === undefined ? {} : { revision }) };
  const stamped = stampManifest(manifest, digestOf(files.get(MODULE_FILE) ?? ''));
  return new Map([...files, [FIXED_FILES[0], new TextEncoder().encode(`${JSON.stringify(stamped)}\n`)]]);
};
