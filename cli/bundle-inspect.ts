// podgraft bundle inspect: shows what is in a bundle, whether it is right or not.
import { Option } from 'commander';
import { isCaseFile } from '../core/bundle/case.ts';
import { decodeJws, SIGNATURES_FILE } from '../core/bundle/jws.ts';
import { type BundleFiles, readManifest } from '../core/bundle/parse-files.ts';
import { readToken } from '../core/bundle/verify.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { digestFiles } from '../runtimes/node/bundle-digest.ts';
import { readBundle } from './bundle-archive.ts';
import { exitCodes } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import type { AddVerb } from './verb.ts';

const formats = ['text', 'json'] as const;

interface Options {
  readonly output: (typeof formats)[number];
}

/** Adds the verb. */
export const addInspect: AddVerb = (program, terminal, act) => {
  program
    .command('inspect <BUNDLE>')
    .summary('show what is in a bundle')
    .description(
      'Shows what is in a bundle, a folder or an archive. Nothing is verified: podgraft bundle verify does that.',
    )
    .addOption(new Option('-o, --output <FORMAT>', 'text, or json.').choices(formats).default('text'))
    .addHelpText(
      'after',
      '\nExamples:\n  podgraft bundle inspect bundle.tar.gz\n  podgraft bundle inspect build/bundle -o json',
    )
    .action(act((bundle: string, options: Options) => inspect(bundle, options, terminal)));
};

const inspect = async (where: string, { output }: Options, { stdout }: Terminal): Promise<number> => {
  const description = describe((await readBundle(where)).files);
  stdout.write(output === 'json' ? `${JSON.stringify(description, null, 2)}\n` : format(description));
  return exitCodes.ok.code;
};

/** What is known of a bundle without verifying it. */
interface Description {
  readonly digest: string;
  readonly revision: string;
  /** The digest of the module that it was made for; empty where the bundle does not say. */
  readonly module: string;
  readonly systems: readonly string[];
  readonly cases: number;
  readonly signature: { readonly algorithm: string; readonly keyId: string; readonly scope: string } | null;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

const describe = (files: BundleFiles): Description => {
  const names = [...files.keys()].sort();
  const manifest = files.has('.manifest') ? readManifest(files) : {};
  const made = objectAt(objectAt(manifest, 'metadata'), 'podgraft');
  const systems = names.flatMap((name) => /^templates\/([^/]+)\//.exec(name)?.[1] ?? []);
  return {
    digest: digestFiles(files),
    revision: textAt(manifest, 'revision'),
    module: textAt(made, 'module'),
    systems: [...new Set(systems)],
    cases: names.filter(isCaseFile).length,
    signature: describeSignature(files),
    files: names.map((name) => ({ name, bytes: files.get(name)?.byteLength ?? 0 })),
  };
};

const describeSignature = (files: BundleFiles): Description['signature'] => {
  const content = files.get(SIGNATURES_FILE);
  if (content === undefined) {
    return null;
  }
  const { header, payload } = decodeJws(readToken(content));
  return {
    algorithm: textAt(header, 'alg'),
    keyId: textAt(header, 'kid') || textAt(payload, 'keyid'),
    scope: textAt(payload, 'scope'),
  };
};

const format = ({ digest, revision, module, systems, cases, signature, files }: Description): string => {
  const rows = [
    ['digest', digest],
    ['revision', revision || 'none'],
    ['module', module || 'not said'],
    ['systems', systems.join(', ') || 'none'],
    ['cases', String(cases)],
    [
      'signature',
      signature === null ? 'none' : `${signature.algorithm} ${signature.keyId || 'by a key without an id'}`,
    ],
    ...(signature === null || signature.scope === '' ? [] : [['scope', signature.scope]]),
  ];
  const width = Math.max(...files.map(({ bytes }) => String(bytes).length), 0);
  return [
    ...rows.map(([name = '', value = '']) => `${name.padEnd(11)}${plain(value)}`),
    '',
    ...files.map(({ name, bytes }) => `${String(bytes).padStart(width)}  ${plain(name)}`),
    '',
  ].join('\n');
};

/** A bundle may come from anyone: nothing in it may steer the terminal. */
const plain = (text: string): string => text.replaceAll(/\p{Cc}/gu, '\ufffd');

const objectAt = (object: JsonObject, key: string): JsonObject => {
  const value = own(object, key);
  return isObject(value) ? value : {};
};

const textAt = (object: JsonObject, key: string): string => {
  const value = own(object, key);
  return typeof value === 'string' ? value : '';
};
