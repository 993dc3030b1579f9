// Reads a bundle from a folder: an OPA bundle with templates, configuration schemas and cases added.
import { type Dirent, type Stats, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Bundle } from '../../core/bundle/bundle.ts';
import { isCaseFile } from '../../core/bundle/case.ts';
import { SIGNATURES_FILE } from '../../core/bundle/jws.ts';
import { type BundleFiles, FIXED_FILES, isBundleFile } from '../../core/bundle/parse-files.ts';
import { isStrayDocument } from '../../core/bundle/stray-document.ts';
import { Fault } from '../../core/errors.ts';
import { digestFiles } from './bundle-digest.ts';
import type { Reading } from './keep-current.ts';
import { openBundle } from './open-bundle.ts';
import { whyUnreadable } from './why-unreadable.ts';

const MOST_FILES = 1000;
const DEEPEST = 8;

/**
 * Reads the files in a folder, in the order of their names.
 *
 * @param which `all` for a signature to be held against; otherwise only what podgraft itself reads
 * @throws {Fault} `bundle.unreadable`, with the file; `bundle.size` for a folder that holds far more than a bundle
 */
export const readFolder = async (folder: string, which: 'all' | 'known' = 'known'): Promise<BundleFiles> => {
  const found = await listFiles(folder, '', DEEPEST);
  // What must be there is read without looking, so that its absence is said.
  const names = new Set([...FIXED_FILES, ...(which === 'all' ? found : found.filter(isKnown))]);
  if (names.size > MOST_FILES) {
    throw new Fault('bundle.size', `the folder holds more than ${MOST_FILES} files`, { at: { file: folder } });
  }
  const sorted = [...names].sort();
  return new Map(
    await Promise.all(sorted.map(async (name) => [name, await readPart(path.join(folder, name))] as const)),
  );
};

const isKnown = (name: string): boolean =>
  isBundleFile(name) || isCaseFile(name) || isStrayDocument(name) || name === SIGNATURES_FILE;

/**
 * Reads the files that a bundle's digest is taken over; whatever else lies in the folder is left out.
 *
 * @throws {Fault} `bundle.unreadable`, with the file
 */
export const readBundleFiles = async (folder: string): Promise<Reading<BundleFiles>> => {
  const files = new Map([...(await readFolder(folder))].filter(([name]) => isBundleFile(name)));
  return { digest: digestFiles(files), content: files };
};

/**
 * Loads the bundle in a folder, whether signed or not.
 *
 * @throws {Fault} `bundle.*`, with the file
 */
export const loadBundle = async (folder: string): Promise<Bundle> => {
  const found = { files: await readFolder(folder), at: (name: string) => path.join(folder, name) };
  return (await openBundle(found)).bundle;
};

/** The folders that hold a bundle's files, the one around it first: a new bundle may be moved over the old one. */
export const bundleFolders = async (folder: string): Promise<readonly string[]> => {
  const below = await Promise.all(
    ['templates', 'schemas', 'cases'].map(async (name) => {
      const entries = await readdir(path.join(folder, name), { withFileTypes: true }).catch(() => undefined);
      const inner = entries?.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, name, entry.name));
      return inner === undefined ? [] : [path.join(folder, name), ...inner];
    }),
  );
  return [path.dirname(path.resolve(folder)), folder, ...below.flat()];
};

const listFiles = async (folder: string, below: string, depth: number): Promise<readonly string[]> => {
  const at = path.join(folder, below);
  const entries = await readdir(at, { withFileTypes: true }).catch((thrown: unknown) => {
    throw unreadable(at, thrown);
  });
  if (entries.length > MOST_FILES || depth === 0) {
    throw new Fault('bundle.size', 'the folder holds more than a bundle does', { at: { file: at } });
  }
  const names = await Promise.all(
    // What a mount keeps its versions in (`..data`) is seen through its links.
    entries
      .filter((entry) => !entry.name.startsWith('..'))
      .map((entry) => {
        const name = below === '' ? entry.name : `${below}/${entry.name}`;
        return resolve(entry, path.join(folder, name)).isDirectory() ? listFiles(folder, name, depth - 1) : [name];
      }),
  );
  return names.flat();
};

const resolve = (entry: Dirent, file: string): Dirent | Stats => {
  if (!entry.isSymbolicLink()) {
    return entry;
  }
  try {
    return statSync(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
};

const readPart = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
};

/** The fault of a file that can't be read. */
export const unreadable = (file: string, thrown: unknown): Fault =>
  new Fault('bundle.unreadable', `the bundle cannot be read (${whyUnreadable(thrown)})`, {
    at: { file },
    cause: thrown,
  });
