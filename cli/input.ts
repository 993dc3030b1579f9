// Reads a file, or standard input, as text.
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { Fault } from '../core/errors.ts';
import { whyUnreadable } from '../runtimes/node/why-unreadable.ts';
import type { Terminal } from './terminal.ts';

/** How `-` is named in messages. */
const STDIN = '<stdin>';

/** A text with the name that messages call it by. */
export interface Input {
  readonly text: string;
  readonly file: string;
}

/**
 * Reads a file, or standard input for `-`. A byte order mark stays in the text.
 *
 * @throws {Fault} `input.unreadable`, `input.encoding` with the line, `input.empty`
 */
export const readInput = async (file: string, terminal: Pick<Terminal, 'readStdin'>): Promise<Input> => {
  const name = file === '-' ? STDIN : file;
  const bytes = file === '-' ? await terminal.readStdin() : await readBytes(file);
  if (!isUtf8(bytes)) {
    throw notUtf8(bytes, name);
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  if (text.trim() === '') {
    throw new Fault('input.empty', 'there is nothing in it', { at: { file: name } });
  }
  return { text, file: name };
};

const readBytes = async (file: string): Promise<Uint8Array> => {
  try {
    return await readFile(file);
  } catch (thrown) {
    throw new Fault('input.unreadable', `it cannot be read (${whyUnreadable(thrown)})`, {
      at: { file },
      cause: thrown,
    });
  }
};

const notUtf8 = (bytes: Uint8Array, file: string): Fault => {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end !== -1 && isUtf8(bytes.subarray(start, end)); end = bytes.indexOf(10, start)) {
    line += 1;
    start = end + 1;
  }
  const message = isWide ? 'it is UTF-16; save it as UTF-8' : 'it is not UTF-8';
  return new Fault('input.encoding', message, { at: { file, line } });
};
