// Reads bundle and configuration file together, and makes an injector of what was read.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Configuration, parseConfiguration } from '../../core/bundle/configuration.ts';
import type { BundleFiles } from '../../core/bundle/parse-files.ts';
import { Fault } from '../../core/errors.ts';
import { createInjector, type Injector } from '../../core/injector.ts';
import type { FindFacts } from '../../core/policy/facts.ts';
import { bundleFolders, createBundle, readBundleFiles } from './bundle-folder.ts';
import { digestParts, type Reading } from './keep-current.ts';

/** Where the policy comes from. */
export interface PolicySource {
  readonly bundleFolder: string;
  /** Empty: there is none. */
  readonly configFile: string;
}

/** What was read, not yet understood. */
export interface PolicyText {
  readonly bundle: Reading<BundleFiles>;
  readonly configuration: string | undefined;
}

/** A policy that is ready to serve. */
export interface ReadyPolicy {
  readonly injector: Injector;
  readonly configuration: Configuration | undefined;
}

/** Reads the configuration file; `undefined` where there is none to read. */
export const readConfigText = async (file: string): Promise<string | undefined> => {
  if (file === '') {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code ?? 'no UTF-8';
    throw new Fault('configuration.unreadable', `the file cannot be read (${why})`, { at: { file }, cause: thrown });
  }
};

/** Reads everything. */
export const readPolicy = async ({ bundleFolder, configFile }: PolicySource): Promise<Reading<PolicyText>> => {
  const [bundle, configuration] = await Promise.all([readBundleFiles(bundleFolder), readConfigText(configFile)]);
  const digest = digestParts([
    ['bundle', bundle.digest],
    ['configuration', configuration ?? ''],
  ]);
  return { digest, content: { bundle, configuration } };
};

/** Makes an injector, whole or not at all. */
export const makePolicy = async (
  source: PolicySource,
  text: PolicyText,
  options: { readonly memory: number; readonly findFacts?: FindFacts },
): Promise<ReadyPolicy> => {
  const configuration =
    text.configuration === undefined ? undefined : parseConfiguration(text.configuration, source.configFile);
  const injector = await createInjector({
    bundle: await createBundle(text.bundle, source.bundleFolder),
    configuration,
    clock: () => performance.now(),
    maxMemoryPages: Math.floor(options.memory / 65_536),
    findFacts: options.findFacts,
  });
  return { injector, configuration };
};

/** The folders in which a change matters. */
export const policyFolders = async ({ bundleFolder, configFile }: PolicySource): Promise<readonly string[]> => [
  ...(await bundleFolders(bundleFolder)),
  ...(configFile === '' ? [] : [path.dirname(path.resolve(configFile))]),
];
