// Builds what the image runs: the server, what it loads only when it is asked to, and the bundle beside them.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { ensureBundle } from './policy/ensure-bundle.ts';

/** Where the build lies unless another folder is named. */
export const nodeBuildFolder = path.join(import.meta.dirname, '../build/node');

/** Some libraries are CommonJS and ask for Node's own modules by `require`, which an ES module lacks. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** Builds the server and copies the bundle, into an empty folder. */
export const buildNode = async (folder: string = nodeBuildFolder): Promise<void> => {
  const bundle = await ensureBundle();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: [{ in: path.join(import.meta.dirname, '../runtimes/node/main.ts'), out: 'podgraft-server' }],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported on demand, such as the client of the Kubernetes API, becomes a file of its own.
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'eof',
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'warning',
  });
  await writeFile(path.join(folder, 'packages.txt'), packagesOf(Object.keys(metafile.inputs)));
  await cp(bundle, path.join(folder, 'bundle'), { recursive: true });
};

/** The packages whose code is in the file, one a line: for those who check licences and advisories. */
const packagesOf = (inputs: readonly string[]): string => {
  const names = inputs.map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? '');
  return `${[...new Set(names)]
    .filter((name) => name !== '')
    .sort()
    .join('\n')}\n`;
};

if (import.meta.main) {
  await buildNode();
}
