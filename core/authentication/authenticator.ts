// Puts the methods together: any one of those that are set suffices.
import { Fault } from '../errors.ts';
import { createJwtMethod, type JwtMethod, type JwtMethodSettings, type JwtSurroundings } from './jwt-method.ts';
import {
  type Credentials,
  createCertificateMethod,
  createPasswordMethod,
  createPathMethod,
  createTokenMethod,
  type Method,
  type SchemeMethod,
  type Verdict,
} from './method.ts';
import type { RefusalCode } from './refusal.ts';

/** What is accepted. A method that is left out is not. */
export interface AuthenticationSettings {
  readonly jwt?: JwtMethodSettings | undefined;
  /** Bearer tokens, as `parseCredentials` reads them. */
  readonly tokens?: readonly string[] | undefined;
  /** `NAME:PASSWORD`, as `parseCredentials` reads them. */
  readonly passwords?: readonly string[] | undefined;
  /** Path segments, as `parseCredentials` reads them. */
  readonly pathSecrets?: readonly string[] | undefined;
  /** Names of client certificates, with their kind: `CN:…`. */
  readonly certificateNames?: readonly string[] | undefined;
  /** The longest Authorization header, in characters. */
  readonly credentialLimit?: number | undefined;
}

/** What the outside gives: clock, digest and the fetching of keys. */
export type Surroundings = JwtSurroundings;

/** Tells who calls. */
export interface Authenticator {
  /** Never throws for what a caller sent. */
  readonly authenticate: (credentials: Credentials) => Promise<Verdict>;
  /** Gets keys that are to be discovered, ahead of the first request. Never throws; failures are reported. */
  readonly prepare: () => Promise<void>;
}

const DEFAULT_CREDENTIAL_LIMIT = 8 * 1024;

/**
 * Creates an authenticator.
 *
 * @throws {Fault} `authentication.none` where no method is set, and for settings that no method can hold to
 */
export const createAuthenticator = async (
  settings: AuthenticationSettings,
  surroundings: Surroundings,
): Promise<Authenticator> => {
  const jwt = settings.jwt === undefined ? undefined : createJwtMethod(settings.jwt, surroundings);
  const methods = await methodsOf(settings, jwt, surroundings);
  if (methods.length === 0) {
    throw new Fault('authentication.none', 'no way to authenticate is set, so nobody could ever be let in');
  }
  return {
    authenticate: async (credentials) => {
      let reason: RefusalCode | undefined;
      for (const method of methods) {
        const verdict = await method(credentials);
        if (verdict !== undefined && 'caller' in verdict) {
          return verdict;
        }
        reason ??= verdict?.refused;
      }
      return { refused: reason ?? 'auth.missing' };
    },
    prepare: async () => {
      try {
        await jwt?.keys.current();
      } catch {
        // Said to `report` already, and to every caller with a token.
      }
    },
  };
};

/** In the order in which their refusals are worth telling: what is sent on purpose comes first. */
const methodsOf = async (
  settings: AuthenticationSettings,
  jwt: JwtMethod | undefined,
  { digest }: Surroundings,
): Promise<readonly Method[]> => {
  const { tokens, passwords, pathSecrets, certificateNames, credentialLimit = DEFAULT_CREDENTIAL_LIMIT } = settings;
  const bearer = bearerMethod(tokens === undefined ? undefined : await createTokenMethod(tokens, digest), jwt);
  const basic = passwords === undefined ? undefined : await createPasswordMethod(passwords, digest);
  return [
    ...(bearer === undefined && basic === undefined ? [] : [headerMethod({ bearer, basic }, credentialLimit)]),
    ...(pathSecrets === undefined ? [] : [await createPathMethod(pathSecrets, digest)]),
    ...(certificateNames === undefined ? [] : [createCertificateMethod(certificateNames)]),
  ];
};

/** A bearer token may be one of a few texts, or a JSON Web Token. */
const bearerMethod = (tokens: SchemeMethod | undefined, jwt: JwtMethod | undefined): SchemeMethod | undefined => {
  if (tokens === undefined || jwt === undefined) {
    return tokens ?? jwt?.authenticate;
  }
  return async (token, background) => {
    const verdict = await tokens(token, background);
    return 'caller' in verdict || !token.includes('.') ? verdict : jwt.authenticate(token, background);
  };
};

interface Schemes {
  readonly bearer: SchemeMethod | undefined;
  readonly basic: SchemeMethod | undefined;
}

const headerMethod =
  (schemes: Schemes, limit: number): Method =>
  async ({ authorization, background }) => {
    if (authorization === undefined) {
      return undefined;
    }
    if (authorization.length > limit) {
      return { refused: 'auth.size' };
    }
    const [, scheme = '', credential = ''] = /^(\w+) +([!-~]+)$/.exec(authorization) ?? [];
    const method = schemeMethod(schemes, scheme.toLowerCase());
    return method === undefined ? { refused: 'auth.header' } : method(credential, background);
  };

const schemeMethod = ({ bearer, basic }: Schemes, scheme: string): SchemeMethod | undefined => {
  switch (scheme) {
    case 'bearer':
      return bearer;
    case 'basic':
      return basic;
    default:
      return undefined;
  }
};
