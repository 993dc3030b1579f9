import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

const sources = ['core', 'runtimes', 'cli', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, folder, file)),
);

/** The codes that stand right behind the place where a fault is made. */
const FAULT = /(?:Fault|unreadable|invalid|refuse)\(\s*'([a-z]+\.[a-z-]+)'/g;

const codes = [
  ...new Set(sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(FAULT)].map(([, code]) => code))),
];

test('some codes are found at all', () => {
  expect(codes.length).toBeGreaterThan(30);
});

const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8');
const explained = [...page.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, cell = '']) =>
  [...cell.matchAll(/`([a-z]+\.[a-z_-]+)`/g)].map(([, code = '']) => code),
);
const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');

// Some are put together of the area and what is wrong in it: `${area}.yaml`.
test.each(explained)('%s, which docs/errors.md explains, is there', (code) => {
  expect([`'${code}'`, `.${code.split('.')[1]}\``].some((written) => text.includes(written))).toBe(true);
});

test.each(codes)('docs/errors.md explains %s', (code) => {
  expect(page).toContain(`\`${code}\``);
});
