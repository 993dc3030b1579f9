// Reads the documents that say which keys an issuer signs with: a JSON Web Key Set, and the OpenID discovery before it.
import { Fault, type Place } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';

/** The longest document that is read, in characters. */
export const LONGEST_DOCUMENT = 256 * 1024;

const MOST_KEYS = 64;

/** Public keys alone. A symmetric key (`oct`) would let everybody who can check a token make one. */
const PUBLIC_TYPES: readonly unknown[] = ['RSA', 'EC', 'OKP'];

/** Members that only a secret key has ([RFC 7518](https://www.rfc-editor.org/rfc/rfc7518#section-6)). */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The public keys of a JSON Web Key Set. */
export interface KeySetDocument {
  readonly keys: readonly JsonObject[];
}

/**
 * Reads a JSON Web Key Set. Keys of unknown types are left out, as RFC 7517 wants.
 *
 * @throws {Fault} `authentication.keys`
 */
export const parseKeySet = (text: string, at: Place): KeySetDocument => {
  const refuse = (message: string): Fault => new Fault('authentication.keys', message, { at });
  const keys = parseDocument(text, refuse)['keys'];
  if (!Array.isArray(keys) || keys.length > MOST_KEYS || !keys.every(isObject)) {
    throw refuse(`the document is no JSON Web Key Set: it needs "keys", a list of at most ${MOST_KEYS} objects`);
  }
  if (keys.some((key) => SECRET_MEMBERS.some((member) => Object.hasOwn(key, member)))) {
    throw refuse('the key set holds a secret key; only public keys belong here');
  }
  const usable = keys.filter((key) => PUBLIC_TYPES.includes(own(key, 'kty')));
  if (usable.length === 0) {
    throw refuse('the key set holds no public key of type RSA, EC or OKP');
  }
  return { keys: usable };
};

/** Where an issuer's discovery document is ([OpenID Connect Discovery, 4](https://openid.net/specs/openid-connect-discovery-1_0.html)). */
export const discoveryUrl = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;

/**
 * Reads from a discovery document where the key set is.
 *
 * @throws {Fault} `authentication.keys` where the document speaks for another issuer, or names no https address
 */
export const parseDiscovery = (text: string, issuer: string): string => {
  const at = { file: discoveryUrl(issuer) };
  const refuse = (message: string): Fault => new Fault('authentication.keys', message, { at });
  const document = parseDocument(text, refuse);
  if (own(document, 'issuer') !== issuer) {
    throw refuse('the document speaks for another issuer');
  }
  const address = own(document, 'jwks_uri');
  if (typeof address !== 'string' || !isHttps(address)) {
    throw refuse('jwks_uri is no https address');
  }
  return address;
};

/** Tells whether a text is an https address without a user, a query or a fragment. */
export const isHttps = (text: string): boolean => /^https:\/\/[^\s/?#@\\]+(?:\/[^\s?#\\]*)?$/.test(text);

const parseDocument = (text: string, refuse: (message: string) => Fault): JsonObject => {
  if (text.length > LONGEST_DOCUMENT) {
    throw refuse(`the document is longer than ${LONGEST_DOCUMENT} characters`);
  }
  const value = parseJson(text);
  if (!isObject(value)) {
    throw refuse('the document is no JSON object');
  }
  return value;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
