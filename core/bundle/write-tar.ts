// Writes the files of a bundle as a tar archive, the same bytes for the same files.
import { Fault } from '../errors.ts';
import type { BundleFiles } from './parse-files.ts';
import { BLOCK, LONGEST_NAME, writeTarHeader } from './tar-header.ts';

/**
 * Writes an archive (ustar), its files in the order of their names, each below `/` as OPA does it.
 *
 * @throws {Fault} `bundle.path` for a name that OPA's own archives would not carry in the plainest format
 */
export const writeTar = (files: BundleFiles): Uint8Array<ArrayBuffer> => {
  const entries = [...files]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, bytes]) => entry(path, bytes));
  const size = entries.reduce((total, { header, room }) => total + header.byteLength + room, 0);
  const archive = new Uint8Array(size + 2 * BLOCK);
  let offset = 0;
  for (const { header, content, room } of entries) {
    archive.set(header, offset);
    archive.set(content, offset + BLOCK);
    offset += BLOCK + room;
  }
  return archive;
};

const entry = (path: string, content: Uint8Array) => {
  const name = `/${path}`;
  if (name.length > LONGEST_NAME || !/^[\x20-\x7e]+$/.test(name)) {
    const message = `the path is longer than ${LONGEST_NAME - 1} characters, or not ASCII`;
    throw new Fault('bundle.path', message, { at: { file: path } });
  }
  const room = Math.ceil(content.byteLength / BLOCK) * BLOCK;
  return { header: writeTarHeader(name, content.byteLength), content, room };
};
