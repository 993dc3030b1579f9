// Reads the files with the public keys that bundles are verified with.
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readVerificationKeys, type VerificationKey } from '../../core/bundle/verification-key.ts';
import { Fault, type Place } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** A file with keys. */
export interface KeyFile {
  /** The id that signatures name its keys by; `undefined` where the keys have their own, or none. */
  readonly id: string | undefined;
  readonly file: string;
}

/** A file with keys, read. */
export interface KeyText extends KeyFile {
  readonly text: string;
}

const LONGEST = 256 * 1024;

/** Reads `ID=FILE`, or `FILE` alone. */
export const parseKeyFile = (text: string): KeyFile => {
  const equals = text.indexOf('=');
  return equals < 1 ? { id: undefined, file: text } : { id: text.slice(0, equals), file: text.slice(equals + 1) };
};

/** Reads the files; `bundle.key` where one can't be read. */
export const readKeyFiles = (files: readonly KeyFile[]): Promise<readonly KeyText[]> =>
  Promise.all(
    files.map(async (key) => {
      try {
        return { ...key, text: await readFile(key.file, 'utf8') };
      } catch (thrown) {
        const message = `the key cannot be read (${whyUnreadable(thrown)})`;
        throw new Fault('bundle.key', message, { at: { file: key.file }, cause: thrown });
      }
    }),
  );

/**
 * Makes keys of what was read: PEM (a public key or a certificate, any number of them), a JSON Web Key, or a set.
 *
 * @throws {Fault} `bundle.key`
 */
export const parseKeys = async (texts: readonly KeyText[]): Promise<readonly VerificationKey[]> => {
  const keys = await Promise.all(
    texts.map(async ({ text, file, id }) => {
      const at = { file };
      const documents = text.trimStart().startsWith('{') ? [parseJson(text, at)] : parsePem(text, at);
      const options = { at, ...(id === undefined ? {} : { id }) };
      return Promise.all(documents.map((document) => readVerificationKeys(document, options, crypto.subtle)));
    }),
  );
  return keys.flat(2);
};

const parseJson = (text: string, at: Place): JsonObject => {
  try {
    const value: unknown = JSON.parse(text.slice(0, LONGEST));
    if (isObject(value)) {
      return value;
    }
  } catch {
    // Said below, without the library's words: they quote the file.
  }
  throw new Fault('bundle.key', 'the file is neither PEM nor a JSON Web Key', { at });
};

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g;

const parsePem = (text: string, at: Place): readonly JsonObject[] => {
  const blocks = [...text.slice(0, LONGEST).matchAll(PEM)];
  if (blocks.length === 0) {
    throw new Fault('bundle.key', 'the file is neither PEM nor a JSON Web Key', { at });
  }
  return blocks.map(([block, label = '']) => {
    if (label.includes('PRIVATE')) {
      throw new Fault('bundle.key', 'it is a secret key; only the public one belongs here', { at });
    }
    try {
      return createPublicKey(block).export({ format: 'jwk' }) as JsonObject;
    } catch (cause) {
      throw new Fault('bundle.key', 'it is no public key, and no certificate', { at, cause });
    }
  });
};
