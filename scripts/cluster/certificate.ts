// Makes the test cluster's certificate authority and the certificates that it signs.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that lives as long as the test. Its certificates hold for a day. */
export interface Authority {
  readonly certificate: string;
  /** For a server that is reached by 127.0.0.1 or localhost. */
  readonly issueServer: (name: string) => Promise<KeyPair>;
  /** For a client: Kubernetes reads the user's name from CN and a group from O. */
  readonly issueClient: (user: string, group?: string) => Promise<KeyPair>;
}

/** Creates an authority with a new key. */
export const createAuthority = async (name: string): Promise<Authority> => {
  const keys = await generateKeys();
  const root = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });

  async function issue(
    subject: readonly Record<string, string[]>[],
    purpose: ExtendedKeyUsage,
    names: JsonGeneralName[],
  ) {
    const own = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      subject: [...subject],
      issuer: root.subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: ALGORITHM,
      ...validity(),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([purpose]),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: certificate.toString('pem'), key: await encodeKey(own.privateKey) };
  }

  return {
    certificate: root.toString('pem'),
    issueServer: (server) =>
      issue([{ CN: [server] }], ExtendedKeyUsage.serverAuth, [
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    issueClient: (user, group) =>
      issue([...(group === undefined ? [] : [{ O: [group] }]), { CN: [user] }], ExtendedKeyUsage.clientAuth, []),
  };
};

const generateKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const encodeKey = async (key: CryptoKey): Promise<string> =>
  PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');

/** Begins a minute ago, for the sake of clocks that are not quite the same. */
const validity = (): { readonly notBefore: Date; readonly notAfter: Date } => {
  const now = Date.now();
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + DAY) };
};
