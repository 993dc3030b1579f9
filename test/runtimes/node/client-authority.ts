// An authority that signs client certificates for tests, the wrong as well as the right.
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;

/** What a client shows: its certificate, or a chain of them, and its key; PEM. */
export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

/** What a client certificate says. */
export interface Subject {
  /** As many as there are to be. */
  readonly names?: readonly string[];
  readonly alternatives?: readonly JsonGeneralName[];
  /** What it is for; the default is a client. */
  readonly usage?: 'client' | 'server';
  /** Milliseconds since the epoch. */
  readonly notBefore?: number;
  readonly notAfter?: number;
}

/** An authority. */
export interface ClientAuthority {
  readonly pem: string;
  readonly issue: (subject: Subject) => Promise<ClientPair>;
  /** An authority below this one; what it issues comes with the chain. */
  readonly delegate: (name: string) => Promise<ClientAuthority>;
}

/** Makes an authority. Two of one name are as different as any: their keys are. */
export const createClientAuthority = async (name: string): Promise<ClientAuthority> => {
  const keys = await generateKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    extensions: await authorityExtensions(keys.publicKey),
  });
  return authorityOf({ certificate, keys, chain: '' });
};

interface Signer {
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
  /** What stands behind a leaf of this authority. */
  readonly chain: string;
}

const authorityOf = (signer: Signer): ClientAuthority => ({
  pem: signer.certificate.toString('pem'),
  issue: async ({ names = [], alternatives = [], usage = 'client', ...time }) => {
    const keys = await generateKeys();
    const certificate = await sign(signer, {
      subject: names.map((name) => ({ CN: [name] })),
      keys,
      time,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([usage === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth]),
        ...(alternatives.length > 0 ? [new SubjectAlternativeNameExtension([...alternatives])] : []),
      ],
    });
    const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    return { cert: `${certificate.toString('pem')}\n${signer.chain}`, key };
  },
  delegate: async (name) => {
    const keys = await generateKeys();
    const certificate = await sign(signer, {
      subject: [{ CN: [name] }],
      keys,
      time: {},
      extensions: await authorityExtensions(keys.publicKey),
    });
    return authorityOf({ certificate, keys, chain: `${certificate.toString('pem')}\n${signer.chain}` });
  },
});

interface Signing {
  readonly subject: { CN: string[] }[];
  readonly keys: CryptoKeyPair;
  readonly time: Pick<Subject, 'notBefore' | 'notAfter'>;
  readonly extensions: Extension[];
}

const sign = async (signer: Signer, { subject, keys, time, extensions }: Signing): Promise<X509Certificate> =>
  X509CertificateGenerator.create({
    subject,
    issuer: signer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: signer.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(time.notBefore ?? Date.now() - 60_000),
    notAfter: new Date(time.notAfter ?? Date.now() + DAY),
    // Which of several authorities of one name has signed is told by its key, as Go's library does.
    extensions: [...extensions, await AuthorityKeyIdentifierExtension.create(signer.keys.publicKey)],
  });

const authorityExtensions = async (key: CryptoKey) => [
  await SubjectKeyIdentifierExtension.create(key),
  new BasicConstraintsExtension(true, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

const generateKeys = (): Promise<CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
