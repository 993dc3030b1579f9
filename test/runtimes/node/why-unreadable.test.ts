// Why a file cannot be read is said in words.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { whyUnreadable } from '../../../runtimes/node/why-unreadable.ts';

const readText = async (file: string): Promise<string> =>
  new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));

const here = import.meta.filename;

test.each([
  [path.join(import.meta.dirname, 'nowhere'), 'there is no such file'],
  [path.join(here, 'below'), 'there is no such file: a part of its path is no folder'],
  [import.meta.dirname, 'it is a folder'],
])('%s: %s', async (file, why) => {
  const thrown: unknown = await readText(file).catch((cause: unknown) => cause);
  expect(whyUnreadable(thrown)).toBe(why);
});

test('bytes that are no text, and permissions', () => {
  const decode = (): string => new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff));
  expect(decode).toThrow(expect.toSatisfy((thrown: unknown) => whyUnreadable(thrown) === 'it is not UTF-8'));
  expect(whyUnreadable(Object.assign(new Error('open'), { code: 'EACCES' }))).toBe('its permissions forbid it');
});

test('what has no words is told by its code, or by its message', () => {
  expect(whyUnreadable(Object.assign(new Error('io'), { code: 'EIO' }))).toBe('EIO');
  expect(whyUnreadable(new Error('odd'))).toBe('odd');
});
