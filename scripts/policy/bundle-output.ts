// Writes a bundle folder so that no reader ever sees half of one.
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stampManifest } from '../../core/bundle/module-check.ts';
import { toError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { digestOf } from '../../runtimes/node/bundle-digest.ts';
import type { ReactorAnswer } from '../../tools/opa/host.ts';
import type { PolicySources } from './sources.ts';

/** Path in the bundle → content. */
export type BundleFiles = Readonly<Record<string, string | Uint8Array>>;

/** Another process may publish in between; more often than this, something else is wrong. */
const ATTEMPTS = 20;

/** Puts the bundle together: an OPA bundle with templates, configuration schemas and cases added. */
export const assembleBundle = (
  sources: PolicySources,
  { wasm = new Uint8Array(), manifest }: ReactorAnswer,
): BundleFiles => ({
  '.manifest': `${JSON.stringify(stampManifest(isObject(manifest) ? manifest : {}, digestOf(wasm)))}\n`,
  'policy.wasm': wasm,
  'data.json': `${JSON.stringify(sources.data)}\n`,
  ...sources.extras,
});

/** Writes the files to a new folder beside the target, then swaps the two by renaming. */
export const publishBundle = (target: string, files: BundleFiles): void => {
  const fresh = `${target}.${randomUUID()}`;
  for (const [path, content] of Object.entries(files)) {
    const file = join(fresh, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const old = `${fresh}.old`;
  try {
    swap(fresh, { target, old });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    rmSync(old, { recursive: true, force: true });
  }
};

const swap = (fresh: string, { target, old }: { readonly target: string; readonly old: string }): void => {
  for (let attempt = 1; ; attempt++) {
    if (existsSync(target)) {
      renameIfThere(target, `${old}`);
    }
    try {
      renameSync(fresh, target);
      return;
    } catch (thrown) {
      if (attempt === ATTEMPTS || !isOccupied(thrown)) {
        throw thrown;
      }
      rmSync(old, { recursive: true, force: true });
    }
  }
};

const renameIfThere = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch (thrown) {
    if ((toError(thrown) as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw thrown;
    }
  }
};

const isOccupied = (thrown: unknown): boolean =>
  ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((toError(thrown) as NodeJS.ErrnoException).code ?? '');
