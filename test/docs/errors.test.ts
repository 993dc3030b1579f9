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

test.each(codes)('docs/errors.md explains %s', (code) => {
  expect(readFileSync(join(root, 'docs', 'errors.md'), 'utf8')).toContain(`\`${code}\``);
});
