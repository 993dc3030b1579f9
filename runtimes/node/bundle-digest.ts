// Digests files with Node's own hashes.
import { createHash } from 'node:crypto';
import { type BundleFiles, digestInput, isBundleFile } from '../../core/bundle/parse-files.ts';

/** Digests the files of a bundle: those that decide what it does. The digest is the same in a folder and an archive. */
export const digestFiles = (files: BundleFiles): string => {
  const parts = [...files].filter(([name]) => isBundleFile(name));
  return `sha256:${hash(digestInput(new Map(parts.map(([name, content]) => [name, hash(content)]))))}`;
};

/** `sha256:` and the hexadecimal digits of a content's hash. */
export const digestOf = (content: string | Uint8Array): string => `sha256:${hash(content)}`;

const hash = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
