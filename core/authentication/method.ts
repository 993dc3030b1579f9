// The ways to authenticate: what each makes of the credentials of a call.

import { Fault } from '../errors.ts';
import { type ClientCertificate, isCertificateName } from './client-certificate.ts';
import { LONGEST_SECRET } from './credentials.ts';
import type { Background } from './key-source.ts';
import type { RefusalCode } from './refusal.ts';
import { createSecretSet, type Digest } from './secret-set.ts';

/** What a caller brought along. */
export interface Credentials {
  /** The header, as it came. */
  readonly authorization: string | undefined;
  /** What stands behind `/mutate/` in the path, as it came; `undefined` where nothing does. */
  readonly pathSecret: string | undefined;
  /** What the platform says of the client's certificate; `undefined` where it showed none. */
  readonly certificate?: ClientCertificate | undefined;
  /** Where work may go on that the answer need not wait for. */
  readonly background?: Background | undefined;
}

/** Who calls. */
export interface Caller {
  readonly method: 'jwt' | 'token' | 'password' | 'certificate' | 'path';
  /** The token's subject, the user or the certificate's name; never a secret. */
  readonly name?: string;
}

/** Let in, or refused. */
export type Verdict = { readonly caller: Caller } | { readonly refused: RefusalCode };

/** One way to authenticate; `undefined` where the call brings no such credential. */
export type Method = (credentials: Credentials) => Promise<Verdict | undefined>;

/** What stands behind a scheme in an Authorization header. */
export type SchemeMethod = (credential: string, background: Background | undefined) => Promise<Verdict>;

/** A client certificate with an accepted name. */
export const createCertificateMethod = (names: readonly string[]): Method => {
  if (names.length === 0 || !names.every(isCertificateName)) {
    throw new Fault('authentication.names', 'a name of a certificate is written CN:…, DNS:…, URI:…, IP:… or EMAIL:…');
  }
  return async ({ certificate }) => {
    if (certificate === undefined) {
      return undefined;
    }
    if (!certificate.verified) {
      return { refused: 'auth.certificate' };
    }
    const name = certificate.names.find((one) => names.includes(one));
    return name === undefined ? { refused: 'auth.certificate-name' } : { caller: { method: 'certificate', name } };
  };
};

/** A segment of the path that only the API server knows. */
export const createPathMethod = async (secrets: readonly string[], digest: Digest): Promise<Method> => {
  const known = await createSecretSet(secrets, digest);
  return async ({ pathSecret }) => {
    if (pathSecret === undefined) {
      return undefined;
    }
    if (pathSecret.length > LONGEST_SECRET) {
      return { refused: 'auth.size' };
    }
    return known.indexOf(await digest(pathSecret)) < 0 ? { refused: 'auth.path' } : { caller: { method: 'path' } };
  };
};

/** One of a few bearer tokens. */
export const createTokenMethod = async (tokens: readonly string[], digest: Digest): Promise<SchemeMethod> => {
  const known = await createSecretSet(tokens, digest);
  return async (token) => {
    if (token.length > LONGEST_SECRET) {
      return { refused: 'auth.size' };
    }
    return known.indexOf(await digest(token)) < 0 ? { refused: 'auth.token' } : { caller: { method: 'token' } };
  };
};

/** One of a few names with its password. What the header carries is compared as it is, so nothing needs decoding. */
export const createPasswordMethod = async (passwords: readonly string[], digest: Digest): Promise<SchemeMethod> => {
  const known = await createSecretSet(passwords.map(btoa), digest);
  const users = passwords.map((password) => password.slice(0, password.indexOf(':')));
  return async (credential) => {
    if (credential.length > (LONGEST_SECRET * 4) / 3 + 4) {
      return { refused: 'auth.size' };
    }
    const name = users[known.indexOf(await digest(credential))];
    return name === undefined ? { refused: 'auth.password' } : { caller: { method: 'password', name } };
  };
};
