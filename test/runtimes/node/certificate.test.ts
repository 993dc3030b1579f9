// Certificates: read from files with exact complaints, or made in memory.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCertificate, readCertificateFiles } from '../../../runtimes/node/certificate.ts';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import { faultFrom, faultOf } from './fault-of.ts';
import { scratchFolder } from './scratch-folder.ts';

const FILES = { certificateFile: 'tls.crt', keyFile: 'tls.key' };
const NOW = Date.parse('2030-06-01T00:00:00Z');
const YEAR = 365 * 24 * 60 * 60 * 1000;

const parse = (cert: string, key: string, now = NOW) => parseCertificate({ cert, key }, FILES, now);

describe('a certificate made in memory', () => {
  it('is an ECDSA certificate for the hosts that are asked for', async () => {
    const { cert, key, expires } = await createEphemeralCertificate(['podgraft.pods.svc', '10.0.0.1', '::1'], NOW);
    const leaf = new X509Certificate(cert);
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(leaf.checkHost('podgraft.pods.svc')).toBe('podgraft.pods.svc');
    expect(leaf.checkIP('10.0.0.1')).toBe('10.0.0.1');
    expect(leaf.checkIP('::1')).toBeDefined();
    expect(leaf.checkHost('elsewhere.svc')).toBeUndefined();
    expect(leaf.verify(leaf.publicKey)).toBe(true);
    expect(leaf.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(expires).toBe(NOW + YEAR);
    expect(parse(cert, key)).toMatchObject({ cert, key, expires, fingerprint: leaf.fingerprint256 });
  });

  it('is another one each time', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => createEphemeralCertificate(['localhost'], NOW)));
    expect(one?.fingerprint).not.toBe(two?.fingerprint);
  });
});

describe('certificate files', () => {
  it('may hold text around the blocks, and a chain', async () => {
    const own = await createEphemeralCertificate(['localhost'], NOW);
    const authority = await createEphemeralCertificate(['authority'], NOW);
    const chain = `# leaf\n${own.cert}\n# authority\n${authority.cert}\n`;
    expect(parse(chain, `# key\n${own.key}`)).toMatchObject({ fingerprint: own.fingerprint, cert: chain });
  });

  it('may hold a key in the older EC form, behind its parameters', async () => {
    const own = await createEphemeralCertificate(['localhost'], NOW);
    const old = createPrivateKey(own.key).export({ type: 'sec1', format: 'pem' }).toString();
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(old).toContain('BEGIN EC PRIVATE KEY');
    expect(parse(own.cert, parameters + old).fingerprint).toBe(own.fingerprint);
  });

  it.each([
    ['an empty certificate file', (c: Pair) => ['', c.key], 'certificate.invalid', 'tls.crt', 1],
    ['a key in the place of the certificate', (c: Pair) => [c.key, c.key], 'certificate.invalid', 'tls.crt', 1],
    ['a certificate in the place of the key', (c: Pair) => [c.cert, c.cert], 'certificate.invalid', 'tls.key', 1],
    [
      'a damaged certificate',
      (c: Pair) => [`\n\n${c.cert.replace(/\n..../, '\nAAAA')}`, c.key],
      'certificate.invalid',
      'tls.crt',
      3,
    ],
    [
      'a damaged second certificate',
      (c: Pair) => [`${c.cert}\n${c.cert.replace(/\n..../, '\nAAAA')}`, c.key],
      'certificate.invalid',
      'tls.crt',
      undefined,
    ],
    [
      'a damaged key',
      (c: Pair) => [c.cert, `#\n${c.key.replace(/\n..../, '\n!!!!')}`],
      'certificate.invalid',
      'tls.key',
      2,
    ],
    ['the key of another certificate', (c: Pair) => [c.cert, c.other], 'certificate.mismatch', 'tls.key', 1],
  ])('are refused with %s', async (_, spoil, code, file, line) => {
    const { cert, key } = await createEphemeralCertificate(['localhost'], NOW);
    const { key: other } = await createEphemeralCertificate(['localhost'], NOW);
    const [badCert = '', badKey = ''] = spoil({ cert, key, other });
    const fault = faultOf(() => parse(badCert, badKey));
    expect(fault.code).toBe(code);
    expect(fault.at).toMatchObject({ file, ...(line === undefined ? {} : { line }) });
    expect(fault.message).not.toContain(key.split('\n')[1]);
  });

  it('are refused once the certificate has ended', async () => {
    const { cert, key } = await createEphemeralCertificate(['localhost'], NOW);
    expect(parse(cert, key, NOW + YEAR - 1).expires).toBe(NOW + YEAR);
    expect(faultOf(() => parse(cert, key, NOW + YEAR))).toMatchObject({ code: 'certificate.expired' });
  });

  it.each([
    ['PKCS #8', 'pkcs8'],
    ['the older form', 'sec1'],
  ] as const)('are refused with an encrypted key in %s, and how to mend it', async (_, type) => {
    const { cert, key } = await createEphemeralCertificate(['localhost'], NOW);
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'open sesame' };
    const encrypted = createPrivateKey(key)
      .export({ type, format: 'pem', ...cipher })
      .toString();
    expect(encrypted).toContain('ENCRYPTED');
    const fault = faultOf(() => parse(cert, encrypted));
    expect(fault).toMatchObject({ code: 'certificate.encrypted', at: { file: 'tls.key', line: 1 } });
    expect(fault.message).toContain('openssl pkey -in tls.key');
  });

  it('are named when they cannot be read', async () => {
    const missing = path.join(await scratchFolder(), 'missing.pem');
    const fault = await faultFrom(readCertificateFiles({ certificateFile: missing, keyFile: missing }));
    expect(fault).toMatchObject({ code: 'certificate.unreadable', at: { file: missing } });
    expect(fault.message).toContain('there is no such file');
  });
});

interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly other: string;
}
