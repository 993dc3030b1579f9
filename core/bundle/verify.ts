// Verifies that a bundle is the one that was signed: nothing changed, nothing added, nothing taken away.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { type Crypto, type HashAlgorithm, hashAlgorithms, hashFile } from './hash-file.ts';
import { decodeJws, type Jws, SIGNATURES_FILE } from './jws.ts';
import type { BundleFiles } from './parse-files.ts';
import type { VerificationKey } from './verification-key.ts';

/** What a bundle is held against. */
export interface Verification {
  readonly keys: readonly VerificationKey[];
  /** What the signature's `scope` must be; the default is that it has none. */
  readonly scope?: string | undefined;
  /** The SHA-256 of files that are not at hand, in hexadecimal digits: a Worker has its module compiled only. */
  readonly absent?: ReadonlyMap<string, string> | undefined;
}

/** A signature that holds. */
export interface VerifiedSignature {
  /** The id of the key as it is known here; empty where it has none. */
  readonly keyId: string;
  readonly algorithm: string;
}

/** Whether a bundle brings a signature; whether that holds is another matter. */
export const isSigned = (files: BundleFiles): boolean => files.has(SIGNATURES_FILE);

/**
 * Verifies a bundle, whoever signed it: OPA or {@link signBundle}. All of its files are needed, also those that are
 * no part of a bundle.
 *
 * @throws {Fault} `bundle.unsigned`; `bundle.signature` where no key made the signature, or it is no such thing;
 *   `bundle.tampered`, with the file, where files and signature differ
 */
export const verifyBundle = async (
  files: BundleFiles,
  verification: Verification,
  crypto: Pick<Crypto, 'digest' | 'verify'>,
): Promise<VerifiedSignature> => {
  const signatures = files.get(SIGNATURES_FILE);
  if (signatures === undefined) {
    const message = `the bundle has no ${SIGNATURES_FILE}; a signature is required`;
    throw new Fault('bundle.unsigned', message, { at: { file: SIGNATURES_FILE } });
  }
  const jws = decodeJws(readToken(signatures));
  const key = await findKey(jws, verification.keys, crypto);
  if ((own(jws.payload, 'scope') ?? '') !== (verification.scope ?? '')) {
    throw refuse('the signature is for another scope');
  }
  await compareFiles({ files, absent: verification.absent ?? new Map() }, readFiles(jws.payload), crypto);
  return { keyId: key.id, algorithm: key.algorithm };
};

const refuse = (message: string): Fault => new Fault('bundle.signature', message, { at: { file: SIGNATURES_FILE } });

/** Reads the one token of a signature file; `bundle.signature` where there is none. */
export const readToken = (content: Uint8Array): string => {
  let value: JsonValue;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw refuse('the file is not JSON');
  }
  const signatures = isObject(value) ? own(value, 'signatures') : undefined;
  const plugin = isObject(value) ? (own(value, 'plugin') ?? '') : '';
  if (plugin !== '' && plugin !== '_default') {
    throw refuse('the signature was made by a plugin, which only that can verify');
  }
  const [token, ...more] = Array.isArray(signatures) ? signatures : [];
  if (typeof token !== 'string' || more.length > 0) {
    throw refuse('"signatures" is no list of one token');
  }
  return token;
};

/** OPA's command leaves the id out; then every key is tried. */
const findKey = async (
  jws: Jws,
  keys: readonly VerificationKey[],
  crypto: Pick<Crypto, 'verify'>,
): Promise<VerificationKey> => {
  const kid = own(jws.header, 'kid') || own(jws.payload, 'keyid') || '';
  const named = keys.filter(({ id }) => kid === '' || id === '' || id === kid);
  if (named.length === 0) {
    throw refuse(`no key has the id that the signature names: ${JSON.stringify(kid).slice(0, 100)}`);
  }
  const suited = named.filter(({ algorithm }) => algorithm === own(jws.header, 'alg'));
  if (suited.length === 0) {
    const allowed = [...new Set(named.map(({ algorithm }) => algorithm))].join(' or ');
    throw refuse(`the signature's algorithm is not that of the key, ${allowed}`);
  }
  for (const key of suited) {
    if (await jws.verify(key, crypto)) {
      return key;
    }
  }
  throw refuse('the signature was made with another key, or its text was changed');
};

interface SignedFile {
  readonly hash: string;
  readonly algorithm: HashAlgorithm;
}

const readFiles = (payload: JsonObject): ReadonlyMap<string, SignedFile> => {
  const list = own(payload, 'files');
  if (!Array.isArray(list)) {
    throw refuse('the signature names no files');
  }
  return new Map(list.map((item) => readFile(isObject(item) ? item : {})));
};

const readFile = (item: JsonObject): readonly [string, SignedFile] => {
  const [name, hash, wanted] = ['name', 'hash', 'algorithm'].map((key) => own(item, key));
  const algorithm = hashAlgorithms.find((known) => known === wanted);
  if (typeof name !== 'string' || typeof hash !== 'string' || algorithm === undefined) {
    throw refuse(`a file in the signature has no name, or no hash by ${hashAlgorithms.join(', ')}`);
  }
  return [name, { hash: hash.toLowerCase(), algorithm }];
};

interface ComparedFiles {
  readonly files: BundleFiles;
  readonly absent: ReadonlyMap<string, string>;
}

const compareFiles = async (
  { files, absent }: ComparedFiles,
  signed: ReadonlyMap<string, SignedFile>,
  crypto: Pick<Crypto, 'digest'>,
): Promise<void> => {
  for (const [name, file] of [...signed].filter(([one]) => !files.has(one))) {
    compareAbsent(name, absent.get(name), file);
  }
  for (const [name, content] of files) {
    if (name === SIGNATURES_FILE) {
      continue;
    }
    const expected = signed.get(name);
    if (expected === undefined) {
      throw tampered('the file was not signed', name);
    }
    if ((await hashFile([name, content], expected.algorithm, crypto)) !== expected.hash) {
      throw tampered('the file is not the one that was signed', name);
    }
  }
};

const compareAbsent = (name: string, known: string | undefined, { hash, algorithm }: SignedFile): void => {
  if (known === undefined) {
    throw tampered('the file was signed, but is not in the bundle', name);
  }
  if (known !== hash || algorithm !== 'SHA-256') {
    throw tampered('the file is not the one that was signed', name);
  }
};

const tampered = (message: string, file: string): Fault => new Fault('bundle.tampered', message, { at: { file } });
