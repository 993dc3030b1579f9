// Reads bundle and configuration file together, and makes an injector of what was read.
import { readFile } from 'node:fs/promises';
import { setImmediate as immediate } from 'node:timers/promises';
import { type Configuration, parseConfiguration } from '../../core/bundle/configuration.ts';
import type { VerifiedSignature } from '../../core/bundle/verify.ts';
import { Fault } from '../../core/errors.ts';
import { createInjector, type Injector } from '../../core/injector.ts';
import type { FindFacts } from '../../core/policy/facts.ts';
import { selfTest } from '../../core/self-test.ts';
import { type KeyFile, type KeyText, parseKeys, readKeyFiles } from './bundle-keys.ts';
import type { BundleSource, PackedBundle } from './bundle-source.ts';
import { digestParts, type Reading } from './keep-current.ts';
import { openBundle } from './open-bundle.ts';
import { foldersOf } from './watch-folders.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** Where the policy comes from. */
export interface PolicySource {
  readonly bundle: BundleSource;
  /** Empty: there is none. */
  readonly configFile: string;
  /** What the bundle is verified with; `undefined`: it is not. */
  readonly signature?: SignaturePolicy | undefined;
}

/** How bundles are verified. */
export interface SignaturePolicy {
  readonly keys: readonly KeyFile[];
  /** Empty: a signature must have none. */
  readonly scope: string;
  /** Whether a bundle without a signature is refused. */
  readonly required: boolean;
}

/** What was read, not yet understood. */
export interface PolicyText {
  readonly bundle: PackedBundle;
  readonly configuration: string | undefined;
  readonly keys: readonly KeyText[];
}

/** A policy that is ready to serve. */
export interface ReadyPolicy {
  readonly injector: Injector;
  readonly configuration: Configuration | undefined;
  /** Whose signature the bundle has; `undefined` where it was not verified. */
  readonly signature: VerifiedSignature | undefined;
}

/** How a policy is made. */
export interface MakeOptions {
  /** The most that the policy may use, in bytes. */
  readonly memory: number;
  /** Whether the bundle must pass its own cases first. */
  readonly selfTest: boolean;
  /** Absent: nothing is known of the world outside. */
  readonly findFacts?: FindFacts | undefined;
}

/** Reads the configuration file; `undefined` where there is none to read. */
export const readConfigText = async (file: string): Promise<string | undefined> => {
  if (file === '') {
    return undefined;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (thrown) {
    throw new Fault('configuration.unreadable', `the file cannot be read (${whyUnreadable(thrown)})`, {
      at: { file },
      cause: thrown,
    });
  }
};

/** Reads everything. */
export const readPolicy = async ({ bundle, configFile, signature }: PolicySource): Promise<Reading<PolicyText>> => {
  const [read, configuration, keys] = await Promise.all([
    bundle.read(),
    readConfigText(configFile),
    readKeyFiles(signature?.keys ?? []),
  ]);
  const digest = digestParts([
    ['bundle', read.digest],
    ['configuration', configuration ?? ''],
    ...keys.map(({ file, text }) => [file, text] as const),
  ]);
  return { digest, content: { bundle: read.content, configuration, keys } };
};

/**
 * Makes an injector, whole or not at all: unpacks the bundle, verifies it, compiles it under the configuration, and has
 * it pass its own cases.
 */
export const makePolicy = async (
  { configFile, signature }: PolicySource,
  text: PolicyText,
  { memory, selfTest: tested, findFacts }: MakeOptions,
): Promise<ReadyPolicy> => {
  const configuration =
    text.configuration === undefined ? undefined : parseConfiguration(text.configuration, configFile);
  const maxMemoryPages = Math.floor(memory / 65_536);
  const required = signature === undefined ? undefined : { ...signature, keys: await parseKeys(text.keys) };
  const opened = await openBundle(await text.bundle.unpack(), required);
  const { bundle, cases } = opened;
  const clock = (): number => performance.now();
  const injector = await createInjector({ bundle, configuration, clock, maxMemoryPages, findFacts });
  if (tested) {
    await selfTest(bundle, cases, { maxMemoryPages, pause: immediate });
  }
  return { injector, configuration, signature: opened.signature };
};

/** The folders in which a change matters. */
export const policyFolders = async ({ bundle, configFile, signature }: PolicySource): Promise<readonly string[]> => {
  const files = [configFile, ...(signature?.keys ?? []).map(({ file }) => file)];
  return [...(await bundle.folders()), ...foldersOf(files)];
};
