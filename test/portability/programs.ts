// Finds the programs of the runtimes among the installed packages, whether or not install scripts have run.
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const modules = path.join(import.meta.dirname, '../../node_modules');
const { platform, arch } = process;

/** The names under which the packages of other platforms are published. */
const DENO = `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}/deno`;
const BUN_PLATFORM = platform === 'win32' ? 'windows' : platform;
const BUN = `@oven/bun-${BUN_PLATFORM}-${arch === 'arm64' ? 'aarch64' : arch}/bin/bun`;

/** The package of the platform, and where the main package's install script puts the program. */
const PLACES = {
  deno: [DENO, 'deno/deno'],
  bun: [BUN, 'bun/bin/bun.exe'],
} as const;

const SUFFIX = platform === 'win32' ? '.exe' : '';

/** Finds the program of a runtime; `undefined` where it is not installed. */
export const findProgram = (name: keyof typeof PLACES): string | undefined => {
  const [ofPlatform, ofPackage] = PLACES[name];
  const places = [`${ofPlatform}${SUFFIX}`, ofPackage].map((place) => path.join(modules, place));
  return places.find((place) => existsSync(place));
};

/** The version of an installed package. */
export const versionOf = (name: string): string =>
  (createRequire(realpathSync(path.join(modules, name, 'package.json')))('./package.json') as { version: string })
    .version;
