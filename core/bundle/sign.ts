// Signs a bundle as OPA does: a token over the hashes of its files.
import type { JsonObject } from '../json.ts';
import { type Crypto, hashAlgorithms, hashFile } from './hash-file.ts';
import { encodeJws, type JwsKey, SIGNATURES_FILE } from './jws.ts';
import type { BundleFiles } from './parse-files.ts';

/** What signs. */
export interface SigningKey extends JwsKey {
  /** Named in the token, so that a verifier with several keys knows which; empty: it tries. */
  readonly id: string;
}

/** What is signed beside the files. */
export interface SigningClaims {
  /** A verifier must be told the same. */
  readonly scope?: string | undefined;
}

/**
 * Signs every file of a bundle
 * ([format](https://www.openpolicyagent.org/docs/management-bundles#signature-format)).
 *
 * @returns the bundle with its signature, in place of one that it had
 * @throws {Fault} `bundle.invalid` for a document that is not JSON
 */
export const signBundle = async (
  files: BundleFiles,
  { key, claims = {} }: { readonly key: SigningKey; readonly claims?: SigningClaims },
  crypto: Pick<Crypto, 'digest' | 'sign'>,
): Promise<BundleFiles> => {
  const [algorithm] = hashAlgorithms;
  const unsigned = [...files].filter(([name]) => name !== SIGNATURES_FILE).sort(([a], [b]) => (a < b ? -1 : 1));
  const hashes = await Promise.all(
    unsigned.map(async (file) => ({ name: file[0], hash: await hashFile(file, algorithm, crypto), algorithm })),
  );
  const header: JsonObject = { ...(key.id === '' ? {} : { kid: key.id }), typ: 'JWT' };
  const payload: JsonObject = { files: hashes, ...(claims.scope === undefined ? {} : { scope: claims.scope }) };
  const signatures = { signatures: [await encodeJws({ header, payload }, key, crypto)] };
  const text = new TextEncoder().encode(JSON.stringify(signatures, null, 1));
  return new Map([...unsigned, [SIGNATURES_FILE, text]]);
};
