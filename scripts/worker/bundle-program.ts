// Bundles a program that needs the core and no runtime of its own into one file.
import { build } from 'esbuild';

/** Bundles; `policy.wasm` stays beside the file, and `node:` modules are left to the runtime. */
export const bundleProgram = async (entry: string, outfile: string): Promise<void> => {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['worker', 'browser'],
    target: 'es2024',
    external: ['node:*', './policy.wasm'],
    logLevel: 'warning',
  });
};
