// An issuer of tokens for tests, with real keys of its own: it signs what it is told, the wrong as well as the right.
import { createHmac, createSign, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import type { JsonObject } from '../../../core/json.ts';

/** What stands in a token; what is `undefined` is left out. */
export type Claims = Readonly<Record<string, unknown>>;

/** One signing key. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly private: KeyObject;
  readonly public: KeyObject;
}

/** How a token is made other than it should be. */
export interface Making {
  readonly claims?: Claims;
  readonly header?: Claims;
  readonly key?: SigningKey;
}

/** An issuer. */
export interface Issuer {
  readonly url: string;
  readonly audience: string;
  readonly subject: string;
  /** Its keys as the text of a JSON Web Key Set. */
  readonly keySet: (keys?: readonly SigningKey[]) => string;
  /** A token for the right audience and subject, an hour long, as of `now` in milliseconds, with these changes. */
  readonly mint: (now: number, making?: Making) => string;
  readonly rsa: SigningKey;
  readonly ec: SigningKey;
}

/** Makes a key. */
export const createSigningKey = (kid: string, alg: SigningKey['alg']): SigningKey => {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, private: pair.privateKey, public: pair.publicKey };
};

/** The public half as a JSON Web Key. */
export const publicJwk = ({ kid, alg, public: key }: SigningKey): JsonObject => ({
  ...(key.export({ format: 'jwk' }) as JsonObject),
  kid,
  alg,
  use: 'sig',
});

/** Makes an issuer with two keys. */
export const createIssuer = (url = 'https://issuer.test'): Issuer => {
  const rsa = createSigningKey('rsa-1', 'RS256');
  const ec = createSigningKey('ec-1', 'ES256');
  const audience = 'podgraft';
  const subject = 'system:serviceaccount:kube-system:podgraft-caller';
  return {
    url,
    audience,
    subject,
    rsa,
    ec,
    keySet: (keys = [rsa, ec]) => JSON.stringify({ keys: keys.map(publicJwk) }),
    mint: (now, { claims = {}, header = {}, key = ec } = {}) => {
      const seconds = Math.floor(now / 1000);
      const standard = { iss: url, aud: [audience], sub: subject, iat: seconds, nbf: seconds, exp: seconds + 3600 };
      return signToken({ alg: key.alg, kid: key.kid, ...header }, { ...standard, ...claims }, signatureOf(key));
    },
  };
};

/** Writes a token with a signature that `sign` makes of its first two parts. */
export const signToken = (header: Claims, claims: Claims | string, sign: (input: string) => Buffer): string => {
  const payload = typeof claims === 'string' ? claims : JSON.stringify(claims);
  const input = `${encode(JSON.stringify(header))}.${encode(payload)}`;
  return `${input}.${sign(input).toString('base64url')}`;
};

/** Signs by the key's own algorithm, whatever the header says. */
export const signatureOf =
  ({ alg, private: key }: SigningKey) =>
  (input: string): Buffer =>
    alg === 'RS256'
      ? createSign('RSA-SHA256').update(input).sign(key)
      : signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });

/** Signs with a shared secret: the public key, as who confuses the two kinds of key would. */
export const hmacWith =
  (secret: string | Buffer) =>
  (input: string): Buffer =>
    createHmac('sha256', secret).update(input).digest();

const encode = (text: string): string => Buffer.from(text).toString('base64url');
