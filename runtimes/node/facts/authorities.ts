// The authorities that registries are trusted by: those of the system, and those of a file.
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Fault, toError } from '../../../core/errors.ts';
import { whyUnreadable } from '../why-unreadable.ts';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Reads the file of certificates.
 *
 * @throws {Fault} `facts.authority`
 */
export const readAuthorities = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw unfit(file, whyUnreadable(thrown), thrown);
  }
};

/**
 * Makes what TLS connections are made with.
 *
 * @param text `undefined`: only the authorities of the system
 * @throws {Fault} `facts.authority`
 */
export const trustAuthorities = (text: string | undefined, file: string): SecureContext => {
  if (text === undefined) {
    return createSecureContext();
  }
  const own = text.match(CERTIFICATES) ?? [];
  if (own.length === 0) {
    // Without any, OpenSSL would not complain.
    throw unfit(file, 'it holds no certificates in PEM');
  }
  try {
    // Those of the system stay, in the form that Node gives them.
    return createSecureContext({
      ca: [...getCACertificates('default'), ...own.map((one) => new X509Certificate(one).toString())],
    });
  } catch (thrown) {
    throw unfit(file, toError(thrown).message, thrown);
  }
};

const unfit = (file: string, why: string, cause?: unknown): Fault =>
  new Fault('facts.authority', `the certificates that registries are trusted by cannot be used (${why})`, {
    at: { file },
    cause,
  });
