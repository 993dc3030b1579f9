// Builds the bundle where its sources changed: for `npm start`, the tests, the command line and `npm run policies:build`.
import { join } from 'node:path';
import { Fault } from '../../core/errors.ts';
import { assembleBundle, publishBundle } from './bundle-output.ts';
import { withLock } from './lock.ts';
import { displayed, formatProblem } from './report.ts';
import { policiesFolder, readSources } from './sources.ts';
import { digestBundle, digestSources, readStamp, writeStamp } from './stamp.ts';
import { checkStep, compilePolicy } from './steps.ts';
import { createToolchain, type Toolchain } from './toolchain.ts';

/** Which policies, and where to. */
export interface BundleOptions {
  /** A folder of policies; the default is the repository's. */
  readonly folder?: string;
  /** The bundle's folder; the default is `build/bundle`. Its stamp and lock stand beside it. */
  readonly target?: string;
  /** Build also where nothing changed. */
  readonly force?: boolean;
  /** Is told when there is something to build, which takes one or two seconds. */
  readonly onBuild?: () => void;
  /** A toolchain that already runs; it is left open. */
  readonly toolchain?: Toolchain;
}

/** Where the repository's own bundle is built. */
export const bundleFolder = join(import.meta.dirname, '../../build/bundle');

/**
 * Checks and builds the policies if a source, the toolchain or the bundle changed since the last time, and returns
 * the bundle's folder. Two processes may call it at once: one builds, the other waits.
 *
 * @throws {Fault} `policies.invalid` with everything that is wrong, one line each; `policies.*`; `toolchain.*`
 */
export const ensureBundle = async (options: BundleOptions = {}): Promise<string> => {
  const { folder = policiesFolder, target = bundleFolder, force = false } = options;
  const isCurrent = (): boolean => {
    const stamp = readStamp(target);
    return stamp !== undefined && stamp.sources === digestSources(folder) && stamp.bundle === digestBundle(target);
  };
  if (!force && isCurrent()) {
    return target;
  }
  return withLock(`${target}.lock`, async () => {
    if (force || !isCurrent()) {
      options.onBuild?.();
      await buildWith(options.toolchain, { folder, target });
    }
    return target;
  });
};

interface Paths {
  readonly folder: string;
  readonly target: string;
}

const buildWith = async (running: Toolchain | undefined, paths: Paths): Promise<void> => {
  const toolchain = running ?? createToolchain();
  try {
    await buildBundle(toolchain, paths);
  } finally {
    if (running === undefined) {
      await toolchain.close();
    }
  }
};

const buildBundle = async (toolchain: Toolchain, { folder, target }: Paths): Promise<void> => {
  const digest = digestSources(folder); // Before reading: a file saved in between makes the next call build again.
  const sources = readSources(folder);
  const { problems } = await checkStep(toolchain, sources);
  const built = problems.length === 0 ? await compilePolicy(toolchain, sources) : { ok: false, problems };
  if (built.wasm === undefined) {
    const [first] = built.problems ?? [];
    const lines = (built.problems ?? []).map((problem) => formatProblem(displayed(problem, folder)));
    throw new Fault('policies.invalid', `the policies are not valid:\n${lines.join('\n')}`, {
      at: first?.file === undefined ? {} : { file: first.file, line: first.line ?? 1 },
    });
  }
  publishBundle(target, assembleBundle(sources, built));
  writeStamp(target, { sources: digest, bundle: digestBundle(target) ?? '' });
};
