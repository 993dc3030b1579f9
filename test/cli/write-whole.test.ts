// Files that are written whole or not at all.
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeWhole } from '../../cli/write-whole.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'podgraft-write-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a new file', async () => {
  const file = path.join(folder, 'new', 'file');
  mkdirSync(path.dirname(file));
  await writeWhole(file, 'a');
  expect(readFileSync(file, 'utf8')).toBe('a');
  expect(readdirSync(path.dirname(file))).toEqual(['file']);
});

test('a link stays one, and a file keeps its mode', async () => {
  const [file, link] = [path.join(folder, 'file'), path.join(folder, 'link')];
  writeFileSync(file, 'old', { mode: 0o600 });
  symlinkSync(file, link);
  await writeWhole(link, 'new');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a device is written into, not replaced', async () => {
  const link = path.join(folder, 'null');
  symlinkSync('/dev/null', link);
  await writeWhole(link, 'gone');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('nothing is left behind where it cannot be', async () => {
  const taken = path.join(folder, 'taken');
  mkdirSync(path.join(taken, 'full'), { recursive: true });
  await expect(writeWhole(taken, 'x')).rejects.toThrow('EISDIR');
  expect(readdirSync(folder).filter((name) => name.startsWith('taken'))).toEqual(['taken']);
});
