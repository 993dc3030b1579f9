// The header that stands before each entry of a tar archive.
import { Fault } from '../errors.ts';

/** An archive is a row of blocks of this many bytes. */
export const BLOCK = 512;

/** Where the fields of a header are, and how long: [POSIX](https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06). */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  owner: [108, 8],
  group: [116, 8],
  size: [124, 12],
  time: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

/** An entry as its header describes it. */
export interface TarHeader {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** One character; `0` is a file. */
  readonly type: string;
}

const POSIX_MAGIC = 'ustar\u000000';
const CHECKSUM_BLANK = 32;

/**
 * Reads a header.
 *
 * @throws {Fault} `bundle.archive`
 */
export const readTarHeader = (block: Uint8Array): TarHeader => {
  const checksum = readOctal(block, 'checksum');
  if (checksum === undefined || checksum !== sum(block)) {
    throw damaged('a header in it has a wrong checksum');
  }
  const size = readOctal(block, 'size');
  if (size === undefined) {
    throw damaged('a header in it has no readable size');
  }
  const name = readText(block, 'name');
  const prefix = readField(block, 'magic') === POSIX_MAGIC ? readText(block, 'prefix') : '';
  const type = readField(block, 'type');
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: type === '\0' ? '0' : type };
};

/** Writes the header of a file: readable by all, of nobody, from the beginning of time. The name is ASCII. */
export const writeTarHeader = (name: string, size: number): Uint8Array => {
  const block = new Uint8Array(BLOCK);
  const write = (field: keyof typeof FIELDS, text: string): void =>
    block.set(new TextEncoder().encode(text), FIELDS[field][0]);
  const octal = (field: keyof typeof FIELDS, value: number): void =>
    write(field, value.toString(8).padStart(FIELDS[field][1] - 1, '0'));
  write('name', name);
  octal('mode', 0o644);
  octal('owner', 0);
  octal('group', 0);
  octal('size', size);
  octal('time', 0);
  write('type', '0');
  write('magic', POSIX_MAGIC);
  write('checksum', `${sum(block).toString(8).padStart(6, '0')}\0 `);
  return block;
};

/** The longest name that {@link writeTarHeader} has room for, in bytes. */
export const LONGEST_NAME = FIELDS.name[1];

/** The sum of a header's bytes, its checksum counted as blanks. */
const sum = (block: Uint8Array): number => {
  const [start, length] = FIELDS.checksum;
  return block.reduce(
    (total, byte, index) => total + (index >= start && index < start + length ? CHECKSUM_BLANK : byte),
    0,
  );
};

/** The bytes of a field, one character each. */
const readField = (block: Uint8Array, field: keyof typeof FIELDS): string => {
  const [start, length] = FIELDS[field];
  return String.fromCharCode(...block.subarray(start, start + length));
};

/** A text ends at the first NUL, or with its field. */
const readText = (block: Uint8Array, field: 'name' | 'prefix'): string => {
  const [start, length] = FIELDS[field];
  const bytes = block.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return decodeName(end === -1 ? bytes : bytes.subarray(0, end));
};

/** Reads a name; `bundle.path` where it is no UTF-8. */
export const decodeName = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('bundle.path', 'a file of the archive has a name that is not UTF-8');
  }
};

const readOctal = (block: Uint8Array, field: 'checksum' | 'size'): number | undefined => {
  const digits = /^ *([0-7]+)[ \0]*$/.exec(readField(block, field))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 8);
};

const damaged = (why: string): Fault => new Fault('bundle.archive', `the archive is damaged: ${why}`);
