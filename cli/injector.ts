// Loads the injector that verbs call: the bundle, built first where it comes from the sources beside it, and a configuration.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Injector } from '../core/injector.ts';
import type { FindFacts } from '../core/policy/facts.ts';
import { localBundle } from '../runtimes/node/bundle-source.ts';
import { defaultBundleFolder } from '../runtimes/node/default-bundle.ts';
import { makePolicy, readPolicy } from '../runtimes/node/policy-source.ts';
import type { Terminal } from './terminal.ts';

/** Where policy and configuration come from; empty texts stand for the defaults. */
export interface InjectorSource {
  readonly bundle: string;
  readonly config: string;
}

/** The most memory that the policy may use, in bytes. */
const MEMORY = 256 * 1024 * 1024;

/** The most bytes that an archive may hold. */
const LIMIT = 64 * 1024 * 1024;

/** Loads an injector. Throws the fault of whatever is wrong. */
export const loadInjector = async (
  source: InjectorSource,
  terminal: Pick<Terminal, 'stderr'>,
  findFacts?: FindFacts,
): Promise<Injector> => {
  const where = source.bundle === '' ? await currentBundle(terminal) : source.bundle;
  const files = { bundle: localBundle(where, { limit: LIMIT, verified: false }), configFile: source.config };
  const { content } = await readPolicy(files);
  const { injector } = await makePolicy(files, content, { memory: MEMORY, selfTest: false, findFacts });
  return injector;
};

/** The folder of the bundle that comes with podgraft; in the source tree it is built where the policies changed. */
export const currentBundle = async ({ stderr }: Pick<Terminal, 'stderr'>): Promise<string> => {
  const builder = new URL('../scripts/policy/ensure-bundle.ts', import.meta.url);
  if (!existsSync(fileURLToPath(builder))) {
    return defaultBundleFolder();
  }
  const { ensureBundle } = (await import(builder.href)) as typeof import('../scripts/policy/ensure-bundle.ts');
  return ensureBundle({ onBuild: () => void stderr.write('podgraft: building the policy bundle\n') });
};
