// Reads the certificate that a client showed in the TLS handshake, and judges it by the authorities of now.
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../../core/authentication/client-certificate.ts';
import { Fault, toError } from '../../core/errors.ts';
import { parseAlternativeNames } from './alternative-names.ts';
import { pemBlocks } from './certificate.ts';

/** The authorities that sign client certificates. */
export interface ClientAuthorities {
  /** The file's text, for the TLS handshake. */
  readonly pem: string;
  readonly certificates: readonly X509Certificate[];
}

/**
 * Reads a file of authorities.
 *
 * @throws {Fault} `authentication.authority`, with file and line
 */
export const parseClientAuthorities = (pem: string, file: string): ClientAuthorities => {
  const certificates = pemBlocks(pem, /^CERTIFICATE$/).map(({ line, text }) => {
    const certificate = parseCertificate(text, { file, line });
    if (!certificate.ca) {
      throw new Fault('authentication.authority', 'the certificate is not one of an authority', { at: { file, line } });
    }
    return certificate;
  });
  if (certificates.length === 0) {
    const message = 'the file holds no certificate in PEM (-----BEGIN CERTIFICATE-----)';
    throw new Fault('authentication.authority', message, { at: { file, line: 1 } });
  }
  return { pem, certificates };
};

const parseCertificate = (text: string, at: { readonly file: string; readonly line: number }): X509Certificate => {
  try {
    return new X509Certificate(text);
  } catch (thrown) {
    const message = `the certificate cannot be read: ${toError(thrown).message}`;
    throw new Fault('authentication.authority', message, { at });
  }
};

/** What is known of a connection's client. */
interface Judged {
  readonly certificate: ClientCertificate | undefined;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Reads the client's certificate of the connection on which a request came. */
export type ReadClientCertificate = (platform: unknown) => ClientCertificate | undefined;

/**
 * Creates the reader. The handshake verified the certificate; its chain is verified once more against the authorities
 * of now, because a connection may have begun under others, and its end is looked at with each request.
 */
export const createClientCertificateReader = (
  authorities: ClientAuthorities,
  clock: () => number,
): ReadClientCertificate => {
  const known = new WeakMap<TLSSocket, Judged>();
  return (platform) => {
    const { socket } = (platform as { readonly incoming: IncomingMessage }).incoming;
    if (!(socket instanceof TLSSocket)) {
      return undefined;
    }
    const judged = known.get(socket) ?? judge(socket, authorities);
    known.set(socket, judged);
    return judged.certificate !== undefined && judged.expires <= clock()
      ? { ...judged.certificate, verified: false }
      : judged.certificate;
  };
};

const judge = (socket: TLSSocket, { certificates }: ClientAuthorities): Judged => {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) {
    return { certificate: undefined, expires: 0 };
  }
  const verified = socket.authorized && comesFrom(leaf, certificates);
  return { certificate: { verified, names: namesOf(leaf) }, expires: Date.parse(leaf.validTo) };
};

/** No chain of a control plane is longer. */
const LONGEST_CHAIN = 6;

/** Walks from the leaf up the chain that the client sent, until one of the authorities has signed. */
const comesFrom = (leaf: X509Certificate, authorities: readonly X509Certificate[]): boolean => {
  let certificate: X509Certificate | undefined = leaf;
  for (let depth = 0; depth < LONGEST_CHAIN && certificate !== undefined; depth += 1) {
    const signed: X509Certificate = certificate;
    if (authorities.some((authority) => hasSigned(authority, signed))) {
      return true;
    }
    const { issuerCertificate }: X509Certificate = signed;
    certificate =
      issuerCertificate !== undefined && hasSigned(issuerCertificate, signed) ? issuerCertificate : undefined;
  }
  return false;
};

const hasSigned = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** The certificate's names with their kinds. */
const namesOf = (certificate: X509Certificate): readonly string[] => {
  const common: unknown = certificate.toLegacyObject().subject.CN;
  return [
    // Several common names are a list; a name that can be read in two ways is none.
    ...(typeof common === 'string' && common !== '' ? [`CN:${common}`] : []),
    ...parseAlternativeNames(certificate.subjectAltName ?? ''),
  ];
};
