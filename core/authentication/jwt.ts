// Verifies JSON Web Tokens: the one file that knows jose.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { Fault, type Place } from '../errors.ts';
import { parseKeySet } from './key-document.ts';
import type { Background, KeySource } from './key-source.ts';
import type { RefusalCode } from './refusal.ts';

/** The algorithms that may be accepted: asymmetric ones, so that a public key cannot pass for a shared secret. */
export const jwtAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** One of them. */
export type JwtAlgorithm = (typeof jwtAlgorithms)[number];

/** Which tokens are accepted. */
export interface JwtSettings {
  /** The text of the claim `iss`, exactly. */
  readonly issuer: string;
  /** One of them must be in `aud`. */
  readonly audiences: readonly string[];
  /**
   * One of them must be `sub`: `system:serviceaccount:NAMESPACE:NAME`. Issuer and audience are not enough: whoever may
   * create pods can mount a token for any audience.
   */
  readonly subjects: readonly string[];
  /** At least one. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** How far clocks may differ, in milliseconds. */
  readonly clockSkew: number;
}

/** What a token came to. */
export type JwtVerdict =
  | { readonly subject: string /** Milliseconds since the epoch. */; readonly expires: number }
  | { readonly refused: RefusalCode };

/** Gives the key for a token. */
export type JwtKeys = ReturnType<typeof createLocalJWKSet>;

/** Makes keys of a JSON Web Key Set; `Fault` `authentication.keys` where it is none. */
export const createJwtKeys = (text: string, at: Place): JwtKeys => {
  const { keys } = parseKeySet(text, at);
  try {
    return createLocalJWKSet({ keys } as unknown as JSONWebKeySet);
  } catch (cause) {
    throw new Fault('authentication.keys', 'the document is no JSON Web Key Set', { at, cause });
  }
};

/** Verifies a token at a time, in milliseconds since the epoch. */
export type VerifyJwt = (token: string, keys: JwtKeys, now: number) => Promise<JwtVerdict>;

/** Creates the verifier. It answers with a verdict, whatever the token is. */
export const createJwtVerifier = ({ issuer, audiences, subjects, algorithms, clockSkew }: JwtSettings): VerifyJwt => {
  const options = {
    issuer,
    audience: [...audiences],
    algorithms: [...algorithms],
    clockTolerance: clockSkew / 1000,
    requiredClaims: ['exp', 'sub'],
  };
  return async (token, keys, now) => {
    try {
      // biome-ignore lint/style/noRestrictedGlobals: made of an argument; without it jose reads the clock of the machine
      const { payload } = await jwtVerify(token, keys, { ...options, currentDate: new Date(now) });
      return accept(payload, subjects);
    } catch (thrown) {
      return { refused: codeOf(thrown) };
    }
  };
};

const accept = ({ sub, exp }: JWTPayload, subjects: readonly string[]): JwtVerdict => {
  if (typeof sub !== 'string' || exp === undefined) {
    return { refused: 'auth.jwt-claims' };
  }
  return subjects.includes(sub) ? { subject: sub, expires: exp * 1000 } : { refused: 'auth.jwt-subject' };
};

/** Verifies with the keys of a source, and once more with newer ones where these have none for the token. */
export const verifyWith = async (
  verify: (keys: JwtKeys) => Promise<JwtVerdict>,
  source: KeySource<JwtKeys>,
  background: Background | undefined,
): Promise<JwtVerdict> => {
  const keys = await source.current(background);
  const verdict = await verify(keys);
  if (!('refused' in verdict) || verdict.refused !== 'auth.jwt-key') {
    return verdict;
  }
  const newer = await source.newerThan(keys);
  return newer === undefined ? verdict : verify(newer);
};

const CLAIM_CODES: ReadonlyMap<string, RefusalCode> = new Map([
  ['iss', 'auth.jwt-issuer'],
  ['aud', 'auth.jwt-audience'],
  ['nbf', 'auth.jwt-early'],
]);

const codeOf = (thrown: unknown): RefusalCode => {
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = thrown;
    return (reason === 'check_failed' ? CLAIM_CODES.get(claim) : undefined) ?? 'auth.jwt-claims';
  }
  const code = thrown instanceof errors.JOSEError ? thrown.code : '';
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'auth.jwt-expired';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'auth.jwt-algorithm';
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
      return 'auth.jwt-key';
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'auth.jwt-signature';
    case 'ERR_JWT_INVALID':
      return 'auth.jwt-claims';
    default:
      return 'auth.jwt';
  }
};
