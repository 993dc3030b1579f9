// Bundles for tests: the one under test, changed so that its answers tell which one made them, packed and signed.
import { generateKeyPairSync } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { importJwk } from '../../../core/bundle/jws.ts';
import type { BundleFiles } from '../../../core/bundle/parse-files.ts';
import { type SigningKey, signBundle } from '../../../core/bundle/sign.ts';
import { writeTar } from '../../../core/bundle/write-tar.ts';
import type { JsonObject } from '../../../core/index.ts';
import { digestFiles } from '../../../runtimes/node/bundle-digest.ts';
import { readFolder } from '../../../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { scratchFolder } from './scratch-folder.ts';

/** The image of the Vault agent in the bundle under test; a variant's has its name behind that. */
const IMAGE = 'hashicorp/vault:2.0.4';

/** A bundle of its own, which injects an image of its own. */
export interface Variant {
  readonly files: BundleFiles;
  readonly digest: string;
  readonly image: string;
}

/** Makes a variant: data and cases name another image. */
export const makeVariant = async (name: string): Promise<Variant> => {
  const image = `${IMAGE}-${name}`;
  const change = (content: Uint8Array): Uint8Array =>
    new TextEncoder().encode(new TextDecoder().decode(content).replaceAll(IMAGE, image));
  const files = new Map(
    [...(await readFolder(await ensureBundle()))].map(([file, content]) => [
      file,
      file === 'data.json' || file.startsWith('cases/') ? change(content) : content,
    ]),
  );
  return { files, digest: digestFiles(files), image };
};

/** The same files with one changed, added, or (without a content) taken away. */
export const changed = (files: BundleFiles, file: string, content?: string | Uint8Array): BundleFiles => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const others = [...files].filter(([name]) => name !== file);
  return new Map(bytes === undefined ? others : [...others, [file, bytes]]);
};

/** A key to sign with, and a file with the one to verify with. */
export interface ReleaseKey {
  readonly signing: SigningKey;
  readonly pem: string;
  readonly file: string;
}

/** Makes a key for ES256. */
export const makeReleaseKey = async (id = ''): Promise<ReleaseKey> => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' }) as JsonObject;
  const key = await importJwk(jwk, { algorithm: 'ES256', usage: 'sign' }, crypto.subtle);
  const pem = publicKey.export({ format: 'pem', type: 'spki' }) as string;
  const file = path.join(await scratchFolder(), 'release.pem');
  await writeFile(file, pem);
  return { signing: { id, algorithm: 'ES256', key }, pem, file };
};

/** Signs files. */
export const signed = (files: BundleFiles, key: ReleaseKey): Promise<BundleFiles> =>
  signBundle(files, { key: key.signing }, crypto.subtle);

/** Packs files. */
export const packed = (files: BundleFiles): Uint8Array<ArrayBuffer> =>
  new Uint8Array(gzipSync(writeTar(files), { level: 1 }));

/** Puts a file in place of another in one step, as a careful deployment does. */
export const replaceFile = async (file: string, content: Uint8Array): Promise<void> => {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
};
