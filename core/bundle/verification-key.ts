// Reads the public keys that bundles are verified with.
import { Fault, type Place } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { Crypto } from './hash-file.ts';
import { importJwk, type JwsKey, type SignatureAlgorithm } from './jws.ts';

/** A key that verifies bundles. */
export interface VerificationKey extends JwsKey {
  /** As signatures name it; empty for a key that is tried whatever they name. */
  readonly id: string;
}

/** Members that only a secret key has ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-6)). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The least length of an RSA modulus, in base64url characters: 2,048 bits. */
const LEAST_MODULUS = Math.ceil((2048 / 8) * (4 / 3));

/**
 * Reads a JSON Web Key, or a set of them.
 *
 * @param id goes over the key's own `kid`
 * @throws {Fault} `bundle.key` for a secret key, a weak one, and one of another kind than RSA and P-256
 */
export const readVerificationKeys = async (
  document: JsonObject,
  { at, id }: { readonly at: Place; readonly id?: string },
  crypto: Pick<Crypto, 'importKey'>,
): Promise<readonly VerificationKey[]> => {
  const refuse = (message: string): Fault => new Fault('bundle.key', message, { at });
  const keys = own(document, 'keys') ?? [document];
  if (!Array.isArray(keys) || keys.length === 0 || !keys.every(isObject)) {
    throw refuse('"keys" is no list of keys');
  }
  return Promise.all(
    keys.map(async (jwk) => {
      if (SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member))) {
        throw refuse('it is a secret key; only the public one belongs here');
      }
      const algorithm = algorithmOf(jwk);
      if (algorithm === undefined) {
        throw refuse('it is neither an RSA key of at least 2,048 bits nor an EC key on the curve P-256');
      }
      const key = await importJwk(jwk, { algorithm, usage: 'verify' }, crypto).catch((cause: unknown) => {
        throw new Fault('bundle.key', 'it is no public key', { at, cause });
      });
      const kid = own(jwk, 'kid');
      return { id: id ?? (typeof kid === 'string' ? kid : ''), algorithm, key };
    }),
  );
};

/** The algorithm that a key is for; `undefined` where it is for none of ours. */
export const algorithmOf = (jwk: JsonObject): SignatureAlgorithm | undefined => {
  const algorithm = suitable(jwk);
  const declared = own(jwk, 'alg') ?? algorithm;
  return declared === algorithm ? algorithm : undefined;
};

const suitable = (jwk: JsonObject): SignatureAlgorithm | undefined => {
  const [type, modulus, curve] = ['kty', 'n', 'crv'].map((member) => own(jwk, member));
  if (type === 'RSA' && typeof modulus === 'string' && modulus.length >= LEAST_MODULUS) {
    return 'RS256';
  }
  return type === 'EC' && curve === 'P-256' ? 'ES256' : undefined;
};
