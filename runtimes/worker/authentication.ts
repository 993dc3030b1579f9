// Authenticates callers by what the Worker's settings accept, and by what the platform verified.
import {
  type AuthenticationSettings,
  type Authenticator,
  createAuthenticator,
} from '../../core/authentication/authenticator.ts';
import { readTlsClientAuth } from '../../core/authentication/client-certificate.ts';
import { type CredentialKind, parseCredentials } from '../../core/authentication/credentials.ts';
import { LONGEST_DOCUMENT } from '../../core/authentication/key-document.ts';
import type { Background } from '../../core/authentication/key-source.ts';
import { Fault } from '../../core/errors.ts';
import type { AppOptions } from '../../core/http/app.ts';
import { isObject, own } from '../../core/json.ts';
import type { SettingName, Settings } from './settings.ts';

/** What a request brings beside itself. */
export interface Platform {
  /** Facts of the connection ([reference](https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties)). */
  readonly cf: unknown;
  readonly background: Background;
}

/** Hears why keys could not be had. */
export type Report = (fault: Fault) => void;

/** How long an issuer may take to give its keys, in milliseconds. */
const KEYS_TIMEOUT = 5000;

/**
 * Creates what the app asks first of all.
 *
 * @returns `undefined` where authentication is switched off
 * @throws {Fault} `authentication.*`, with the variable and the line
 */
export const createAuthenticate = async (settings: Settings, report: Report): Promise<AppOptions['authenticate']> => {
  if (settings.PODGRAFT_AUTHENTICATION === 'off') {
    return undefined;
  }
  const { authenticate }: Authenticator = await createAuthenticator(methodsOf(settings), {
    clock: () => Date.now(),
    digest,
    fetchKeys,
    report,
  });
  return (credentials, platform) => {
    const { cf, background } = platform as Platform;
    const certificate = readTlsClientAuth(isObject(cf) ? own(cf, 'tlsClientAuth') : undefined);
    return authenticate({ ...credentials, certificate, background });
  };
};

const methodsOf = (settings: Settings): AuthenticationSettings => ({
  tokens: secretsOf(settings, 'PODGRAFT_TOKENS', 'token'),
  passwords: secretsOf(settings, 'PODGRAFT_PASSWORDS', 'password'),
  pathSecrets: secretsOf(settings, 'PODGRAFT_PATH_SECRETS', 'path'),
  certificateNames: settings.PODGRAFT_CERTIFICATE_NAMES.length === 0 ? undefined : settings.PODGRAFT_CERTIFICATE_NAMES,
  jwt: jwtOf(settings),
});

const secretsOf = (
  settings: Settings,
  name: SettingName & ('PODGRAFT_TOKENS' | 'PODGRAFT_PASSWORDS' | 'PODGRAFT_PATH_SECRETS'),
  kind: CredentialKind,
): readonly string[] | undefined => (settings[name] === '' ? undefined : parseCredentials(kind, settings[name], name));

const jwtOf = (settings: Settings): AuthenticationSettings['jwt'] => {
  const { PODGRAFT_JWT_ISSUER: issuer, PODGRAFT_JWT_AUDIENCES: audiences, PODGRAFT_JWT_SUBJECTS: subjects } = settings;
  const { PODGRAFT_JWT_KEYS: keys } = settings;
  const given = [issuer !== '', audiences.length > 0, subjects.length > 0];
  if (!given.includes(true) && keys === '') {
    return undefined;
  }
  if (given.includes(false)) {
    const message = 'PODGRAFT_JWT_ISSUER, PODGRAFT_JWT_AUDIENCES and PODGRAFT_JWT_SUBJECTS go together: all or none';
    throw new Fault('setting.invalid', message);
  }
  return {
    issuer,
    audiences,
    subjects,
    algorithms: settings.PODGRAFT_JWT_ALGORITHMS,
    clockSkew: settings.PODGRAFT_JWT_CLOCK_SKEW,
    keySet: keys === '' ? undefined : { text: keys, file: 'PODGRAFT_JWT_KEYS' },
  };
};

const digest = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));

/** Gets a document of keys: no redirects, and no more than a bounded part of what is sent. */
const fetchKeys = async (url: string): Promise<string> => {
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(KEYS_TIMEOUT) });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Fault('authentication.keys', `the answer has status ${response.status}`, { at: { file: url } });
  }
  let text = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    text += next.value;
    if (text.length > LONGEST_DOCUMENT) {
      await reader.cancel();
      throw new Fault('authentication.keys', 'the answer is too long', { at: { file: url } });
    }
  }
  return text;
};
