// Reads a certificate and its key from their files and checks that they work together.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Fault, toError } from '../../core/errors.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** A certificate chain and the key of its leaf, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** The end of the leaf's life, in milliseconds since the epoch. */
  readonly expires: number;
  /** Its begin, likewise. */
  readonly begins: number;
  /** SHA-256 of the leaf, as `openssl x509 -fingerprint -sha256` writes it. */
  readonly fingerprint: string;
  /** The names and addresses it is for. */
  readonly hosts: string;
}

/** The two files of a certificate. */
export interface CertificateFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** What the two files hold. */
export interface CertificateText {
  readonly cert: string;
  readonly key: string;
}

/** Reads both files. A Secret mount swaps a symlink between two reads at worst: then they don't match, and are refused. */
export const readCertificateFiles = async (files: CertificateFiles): Promise<CertificateText> => {
  const [cert, key] = await Promise.all([readText(files.certificateFile), readText(files.keyFile)]);
  return { cert, key };
};

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    throw new Fault('certificate.unreadable', `the file cannot be read (${whyUnreadable(thrown)})`, { at: { file } });
  }
};

/**
 * Checks a chain and its key.
 *
 * @param now milliseconds since the epoch
 * @throws {Fault} `certificate.invalid`, `certificate.encrypted`, `certificate.mismatch` or `certificate.expired`, with
 *   file and line
 */
export const parseCertificate = (text: CertificateText, files: CertificateFiles, now: number): Certificate => {
  const leaf = parseChain(text.cert, files.certificateFile);
  const key = parseKey(text.key, files.keyFile);
  if (!leaf.checkPrivateKey(key)) {
    const message = `the key does not belong to the certificate in ${files.certificateFile}; replace both files together`;
    throw new Fault('certificate.mismatch', message, { at: { file: files.keyFile, line: 1 } });
  }
  const certificate = describe(leaf, text);
  if (certificate.expires <= now) {
    const message = `the certificate ended on ${leaf.validTo}; replace it, and its key in ${files.keyFile}`;
    throw new Fault('certificate.expired', message, { at: { file: files.certificateFile, line: 1 } });
  }
  return certificate;
};

/** Describes a certificate that is known to be good. */
export const describe = (leaf: X509Certificate, { cert, key }: CertificateText): Certificate => ({
  cert,
  key,
  expires: Date.parse(leaf.validTo),
  begins: Date.parse(leaf.validFrom),
  fingerprint: leaf.fingerprint256,
  hosts: leaf.subjectAltName ?? leaf.subject,
});

interface Block {
  readonly line: number;
  readonly text: string;
}

/** Finds the PEM blocks of a label ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) with the line they begin on. */
export const pemBlocks = (text: string, label: RegExp): readonly Block[] =>
  [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)]
    .filter(([, found = '']) => label.test(found))
    .map(({ 0: block, index }) => ({ line: text.slice(0, index).split('\n').length, text: block }));

const parseChain = (text: string, file: string): X509Certificate => {
  const [leaf] = pemBlocks(text, /^CERTIFICATE$/).map(({ line, text: block }) => {
    try {
      return new X509Certificate(block);
    } catch (thrown) {
      const message = `the certificate cannot be read: ${toError(thrown).message}`;
      throw new Fault('certificate.invalid', message, { at: { file, line } });
    }
  });
  if (leaf === undefined) {
    const message = 'the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)';
    throw new Fault('certificate.invalid', message, { at: { file, line: 1 } });
  }
  return leaf;
};

const parseKey = (text: string, file: string) => {
  const [block] = pemBlocks(text, /PRIVATE KEY$/);
  if (block === undefined) {
    const message = 'the file holds no private key in PEM (-----BEGIN PRIVATE KEY-----)';
    throw new Fault('certificate.invalid', message, { at: { file, line: 1 } });
  }
  if (/ENCRYPTED/.test(block.text)) {
    const message = `the private key is encrypted, and no password can be given; take it out of its encryption by: openssl pkey -in ${file} -out NEW`;
    throw new Fault('certificate.encrypted', message, { at: { file, line: block.line } });
  }
  try {
    return createPrivateKey(block.text);
  } catch (thrown) {
    const message = `the private key cannot be read: ${toError(thrown).message}`;
    throw new Fault('certificate.invalid', message, { at: { file, line: block.line } });
  }
};
