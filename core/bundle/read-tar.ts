// Reads the files of a tar archive, and refuses whatever a bundle has no use for.
import { Fault } from '../errors.ts';
import type { BundleFiles } from './parse-files.ts';
import { readPath } from './path.ts';
import { BLOCK, decodeName, readTarHeader, type TarHeader } from './tar-header.ts';

/** What an entry may be. Links and devices are refused: a bundle is data. */
const TYPES = { file: '0', folder: '5', extended: 'x', global: 'g' } as const;

/** The folder around everything, as tar writes it for `.`. */
const ROOT = /^(?:\.|\.\/|\/)$/;

const quote = (text: string): string => JSON.stringify(text.slice(0, 100));

/** Says more of the next entry than a header can: a long name, a fine time. */
type Extension = ReadonlyMap<string, string>;

/**
 * Reads an archive: the formats ustar, pax and GNU, as OPA, Go and tar write them.
 *
 * @param limit the most entries
 * @throws {Fault} `bundle.archive`, `bundle.path`, `bundle.size`
 */
export const readTar = (bytes: Uint8Array<ArrayBuffer>, limit: number): BundleFiles => {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let extension: Extension = new Map();
  let entries = 0;
  let offset = 0;
  for (let block = blockAt(bytes, offset); !isBlank(block); block = blockAt(bytes, offset)) {
    entries += 1;
    if (entries > limit) {
      throw new Fault('bundle.size', `the archive holds more than ${limit} entries`);
    }
    const header = readTarHeader(block);
    const content = contentAt(bytes, offset + BLOCK, header.size);
    offset += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
    if (header.type === TYPES.extended) {
      extension = readExtension(content);
      continue;
    }
    if (header.type !== TYPES.global) {
      addEntry(files, nameEntry(header, extension), content);
      extension = new Map();
    }
  }
  if (!isBlank(bytes.subarray(offset))) {
    throw damaged('something stands behind its end');
  }
  return files;
};

const blockAt = (bytes: Uint8Array, offset: number): Uint8Array => {
  if (offset + BLOCK > bytes.byteLength) {
    throw damaged('it breaks off');
  }
  return bytes.subarray(offset, offset + BLOCK);
};

const contentAt = (bytes: Uint8Array<ArrayBuffer>, offset: number, size: number): Uint8Array<ArrayBuffer> => {
  if (offset + size > bytes.byteLength) {
    throw damaged('it breaks off within a file');
  }
  return bytes.slice(offset, offset + size);
};

const isBlank = (block: Uint8Array): boolean => block.every((byte) => byte === 0);

const nameEntry = (header: TarHeader, extension: Extension): TarHeader => ({
  ...header,
  name: extension.get('path') ?? header.name,
});

const addEntry = (files: Map<string, Uint8Array>, { name, type }: TarHeader, content: Uint8Array): void => {
  if (type === TYPES.folder && ROOT.test(name)) {
    return;
  }
  const path = readPath(type === TYPES.folder ? name.replace(/\/$/, '') : name);
  if (path === undefined) {
    throw new Fault('bundle.path', `${quote(name)} is no path of a file within a bundle`);
  }
  if (type === TYPES.folder) {
    return;
  }
  if (type !== TYPES.file) {
    throw new Fault('bundle.path', `${quote(name)} is an entry of type ${quote(type)}; a bundle holds plain files`);
  }
  if (files.has(path)) {
    throw new Fault('bundle.path', `${quote(path)} is in the archive twice`);
  }
  files.set(path, content);
};

/** Records are `LENGTH KEY=VALUE\n`; the length counts all of that. */
const readExtension = (content: Uint8Array): Extension => {
  const records = new Map<string, string>();
  let offset = 0;
  while (offset < content.byteLength) {
    const blank = content.indexOf(0x20, offset);
    const digits = blank === -1 ? '' : decodeName(content.subarray(offset, blank));
    const length = /^\d+$/.test(digits) ? Number(digits) : 0;
    const record = content.subarray(blank + 1, offset + length);
    const equals = record.indexOf(0x3d);
    if (!(length > 0 && offset + length <= content.byteLength) || equals === -1 || record.at(-1) !== 0x0a) {
      throw damaged('an extended header is malformed');
    }
    const key = decodeName(record.subarray(0, equals));
    if (/^(?:size|linkpath|GNU\.sparse\..*)$/.test(key)) {
      throw damaged(`an extended header gives "${key}", which no file of a bundle needs`);
    }
    records.set(key, decodeName(record.subarray(equals + 1, -1)));
    offset += length;
  }
  return records;
};

const damaged = (why: string): Fault => new Fault('bundle.archive', `the archive is damaged: ${why}`);
