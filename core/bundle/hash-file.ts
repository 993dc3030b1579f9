// Hashes a file of a bundle as OPA does: documents by their content, everything else by its bytes.
import { Fault } from '../errors.ts';
import { documentText } from './document-text.ts';

/** The part of WebCrypto that is used: the runtime's `crypto.subtle`. */
export type Crypto = Pick<SubtleCrypto, 'digest' | 'importKey' | 'sign' | 'verify'>;

/** The algorithms that are accepted; OPA itself signs with the first. Weaker ones that it knows are refused. */
export const hashAlgorithms = ['SHA-256', 'SHA-384', 'SHA-512'] as const;

/** One of them. */
export type HashAlgorithm = (typeof hashAlgorithms)[number];

/** OPA's documents by name, in any folder. Its YAML documents are none here: a bundle for podgraft has no such file. */
const DOCUMENT = /(?:^|\/)(?:data\.json|\.manifest)$/;

/**
 * Hashes a file.
 *
 * @returns hexadecimal digits
 * @throws {Fault} `bundle.invalid` for a document that is not JSON
 */
export const hashFile = async (
  [name, content]: readonly [name: string, content: Uint8Array],
  algorithm: HashAlgorithm,
  crypto: Pick<Crypto, 'digest'>,
): Promise<string> => {
  const bytes = DOCUMENT.test(name) ? new TextEncoder().encode(readDocument(name, content)) : new Uint8Array(content);
  return toHex(new Uint8Array(await crypto.digest(algorithm, bytes)));
};

const readDocument = (name: string, content: Uint8Array): string => {
  try {
    return documentText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content));
  } catch (thrown) {
    const message = thrown instanceof Fault ? thrown.message : 'the file is not UTF-8';
    throw new Fault('bundle.invalid', message, { at: { file: name }, cause: thrown });
  }
};

const toHex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
