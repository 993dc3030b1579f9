// Keeps authentication current: its files are read anew when they change, and taken up together.
import { createHash } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { createAuthenticator } from '../../core/authentication/authenticator.ts';
import type { Credentials, Verdict } from '../../core/authentication/method.ts';
import { createAuthenticationSettings } from '../authentication-settings.ts';
import { fetchKeys } from '../fetch-keys.ts';
import { type AuthenticationFiles, readAuthenticationFiles } from './authentication-files.ts';
import {
  createClientCertificateReader,
  type HandshakeAuthority,
  parseClientAuthorities,
} from './client-certificate.ts';
import { type Kept, keepCurrent } from './keep-current.ts';
import { describeError, type Reporting, reportReload } from './report-reload.ts';
import type { Settings } from './settings.ts';

/** Tells who calls, and what the TLS handshake needs for it. */
export interface Authentication {
  readonly authenticate: (credentials: Credentials, platform: unknown) => Promise<Verdict>;
  /** PEM; `undefined` where client certificates are not asked for. */
  readonly clientAuthority: string | undefined;
}

/** What keeping authentication needs. */
export interface KeepAuthenticationOptions extends Reporting {
  readonly settings: Settings;
  /** Called with each new value after the first. */
  readonly renewed: (authentication: Authentication) => void;
  readonly settle: number;
  readonly handshakeAuthority: HandshakeAuthority;
}

/**
 * Sets authentication up, and anew whenever `check` finds that its files changed. Secrets that were taken out of a file
 * end with that; what was found good before is found anew.
 *
 * @returns `undefined` where it is off
 * @throws {Fault} when the first files are broken
 */
export const keepAuthentication = async (
  options: KeepAuthenticationOptions,
): Promise<Kept<Authentication> | undefined> => {
  const { settings, log } = options;
  if (settings.authentication === 'off') {
    log.warn('authentication is off: whoever reaches the webhook may ask it');
    return undefined;
  }
  return keepCurrent({
    read: () => readAuthenticationFiles(settings),
    make: (files) => createAuthentication(files, options),
    settle: options.settle,
    attempted: (attempt) => {
      if (attempt.ok) {
        options.renewed(attempt.value);
      }
      reportReload(options, 'authentication', attempt.ok ? { ok: true, value: { fields: {} } } : attempt);
    },
  });
};

const createAuthentication = async (
  files: AuthenticationFiles,
  { settings, log, handshakeAuthority }: KeepAuthenticationOptions,
): Promise<Authentication> => {
  const authenticator = await createAuthenticator(createAuthenticationSettings(settings, files), {
    clock: Date.now,
    digest: (text) => createHash('sha256').update(text).digest(),
    fetchKeys,
    report: (fault) => log.error({ reason: describeError(fault) }, 'the keys of the token issuer cannot be had'),
  });
  // Not awaited: podgraft may start before the issuer, which is often the API server that waits for it.
  void authenticator.prepare();
  const { clientAuthority } = files;
  const authorities =
    clientAuthority === undefined ? undefined : parseClientAuthorities(clientAuthority.text, clientAuthority.file);
  const certificateOf =
    authorities === undefined
      ? () => undefined
      : createClientCertificateReader(authorities, { handshakeAuthority, clock: Date.now });
  return {
    clientAuthority: authorities?.pem,
    authenticate: async (credentials, platform) => {
      const certificate = certificateOf(platform);
      const verdict = await authenticator.authenticate({ ...credentials, certificate, background });
      if ('refused' in verdict) {
        // Who was refused for a certificate of before may come anew, by another handshake.
        (platform as HttpBindings).outgoing.shouldKeepAlive = false;
      }
      return verdict;
    },
  };
};

/** On Node work goes on by itself; keys that can't be had are reported where they are asked for. */
const background = (): void => {};
