// Reads and writes bundles for the command line: folders and archives.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'fflate';
import type { BundleFiles } from '../core/bundle/parse-files.ts';
import { writeTar } from '../core/bundle/write-tar.ts';
import { Fault } from '../core/errors.ts';
import { localBundle } from '../runtimes/node/bundle-source.ts';
import type { FoundBundle } from '../runtimes/node/open-bundle.ts';
import { writeWhole } from './write-whole.ts';

/** The most bytes that an archive may hold, packed or not. */
const LIMIT = 256 * 1024 * 1024;

/**
 * Reads all files of a bundle.
 *
 * @throws {Fault} `bundle.*`
 */
export const readBundle = async (where: string): Promise<FoundBundle> => {
  const { content } = await localBundle(where, { limit: LIMIT, verified: true }).read();
  return content.unpack();
};

/**
 * Packs a bundle: the same bytes for the same files, on every machine and with every version of Node, which brings a
 * packer of its own.
 */
export const packBundle = (files: BundleFiles): Uint8Array => gzipSync(writeTar(files), { level: 9, mtime: 0 });

/**
 * Writes a file of a bundle, whole or not at all, and makes the folders above it.
 *
 * @throws {Fault} `bundle.write`
 */
export const writeBundleFile = async (file: string, content: Uint8Array): Promise<void> => {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeWhole(file, content);
  } catch (thrown) {
    const why = (thrown as NodeJS.ErrnoException).code ?? 'unknown';
    const reason = reasons[why] ?? why;
    throw new Fault('bundle.write', `the bundle cannot be written (${reason})`, { at: { file }, cause: thrown });
  }
};

const reasons: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder',
  EACCES: 'it must not be written',
  EROFS: 'it must not be written',
  ENOSPC: 'there is no space left',
};
