// Makes the core's settings of authentication out of a runtime's: the same names and the same forms on every runtime.
import type { AuthenticationSettings } from '../core/authentication/authenticator.ts';
import { type CredentialKind, parseCredentials } from '../core/authentication/credentials.ts';
import type { JwtAlgorithm } from '../core/authentication/jwt.ts';

/** The settings that are no secret. */
export interface AuthenticationChoices {
  /** Empty: no tokens of an issuer are accepted. */
  readonly jwtIssuer: string;
  readonly jwtAudiences: readonly string[];
  readonly jwtSubjects: readonly string[];
  readonly jwtAlgorithms: readonly JwtAlgorithm[];
  /** Milliseconds. */
  readonly jwtClockSkew: number;
  /** Empty: no client certificates are accepted. */
  readonly clientNames: readonly string[];
  /** Characters. */
  readonly credentialLimit: number;
}

/** A text and how an error names where it comes from. */
export interface SourceText {
  readonly text: string;
  readonly file: string;
}

/** The texts that hold secrets and keys; what is left out is not accepted. */
export interface AuthenticationTexts {
  readonly jwtKeys?: SourceText | undefined;
  readonly tokens?: SourceText | undefined;
  readonly passwords?: SourceText | undefined;
  readonly pathSecrets?: SourceText | undefined;
}

/** @throws {Fault} `authentication.secret` with file and line */
export const createAuthenticationSettings = (
  choices: AuthenticationChoices,
  texts: AuthenticationTexts,
): AuthenticationSettings => ({
  jwt:
    choices.jwtIssuer === ''
      ? undefined
      : {
          issuer: choices.jwtIssuer,
          audiences: choices.jwtAudiences,
          subjects: choices.jwtSubjects,
          algorithms: choices.jwtAlgorithms,
          clockSkew: choices.jwtClockSkew,
          keySet: texts.jwtKeys,
        },
  tokens: secretsOf('token', texts.tokens),
  passwords: secretsOf('password', texts.passwords),
  pathSecrets: secretsOf('path', texts.pathSecrets),
  certificateNames: choices.clientNames.length === 0 ? undefined : choices.clientNames,
  credentialLimit: choices.credentialLimit,
});

const secretsOf = (kind: CredentialKind, source: SourceText | undefined): readonly string[] | undefined =>
  source === undefined ? undefined : parseCredentials(kind, source.text, source.file);
