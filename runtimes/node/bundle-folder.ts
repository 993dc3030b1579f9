// Reads a bundle from a folder: an OPA bundle with templates and configuration schemas added.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../../core/bundle/bundle.ts';
import {
  type BundleFiles,
  digestInput,
  FIXED_FILES,
  isBundleFile,
  MODULE_FILE,
  parseBundleFiles,
} from '../../core/bundle/parse-files.ts';
import { Fault, toError } from '../../core/errors.ts';
import type { Reading } from './keep-current.ts';

/**
 * Reads the files that make up a bundle, in the order of their names; whatever else lies in the folder is not looked at.
 *
 * @throws {Fault} `bundle.unreadable`, with the file
 */
export const readBundleFiles = async (folder: string): Promise<Reading<BundleFiles>> => {
  const templates = await namesBelow(folder, 'templates', 2);
  const schemas = await namesBelow(folder, 'schemas', 1).catch(noneIfMissing);
  const names = [...FIXED_FILES, ...[...templates, ...schemas].filter(isBundleFile)];
  const parts = await Promise.all(names.map(async (name) => [name, await readPart(path.join(folder, name))] as const));
  const files = new Map(parts);
  return { digest: digestFiles(files), content: files };
};

/** Digests the files of a bundle. */
export const digestFiles = (files: BundleFiles): string =>
  `sha256:${sha256(digestInput(new Map([...files].map(([name, content]) => [name, sha256(content)]))))}`;

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * Loads the bundle in a folder.
 *
 * @throws {Fault} `bundle.unreadable` or `bundle.invalid`, with the file
 */
export const loadBundle = async (folder: string): Promise<Bundle> =>
  createBundle(await readBundleFiles(folder), folder);

/** The folders that hold a bundle's files, the one around it first: a new bundle may be moved over the old one. */
export const bundleFolders = async (folder: string): Promise<readonly string[]> => {
  const systems = await readdir(path.join(folder, 'templates')).catch(() => []);
  const below = ['templates', 'schemas', ...systems.map((system) => path.join('templates', system))];
  return [path.dirname(path.resolve(folder)), folder, ...below.map((name) => path.join(folder, name))];
};

/**
 * Makes a bundle of its files.
 *
 * @param digest the digest of the files
 * @throws {Fault} `bundle.invalid`, with the file, and line and column where they are known
 */
export const createBundle = async ({ digest, content }: Reading<BundleFiles>, folder: string): Promise<Bundle> => {
  const at = (name: string): string => path.join(folder, name);
  const module = await compile(content.get(MODULE_FILE), at(MODULE_FILE));
  return parseBundleFiles(content, { digest, module, at });
};

/** A system may do without a schema for its configuration, so a bundle may do without the folder. */
const noneIfMissing = (thrown: unknown): readonly string[] => {
  if (thrown instanceof Fault && (thrown.cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return [];
  }
  throw thrown;
};

const namesBelow = async (folder: string, below: string, depth: number): Promise<readonly string[]> => {
  const entries = await readdir(path.join(folder, below), { withFileTypes: true }).catch((thrown: unknown) => {
    throw unreadable(path.join(folder, below), thrown);
  });
  const names = await Promise.all(
    entries.map((entry) =>
      entry.isDirectory() && depth > 1
        ? namesBelow(folder, `${below}/${entry.name}`, depth - 1)
        : [`${below}/${entry.name}`],
    ),
  );
  return names.flat().sort();
};

const readPart = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
};

const unreadable = (file: string, thrown: unknown): Fault => {
  const code = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
  return new Fault('bundle.unreadable', `the bundle cannot be read (${code})`, { at: { file }, cause: thrown });
};

const compile = async (bytes: Uint8Array | undefined, file: string): Promise<WebAssembly.Module> => {
  try {
    return await WebAssembly.compile(new Uint8Array(bytes ?? []));
  } catch (thrown) {
    throw new Fault('bundle.invalid', `the file is no WebAssembly module: ${toError(thrown).message}`, {
      at: { file },
    });
  }
};
