// Digests by WebCrypto, which every runtime has.
import { type BundleFiles, digestInput, isBundleFile } from '../../core/bundle/parse-files.ts';

/** What stands before the hexadecimal digits of a digest. */
export const PREFIX = 'sha256:';

/** The SHA-256 of each file, in hexadecimal digits. */
export const hashFiles = async (files: BundleFiles): Promise<ReadonlyMap<string, string>> =>
  new Map(await Promise.all([...files].map(async ([name, content]) => [name, await sha256(content)] as const)));

/** The digest of a bundle, from the hashes of its files: of those that decide what it does, as on Node. */
export const digestHashes = async (hashes: ReadonlyMap<string, string>): Promise<string> => {
  const parts = new Map([...hashes].filter(([name]) => isBundleFile(name)));
  return `${PREFIX}${await sha256(new TextEncoder().encode(digestInput(parts)))}`;
};

const sha256 = async (content: Uint8Array): Promise<string> => {
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(content));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
