// Names of client certificates, and the facts that Cloudflare gives a Worker. Those facts are imitated here.
import { describe, expect, it } from 'vitest';
import { isCertificateName, readTlsClientAuth } from '../../../core/authentication/client-certificate.ts';
import { commonName } from '../../../core/authentication/distinguished-name.ts';

describe('a common name', () => {
  it.each<[string, string | undefined]>([
    ['CN=kube-apiserver', 'kube-apiserver'],
    ['CN=kube-apiserver,O=system:masters', 'kube-apiserver'],
    ['O=system:masters,CN=kube-apiserver', 'kube-apiserver'],
    ['O=x + CN = kube-apiserver , C=CH', 'kube-apiserver'],
    ['cn=kube-apiserver', 'kube-apiserver'],
    ['2.5.4.3=kube-apiserver', 'kube-apiserver'],
    ['CN=a\\, b', 'a, b'],
    ['CN=a\\,CN\\=b', 'a,CN=b'],
    ['O=x\\,CN=evil', undefined],
    ['O=x\\\\,CN=good', 'good'],
    ['O=CN=evil', undefined],
    ['CN=a=b', 'a=b'],
    ['CN=Z\\C3\\BCrich', 'Zürich'],
    ['CN=Zürich 🐑', 'Zürich 🐑'],
    ['CN=a\\ ', 'a '],
    ['CN=\\ a', ' a'],
    ['CN=a\\20', 'a '],
    ['CN=a\\00b', 'a\0b'],
    ['CN=one,CN=two', undefined],
    ['CN=one+CN=one', undefined],
    ['CN=', undefined],
    ['CN', undefined],
    ['', undefined],
    ['CN=\\C3', undefined],
    ['CN=a\\', undefined],
    ['CN=a\\\\', 'a\\'],
    ['CN=a\\x', undefined],
    ['CN=#04024869', undefined],
    ['CN="quoted"', undefined],
    ['XCN=a', undefined],
  ])('of %j is %j', (text, name) => {
    expect(commonName(text)).toBe(name);
  });
});

describe('the facts of a Worker', () => {
  const facts = {
    certPresented: '1',
    certVerified: 'SUCCESS',
    certRevoked: '0',
    certSubjectDN: 'CN=wrong form',
    certSubjectDNRFC2253: 'CN=kube-apiserver,O=podgraft',
  };

  it('name who it is', () => {
    expect(readTlsClientAuth(facts)).toEqual({ verified: true, names: ['CN:kube-apiserver'] });
  });

  it.each([
    ['that was not verified', { certVerified: 'FAILED:self signed certificate' }],
    ['whose check is not known', { certVerified: undefined }],
    ['that was revoked', { certRevoked: '1' }],
    ['of which nobody says whether it was revoked', { certRevoked: undefined }],
  ])('do not vouch for one %s', (_, changes) => {
    expect(readTlsClientAuth({ ...facts, ...changes })?.verified).toBe(false);
  });

  it.each([undefined, null, 'SUCCESS', [], {}, { ...facts, certPresented: '0' }, Object.create(facts)])(
    'say nothing where they are %j',
    (value) => {
      expect(readTlsClientAuth(value)).toBeUndefined();
    },
  );

  it('leave out a name that cannot be read in one way', () => {
    expect(readTlsClientAuth({ ...facts, certSubjectDNRFC2253: 'CN=a,CN=b' })?.names).toEqual([]);
    expect(readTlsClientAuth({ ...facts, certSubjectDNRFC2253: 7 })?.names).toEqual([]);
  });
});

it.each<[string, boolean]>([
  ['CN:kube-apiserver', true],
  ['DNS:api.example', true],
  ['URI:spiffe://cluster/api', true],
  ['IP:10.0.0.1', true],
  ['EMAIL:a@b.example', true],
  ['kube-apiserver', false],
  ['cn:kube-apiserver', false],
  ['CN:', false],
  ['O:system:masters', false],
])('%s names a certificate: %s', (text, is) => {
  expect(isCertificateName(text)).toBe(is);
});
