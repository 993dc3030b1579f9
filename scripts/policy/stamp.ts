// The stamp: from which sources a bundle was built, so that building again can be left out.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { reactorFolder, readDigests } from './reactor.ts';
import { listFiles } from './read-source.ts';
import { isTest } from './sources.ts';

/** Digests of what a bundle was built from, and of the bundle itself. */
export interface Stamp {
  readonly sources: string;
  readonly bundle: string;
}

const root = join(import.meta.dirname, '../..');

/** Code that decides what a bundle looks like. */
const TOOL_FILES = [
  ...readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(import.meta.dirname, name)),
  join(reactorFolder, 'host.ts'),
  join(root, 'core/template/parse.ts'),
  join(root, 'policies/capabilities.json'),
].sort();

/** Digests everything that a bundle depends on; tests and pages are no part of it. */
export const digestSources = (folder: string): string => {
  const paths = listFiles(folder).filter((path) => !isTest(path) && !path.endsWith('.md'));
  return digest([
    ['reactor', readDigests().raw],
    ...TOOL_FILES.map((file) => [relative(root, file), readFileSync(file)] as const),
    ...paths.map((path) => [path, readFileSync(join(folder, path))] as const),
  ]);
};

/** Digests a bundle folder; one that isn't there has no digest. */
export const digestBundle = (folder: string): string | undefined => {
  if (!existsSync(join(folder, '.manifest'))) {
    return undefined;
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return digest(paths.map((path) => [relative(folder, path), readFileSync(path)]));
};

const digest = (entries: readonly (readonly [string, string | Uint8Array])[]): string => {
  const hash = createHash('sha256');
  for (const [name, content] of entries) {
    // Lengths keep two different lists from running together to the same bytes.
    hash.update(`${name.length} ${name} ${content.length} `).update(content);
  }
  return `sha256:${hash.digest('hex')}`;
};

const stampFile = (folder: string): string => `${folder}.stamp.json`;

/** Reads a bundle folder's stamp; none where it is missing or unreadable. */
export const readStamp = (folder: string): Stamp | undefined => {
  try {
    return JSON.parse(readFileSync(stampFile(folder), 'utf8'));
  } catch {
    return undefined;
  }
};

/** Writes a bundle folder's stamp, whole or not at all. */
export const writeStamp = (folder: string, stamp: Stamp): void => {
  const fresh = `${stampFile(folder)}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(stamp)}\n`);
  renameSync(fresh, stampFile(folder));
};
