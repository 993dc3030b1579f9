// Keys made for a test.

import { importJwk, type SignatureAlgorithm } from '../../../core/bundle/jws.ts';
import type { SigningKey } from '../../../core/bundle/sign.ts';
import { readVerificationKeys, type VerificationKey } from '../../../core/bundle/verification-key.ts';
import type { JsonObject } from '../../../core/index.ts';

/** Both halves of a key pair, ready for use and as documents. */
export interface BundleKeys {
  readonly signing: SigningKey;
  readonly verification: VerificationKey;
  readonly publicJwk: JsonObject;
  readonly privateJwk: JsonObject;
}

const GENERATION = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
} as const;

/** Makes a key pair; without an id it is named by nothing. */
export const makeKeys = async (algorithm: SignatureAlgorithm, id = ''): Promise<BundleKeys> => {
  const { subtle } = crypto;
  const pair = (await subtle.generateKey(GENERATION[algorithm], true, ['sign', 'verify'])) as CryptoKeyPair;
  const publicJwk = (await subtle.exportKey('jwk', pair.publicKey)) as JsonObject;
  const privateJwk = (await subtle.exportKey('jwk', pair.privateKey)) as JsonObject;
  const [verification] = await readVerificationKeys(publicJwk, { at: {}, id }, subtle);
  if (verification === undefined) {
    throw new Error('no key was read');
  }
  const key = await importJwk(privateJwk, { algorithm, usage: 'sign' }, subtle);
  return { signing: { id, algorithm, key }, verification, publicJwk, privateJwk };
};
