// Every relative link of a page leads to a file, and its anchor to a heading there.
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');

const pages = globSync('**/*.md', {
  cwd: ROOT,
  exclude: (name) => /^(node_modules|build|\..+)$/.test(path.basename(name)),
}).sort();

/** The page without its blocks of code, whose lines stay as empty ones. */
const proseOf = (page: string): string =>
  readFileSync(path.join(ROOT, page), 'utf8').replace(/^ *```[\s\S]*?^ *```/gm, (block) =>
    block.replace(/[^\n]+/g, ''),
  );

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const linksOf = (page: string): readonly string[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter((link) => !/^\w+:/.test(link));

const isBroken = (page: string, link: string): boolean => {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : path.join(path.dirname(page), file);
  return !existsSync(path.join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
};

test('pages and links are found', () => {
  expect(pages).toContain('README.md');
  expect(linksOf('README.md')).toContain('docs/policies.md');
  expect(isBroken('README.md', 'docs/nowhere.md')).toBe(true);
  expect(isBroken('README.md', 'docs/edge.md#nowhere')).toBe(true);
});

test.each(pages)('%s', (page) => {
  expect(linksOf(page).filter((link) => isBroken(page, link))).toEqual([]);
});
