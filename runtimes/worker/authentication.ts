// Authenticates callers by what the Worker's settings accept, and by what the platform verified.
import { createAuthenticator } from '../../core/authentication/authenticator.ts';
import { isCertificateName, readTlsClientAuth } from '../../core/authentication/client-certificate.ts';
import type { Background } from '../../core/authentication/key-source.ts';
import { Fault } from '../../core/errors.ts';
import type { AppOptions } from '../../core/http/app.ts';
import { isObject, own } from '../../core/json.ts';
import { createAuthenticationSettings, type SourceText } from '../authentication-settings.ts';
import { fetchKeys } from '../fetch-keys.ts';
import type { SettingName, Settings } from './settings.ts';

/** What a request brings beside itself. */
export interface Platform {
  /** Facts of the connection ([reference](https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties)). */
  readonly cf: unknown;
  readonly background: Background;
}

/** Hears why keys could not be had. */
export type Report = (fault: Fault) => void;

/** The settings of which each alone opens a way in. */
const WAYS = [
  'PODGRAFT_JWT_ISSUER',
  'PODGRAFT_TOKENS',
  'PODGRAFT_PASSWORDS',
  'PODGRAFT_CLIENT_NAMES',
  'PODGRAFT_PATH_SECRETS',
] as const satisfies readonly SettingName[];

/** Settings that say nothing without another one. */
const NEEDS = [
  ['PODGRAFT_JWT_AUDIENCES', 'PODGRAFT_JWT_ISSUER'],
  ['PODGRAFT_JWT_SUBJECTS', 'PODGRAFT_JWT_ISSUER'],
  ['PODGRAFT_JWT_KEYS', 'PODGRAFT_JWT_ISSUER'],
  ['PODGRAFT_JWT_ISSUER', 'PODGRAFT_JWT_AUDIENCES'],
  ['PODGRAFT_JWT_ISSUER', 'PODGRAFT_JWT_SUBJECTS'],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

/**
 * Creates what the app asks first of all.
 *
 * @returns `undefined` where authentication is switched off
 * @throws {Fault} `setting.invalid`, and `authentication.*` with the variable and the line
 */
export const createAuthenticate = async (settings: Settings, report: Report): Promise<AppOptions['authenticate']> => {
  checkTogether(settings);
  if (settings.PODGRAFT_AUTHENTICATION === 'off') {
    return undefined;
  }
  const surroundings = { clock: () => Date.now(), digest, fetchKeys, report };
  const { authenticate } = await createAuthenticator(acceptedBy(settings), surroundings);
  return (credentials, platform) => {
    const { cf, background } = platform as Platform;
    const certificate = readTlsClientAuth(isObject(cf) ? own(cf, 'tlsClientAuth') : undefined);
    return authenticate({ ...credentials, certificate, background });
  };
};

const acceptedBy = (settings: Settings) =>
  createAuthenticationSettings(
    {
      jwtIssuer: settings.PODGRAFT_JWT_ISSUER,
      jwtAudiences: settings.PODGRAFT_JWT_AUDIENCES,
      jwtSubjects: settings.PODGRAFT_JWT_SUBJECTS,
      jwtAlgorithms: settings.PODGRAFT_JWT_ALGORITHMS,
      jwtClockSkew: settings.PODGRAFT_JWT_CLOCK_SKEW,
      clientNames: settings.PODGRAFT_CLIENT_NAMES,
      credentialLimit: settings.PODGRAFT_CREDENTIAL_LIMIT,
    },
    {
      jwtKeys: sourceOf(settings, 'PODGRAFT_JWT_KEYS'),
      tokens: sourceOf(settings, 'PODGRAFT_TOKENS'),
      passwords: sourceOf(settings, 'PODGRAFT_PASSWORDS'),
      pathSecrets: sourceOf(settings, 'PODGRAFT_PATH_SECRETS'),
    },
  );

const sourceOf = (
  settings: Settings,
  name: 'PODGRAFT_JWT_KEYS' | 'PODGRAFT_TOKENS' | 'PODGRAFT_PASSWORDS' | 'PODGRAFT_PATH_SECRETS',
): SourceText | undefined => (settings[name] === '' ? undefined : { text: settings[name], file: name });

const checkTogether = (settings: Settings): void => {
  const given = WAYS.filter((way) => settings[way].length > 0);
  if (settings.PODGRAFT_AUTHENTICATION === 'off' && given.length > 0) {
    throw invalid(`authentication is off, but ${given.join(' and ')} would ask for it: leave out one or the other`);
  }
  for (const [one, other] of NEEDS) {
    if (settings[one].length > 0 && settings[other].length === 0) {
      throw invalid(`${one} is given without ${other}: they go together`);
    }
  }
  const odd = settings.PODGRAFT_CLIENT_NAMES.find((name) => !(isCertificateName(name) && name.startsWith('CN:')));
  if (odd !== undefined) {
    throw invalid(`PODGRAFT_CLIENT_NAMES has ${JSON.stringify(odd)}; the platform tells common names alone: CN:…`);
  }
  if (settings.PODGRAFT_AUTHENTICATION === 'required' && given.length === 0) {
    throw new Fault(
      'authentication.none',
      `who may ask the webhook is not said: set ${WAYS.slice(0, -1).join(', ')} or ${WAYS.at(-1)}, ` +
        'or set PODGRAFT_AUTHENTICATION to off',
    );
  }
};

const invalid = (message: string): Fault => new Fault('setting.invalid', message);

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
