// Where a bundle comes from: a folder, an archive, or an address.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { readArchive } from '../../core/bundle/archive.ts';
import { Fault } from '../../core/errors.ts';
import { digestOf } from './bundle-digest.ts';
import { bundleFolders, readFolder, unreadable } from './bundle-folder.ts';
import { digestParts, type Reading } from './keep-current.ts';
import type { FoundBundle } from './open-bundle.ts';

/** What was read, not yet unpacked: most of the time it is what is served already. */
export interface PackedBundle {
  /** Unpacks it. Throws the fault of an archive that is none. */
  readonly unpack: () => Promise<FoundBundle>;
}

/** A place to read a bundle from. */
export interface BundleSource {
  /**
   * Reads what is there now.
   *
   * @throws {Fault} `bundle.unreadable`, `bundle.size`, `bundle.download`
   */
  readonly read: () => Promise<Reading<PackedBundle>>;
  /** The folders in which a change matters. */
  readonly folders: () => Promise<readonly string[]>;
}

/** What is read of a source. */
export interface SourceOptions {
  /** The most bytes that an archive may have, packed or not. */
  readonly limit: number;
  /** Whether a signature will be held against the files, all of which must then be read. */
  readonly verified: boolean;
}

/** A folder, or an archive on this machine; which of them is looked at each time. */
export const localBundle = (where: string, { limit, verified }: SourceOptions): BundleSource => ({
  read: async () => {
    const { isDirectory, size } = await inspect(where);
    if (isDirectory) {
      const files = await readFolder(where, verified ? 'all' : 'known');
      const found = { files, at: (name: string) => path.join(where, name) };
      return { digest: digestParts([...files]), content: { unpack: async () => found } };
    }
    if (size > limit) {
      throw new Fault('bundle.size', `the archive is larger than ${limit} bytes`, { at: { file: where } });
    }
    return packed(await readBytes(where), { name: where, limit });
  },
  folders: async () =>
    (await inspect(where).catch(() => undefined))?.isDirectory === true
      ? bundleFolders(where)
      : [path.dirname(path.resolve(where))],
});

/** A reading of an archive's bytes. */
export const packed = (
  bytes: Uint8Array<ArrayBuffer>,
  { name, limit }: { readonly name: string; readonly limit: number },
): Reading<PackedBundle> => ({
  digest: digestOf(bytes),
  content: { unpack: () => unpack(bytes, { name, limit }) },
});

const unpack = async (
  bytes: Uint8Array<ArrayBuffer>,
  { name, limit }: { readonly name: string; readonly limit: number },
): Promise<FoundBundle> => {
  try {
    return { files: await readArchive(bytes, { size: limit }), at: (file) => `${name}#${file}` };
  } catch (thrown) {
    throw thrown instanceof Fault
      ? new Fault(thrown.code, thrown.message, { at: { file: name }, cause: thrown })
      : thrown;
  }
};

const inspect = async (where: string) => {
  try {
    const stats = await stat(where);
    return { isDirectory: stats.isDirectory(), size: stats.size };
  } catch (thrown) {
    throw unreadable(where, thrown);
  }
};

const readBytes = async (file: string): Promise<Uint8Array<ArrayBuffer>> => {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
};
