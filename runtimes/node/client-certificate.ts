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
  /** All of them, for the TLS handshake. */
  readonly pem: string;
  readonly certificates: readonly X509Certificate[];
}

/**
 * Reads a file of authorities.
 *
 * @throws {Fault} `authentication.authority`, with file and line
 */
export const parseClientAuthorities = (source: string, file: string): ClientAuthorities => {
  const certificates = pemBlocks(source, /^CERTIFICATE$/).map(({ line, text }) => {
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
  return { pem: certificates.map(String).join(''), certificates };
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

/** By which authorities a connection's handshake was made: their certificates. */
export type HandshakeAuthority = (socket: TLSSocket) => string | undefined;

/**
 * Creates the reader. The handshake verified the certificate. A connection that stood when the authorities changed is
 * judged by those of now; its end is looked at with each request.
 */
export const createClientCertificateReader = (
  authorities: ClientAuthorities,
  { handshakeAuthority, clock }: { readonly handshakeAuthority: HandshakeAuthority; readonly clock: () => number },
): ReadClientCertificate => {
  const known = new WeakMap<TLSSocket, Judged>();
  return (platform) => {
    const { socket } = (platform as { readonly incoming: IncomingMessage }).incoming;
    if (!(socket instanceof TLSSocket)) {
      return undefined;
    }
    const judged = known.get(socket) ?? judge(socket, authorities, handshakeAuthority(socket));
    known.set(socket, judged);
    return judged.certificate !== undefined && judged.expires <= clock()
      ? { ...judged.certificate, verified: false }
      : judged.certificate;
  };
};

const judge = (socket: TLSSocket, { pem, certificates }: ClientAuthorities, handshake: string | undefined): Judged => {
  const leaf = socket.getPeerX509Certificate();
  if (leaf === undefined) {
    return { certificate: undefined, expires: 0 };
  }
  // Node does not tell the chain that a client sent. So where an authority in between has signed the leaf, the client is
  // refused once and comes anew; unless the one in between stands in the file too.
  const stands = handshake === pem || certificates.some((authority) => hasSigned(authority, leaf));
  return {
    certificate: { verified: socket.authorized && stands, names: namesOf(leaf) },
    expires: Date.parse(leaf.validTo),
  };
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
