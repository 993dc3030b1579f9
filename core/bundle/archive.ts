// Reads a bundle from the archive that servers and registries keep: a tar file, packed with gzip.
import { Fault } from '../errors.ts';
import { gunzip } from './gunzip.ts';
import type { BundleFiles } from './parse-files.ts';
import { readTar } from './read-tar.ts';

/** What an archive may come to. */
export interface ArchiveLimits {
  /** The most bytes, packed or not. */
  readonly size: number;
  /** The most entries; the default is 1,000. */
  readonly entries?: number;
}

const MOST_ENTRIES = 1000;

/** How much a file may shrink by packing. Policies and templates come to a tenth at most; zeros to a thousandth. */
const MOST_RATIO = 100;

/** Below this many bytes the ratio says nothing. */
const SMALL = 1024 * 1024;

/**
 * Reads the files of an archive.
 *
 * @throws {Fault} `bundle.size` where it is too large, packed, unpacked or in the ratio of the two; `bundle.archive`
 *   where it is not whole; `bundle.path` for an entry that does not belong into a bundle
 */
export const readArchive = async (
  bytes: Uint8Array<ArrayBuffer>,
  { size, entries = MOST_ENTRIES }: ArchiveLimits,
): Promise<BundleFiles> => {
  if (bytes.byteLength > size) {
    throw new Fault('bundle.size', `the archive is larger than ${size} bytes`);
  }
  const most = Math.min(size, Math.max(SMALL, bytes.byteLength * MOST_RATIO));
  return readTar(await gunzip(bytes, most), entries);
};
