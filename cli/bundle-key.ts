// Reads the keys that bundles are signed and verified with.
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { importJwk } from '../core/bundle/jws.ts';
import type { SigningKey } from '../core/bundle/sign.ts';
import { algorithmOf, type VerificationKey } from '../core/bundle/verification-key.ts';
import { Fault } from '../core/errors.ts';
import { isObject, type JsonObject, own } from '../core/json.ts';
import { parseKeyFile, parseKeys, readKeyFiles } from '../runtimes/node/bundle-keys.ts';
import { whyUnreadable } from '../runtimes/node/why-unreadable.ts';

/** Where a secret key is, and what it is called. */
export interface KeyOptions {
  readonly file: string;
  /** `undefined`: the key's own `kid`, or none. */
  readonly id: string | undefined;
  readonly passphrase: string | undefined;
}

/**
 * Reads a secret key, PEM or a JSON Web Key.
 *
 * @throws {Fault} `bundle.key`
 */
export const readSigningKey = async ({ file, id, passphrase }: KeyOptions): Promise<SigningKey> => {
  const at = { file };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault('bundle.key', `the key cannot be read (${whyUnreadable(cause)})`, { at, cause });
  });
  const jwk = readJwk(text, passphrase);
  if (jwk === undefined) {
    throw new Fault('bundle.key', whyNoKey(text, passphrase), { at });
  }
  const algorithm = algorithmOf(jwk);
  if (algorithm === undefined) {
    throw new Fault('bundle.key', 'it is neither an RSA key of at least 2,048 bits nor an EC key on the curve P-256', {
      at,
    });
  }
  const kid = own(jwk, 'kid');
  const key = await importJwk(jwk, { algorithm, usage: 'sign' }, crypto.subtle);
  return { id: id ?? (typeof kid === 'string' ? kid : ''), algorithm, key };
};

/** The variable that opens encrypted keys. */
export const PASSPHRASE = 'PODGRAFT_KEY_PASSPHRASE';

/** Says what a file is that gives no secret key, and what to do; nothing of it is repeated. */
const whyNoKey = (text: string, passphrase: string | undefined): string => {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) {
    return passphrase === undefined
      ? `the key is encrypted: give its passphrase in the environment variable ${PASSPHRASE}`
      : `the key cannot be opened with the passphrase in ${PASSPHRASE}`;
  }
  if (/-----BEGIN OPENSSH PRIVATE KEY-----/.test(text)) {
    return 'it is a key in the form of OpenSSH: convert a copy of it with "ssh-keygen -p -m PKCS8 -f COPY"';
  }
  if (/-----BEGIN (?:[A-Z ]*PUBLIC KEY|CERTIFICATE)-----/.test(text) || isJwk(text)) {
    return 'it holds no secret key: signing needs the private one, and verifying the public one';
  }
  return text.includes('-----BEGIN')
    ? 'the key cannot be read: it is broken, or of a kind that is not known'
    : 'it is no key: give a private key, PEM or a JSON Web Key; "podgraft bundle sign --help" shows how to make one';
};

const isJwk = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) && Object.hasOwn(value, 'kty');
  } catch {
    return false;
  }
};

/** Nothing of what is thrown here is repeated: it may quote the key. */
const readJwk = (text: string, passphrase: string | undefined): JsonObject | undefined => {
  try {
    const jwk: unknown = text.trimStart().startsWith('{') ? JSON.parse(text) : exportJwk(text, passphrase);
    return isObject(jwk) && Object.hasOwn(jwk, 'd') ? jwk : undefined;
  } catch {
    return undefined;
  }
};

const exportJwk = (pem: string, passphrase: string | undefined): ReturnType<KeyObject['export']> =>
  createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) }).export({ format: 'jwk' });

/**
 * Reads public keys, each `FILE` or `ID=FILE`.
 *
 * @throws {Fault} `bundle.key`
 */
export const readPublicKeys = async (files: readonly string[]): Promise<readonly VerificationKey[]> =>
  parseKeys(await readKeyFiles(files.map(parseKeyFile)));
