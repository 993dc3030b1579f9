// Signs and verifies a text as a JSON Web Signature, with the two algorithms that bundles are signed with.
import { Fault, toError } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import type { Crypto } from './hash-file.ts';

/** The file of a bundle that holds its signature. */
export const SIGNATURES_FILE = '.signatures.json';

/** The parameters of an algorithm, to import a key and to use it. */
const PARAMETERS = {
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' },
} as const;

/** The algorithms: asymmetric ones, so that whoever can verify cannot sign. */
export const signatureAlgorithms = ['RS256', 'ES256'] as const satisfies readonly (keyof typeof PARAMETERS)[];

/** One of them. */
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

/** A key and the one algorithm that it is for. */
export interface JwsKey {
  readonly algorithm: SignatureAlgorithm;
  readonly key: CryptoKey;
}

/** Imports a JSON Web Key to sign or to verify with. */
export const importJwk = (
  jwk: JsonObject,
  use: { readonly algorithm: SignatureAlgorithm; readonly usage: 'sign' | 'verify' },
  crypto: Pick<Crypto, 'importKey'>,
): Promise<CryptoKey> => {
  const { alg: _alg, use: _use, key_ops: _operations, ext: _extractable, ...members } = jwk;
  return crypto.importKey('jwk', members as JsonWebKey, PARAMETERS[use.algorithm], false, [use.usage]);
};

/** A token, decoded but not verified. */
export interface Jws {
  readonly header: JsonObject;
  readonly payload: JsonObject;
  readonly verify: (key: JwsKey, crypto: Pick<Crypto, 'verify'>) => Promise<boolean>;
}

/**
 * Decodes a token in its compact form ([RFC 7515](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)).
 *
 * @throws {Fault} `bundle.signature` where it is none, or asks for what is not understood here
 */
export const decodeJws = (token: string): Jws => {
  const [protectedHeader = '', payload = '', signature = '', ...more] = token.split('.');
  if (signature === '' || more.length > 0) {
    throw refuse('it has not three parts');
  }
  const header = decodeObject(protectedHeader);
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) {
    throw refuse('its header asks for an extension');
  }
  const signed = new TextEncoder().encode(`${protectedHeader}.${payload}`);
  const bytes = decodeBase64Url(signature);
  return {
    header,
    payload: decodeObject(payload),
    // What the header calls the algorithm is compared with the key's, never followed.
    verify: async ({ algorithm, key }, crypto) =>
      own(header, 'alg') === algorithm && (await crypto.verify(PARAMETERS[algorithm], key, bytes, signed)),
  };
};

/** Signs a payload. Tokens of RS256 are the same for the same payload, those of ES256 never. */
export const encodeJws = async (
  parts: { readonly header: JsonObject; readonly payload: JsonObject },
  { algorithm, key }: JwsKey,
  crypto: Pick<Crypto, 'sign'>,
): Promise<string> => {
  const texts = [{ ...parts.header, alg: algorithm }, parts.payload].map((part) => JSON.stringify(part));
  const signed = texts.map((text) => encodeBase64Url(new TextEncoder().encode(text))).join('.');
  const signature = await crypto.sign(PARAMETERS[algorithm], key, new TextEncoder().encode(signed));
  return `${signed}.${encodeBase64Url(new Uint8Array(signature))}`;
};

const decodeObject = (part: string): JsonObject => {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(decodeBase64Url(part)));
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : refuse(toError(thrown).message);
  }
  if (!isObject(value)) {
    throw refuse('its header or its payload is no object');
  }
  return value;
};

const decodeBase64Url = (text: string): Uint8Array<ArrayBuffer> => {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) {
    throw refuse('a part of it is not base64url');
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};

const encodeBase64Url = (bytes: Uint8Array): string => {
  let binary = '';
  for (const byte of bytes) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const refuse = (why: string): Fault =>
  new Fault('bundle.signature', `the signature is no token: ${why}`, { at: { file: SIGNATURES_FILE } });
