// Signatures: what was signed verifies, and nothing else does.
import { describe, expect, it } from 'vitest';
import { hashFile } from '../../../core/bundle/hash-file.ts';
import { encodeJws, SIGNATURES_FILE } from '../../../core/bundle/jws.ts';
import type { BundleFiles } from '../../../core/bundle/parse-files.ts';
import { signBundle } from '../../../core/bundle/sign.ts';
import { readVerificationKeys } from '../../../core/bundle/verification-key.ts';
import { isSigned, type Verification, verifyBundle } from '../../../core/bundle/verify.ts';
import type { JsonObject } from '../../../core/index.ts';
import { faultFrom } from '../../runtimes/node/fault-of.ts';
import { type BundleKeys, makeKeys } from './bundle-keys.ts';
import { filesOf, smallFiles, withFile, withoutFile } from './small-files.ts';

const { subtle } = crypto;
const rsa = await makeKeys('RS256', 'release');
const ec = await makeKeys('ES256', 'next');
const stranger = await makeKeys('RS256', 'release');

const sign = (keys: BundleKeys = rsa, files: BundleFiles = smallFiles) =>
  signBundle(files, { key: keys.signing }, subtle);

const verify = (files: BundleFiles, verification: Partial<Verification> = {}) =>
  verifyBundle(files, { keys: [rsa.verification, ec.verification], ...verification }, subtle);

const codeOf = async (files: BundleFiles, verification?: Partial<Verification>) => {
  const { code, at } = await faultFrom(verify(files, verification));
  return [code, at?.file];
};

/** A bundle with a token of our own making in place of the signature. */
const withToken = (token: unknown, files: BundleFiles = smallFiles, more: object = {}): BundleFiles =>
  withFile(SIGNATURES_FILE, JSON.stringify({ signatures: [token], ...more }), files);

const signedList = async (files: BundleFiles = smallFiles) =>
  Promise.all(
    [...files].map(async ([name, content]) => ({
      name,
      hash: await hashFile([name, content], 'SHA-256', subtle),
      algorithm: 'SHA-256',
    })),
  );

const token = async (payload: JsonObject, header: JsonObject = { kid: 'release' }) =>
  encodeJws({ header, payload }, rsa.signing, subtle);

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a signed bundle', () => {
  it.each([
    ['RS256', rsa, 'release'],
    ['ES256', ec, 'next'],
  ] as const)('verifies, signed with %s', async (algorithm, keys, keyId) => {
    const signed = await sign(keys);
    expect(isSigned(signed)).toBe(true);
    expect(await verify(signed)).toEqual({ keyId, algorithm });
  });

  it('is signed the same twice with RS256', async () => {
    expect((await sign()).get(SIGNATURES_FILE)).toEqual((await sign()).get(SIGNATURES_FILE));
  });

  it('loses the signature that it had', async () => {
    expect(await verify(await sign(ec, await sign(rsa)))).toMatchObject({ keyId: 'next' });
  });

  it('verifies when its documents are written otherwise, for they are hashed by content', async () => {
    const signed = await sign();
    const data = JSON.parse(new TextDecoder().decode(smallFiles.get('data.json')));
    const { podgraft, ...rest } = data;
    expect(await verify(withFile('data.json', JSON.stringify({ ...rest, podgraft }, null, 2), signed))).toBeTruthy();
  });

  it('verifies with a key without an id, and where the signature names none', async () => {
    const [nameless] = await readVerificationKeys(rsa.publicJwk, { at: {} }, subtle);
    expect(nameless?.id).toBe('');
    expect(await verify(await sign(), { keys: nameless === undefined ? [] : [nameless] })).toMatchObject({ keyId: '' });
    const unnamed = await signBundle(smallFiles, { key: { ...ec.signing, id: '' } }, subtle);
    expect(await verify(unnamed)).toMatchObject({ keyId: 'next' });
  });

  it('may name its key where older versions of OPA do', async () => {
    const older = await token({ files: await signedList(), keyid: 'release' }, {});
    expect(await verify(withToken(older))).toMatchObject({ keyId: 'release' });
    const other = await token({ files: await signedList(), keyid: 'unknown' }, {});
    expect(await codeOf(withToken(other))).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });

  it('must be for the scope that is asked for', async () => {
    const scoped = await signBundle(smallFiles, { key: rsa.signing, claims: { scope: 'write' } }, subtle);
    expect(await verify(scoped, { scope: 'write' })).toBeTruthy();
    expect(await codeOf(scoped)).toEqual(['bundle.signature', SIGNATURES_FILE]);
    expect(await codeOf(await sign(), { scope: 'write' })).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });
});

describe('a bundle is refused', () => {
  it('unsigned', async () => {
    expect(isSigned(smallFiles)).toBe(false);
    expect(await codeOf(smallFiles)).toEqual(['bundle.unsigned', SIGNATURES_FILE]);
  });

  it('signed with another key, also one of the same id', async () => {
    expect(await codeOf(await sign(stranger))).toEqual(['bundle.signature', SIGNATURES_FILE]);
    expect(await codeOf(await sign(ec), { keys: [rsa.verification] })).toEqual(['bundle.signature', SIGNATURES_FILE]);
    expect(await codeOf(await sign(), { keys: [] })).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });

  it.each([...smallFiles.keys()])('when %s is changed, or taken away', async (name) => {
    const signed = await sign();
    const changed = name === 'data.json' || name === '.manifest' ? '{"podgraft": 1}' : 'changed';
    expect(await codeOf(withFile(name, changed, signed))).toEqual(['bundle.tampered', name]);
    expect(await codeOf(withoutFile(name, signed))).toEqual(['bundle.tampered', name]);
  });

  it.each(['templates/two/template.yaml', 'README.md', 'data/.signatures.json'])('when %s is added', async (name) => {
    expect(await codeOf(withFile(name, 'x', await sign()))).toEqual(['bundle.tampered', name]);
  });

  it('when two files change places', async () => {
    const signed = await sign(rsa, withFile('templates/two/template.yaml', 'two'));
    const one = signed.get('templates/one/template.yaml') ?? new Uint8Array();
    const two = signed.get('templates/two/template.yaml') ?? new Uint8Array();
    const swapped = new Map([...signed, ['templates/one/template.yaml', two], ['templates/two/template.yaml', one]]);
    expect(await codeOf(swapped)).toEqual(['bundle.tampered', 'templates/one/template.yaml']);
  });

  it('when a document is no JSON, or holds half of a surrogate pair', async () => {
    const signed = await sign();
    expect(await codeOf(withFile('data.json', '{', signed))).toEqual(['bundle.invalid', 'data.json']);
    expect(await codeOf(withFile('data.json', '{"a": "\\ud800"}', signed))).toEqual(['bundle.invalid', 'data.json']);
    const bytes = new Map([...signed, ['data.json', Uint8Array.of(0x22, 0xff, 0x22)]]);
    expect(await codeOf(bytes)).toEqual(['bundle.invalid', 'data.json']);
  });
});

describe('a token is refused', () => {
  it.each([
    ['without a signature', { alg: 'none' }, ''],
    ['without a signature, in three parts', { alg: 'none' }, 'AA'],
    ['with the public key for a shared secret', { alg: 'HS256', kid: 'release' }, 'AAAA'],
    ['with an unknown algorithm', { alg: 'RS512', kid: 'release' }, 'AAAA'],
    ['without an algorithm', { kid: 'release' }, 'AAAA'],
    ['with an unknown key', { alg: 'RS256', kid: 'unknown' }, 'AAAA'],
    ['with a key id that is no text', { alg: 'RS256', kid: 7 }, 'AAAA'],
    ['with an extension', { alg: 'RS256', kid: 'release', crit: ['exp'], exp: 1 }, 'AAAA'],
  ])('%s', async (_, header, signature) => {
    const forged = `${base64(header)}.${base64({ files: await signedList() })}.${signature}`;
    expect(await codeOf(withToken(forged))).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });

  it.each([
    ['that is none', 'token'],
    ['of two parts', 'a.b'],
    ['of four parts', 'a.b.c.d'],
    ['that is not base64', '!!.??.--'],
    ['whose header is no object', `${base64([])}.${base64({})}.AAAA`],
    ['that is a number', 7],
  ])('%s', async (_, forged) => {
    expect((await faultFrom(verify(withToken(forged)))).code).toBe('bundle.signature');
  });

  it('whose payload was changed', async () => {
    const [header, , signature] = (await token({ files: await signedList() })).split('.');
    const more = withFile('README.md', 'more');
    const forged = `${header}.${base64({ files: await signedList(more) })}.${signature}`;
    expect(await codeOf(withToken(forged, more))).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });

  it.each([
    ['without files', {}],
    ['with a list that is none', { files: 'all' }],
    ['with a file that is no object', { files: ['data.json'] }],
    ['with a weak hash', { files: [{ name: 'data.json', hash: '00', algorithm: 'MD5' }] }],
    ['with a hash of no algorithm', { files: [{ name: 'data.json', hash: '00' }] }],
  ])('%s, although signed', async (_, payload) => {
    expect(await codeOf(withToken(await token(payload)))).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });

  it.each([
    ['two of them', { signatures: ['a.b.c', 'a.b.c'] }],
    ['a plugin’s', { plugin: 'custom' }],
    ['none', { signatures: [] }],
    ['no list', { signatures: 'a.b.c' }],
  ])('where there is %s', async (_, more) => {
    const files = withToken(await token({ files: await signedList() }), smallFiles, more);
    expect(await codeOf(files)).toEqual(['bundle.signature', SIGNATURES_FILE]);
    expect(await codeOf(withFile(SIGNATURES_FILE, '[', smallFiles))).toEqual(['bundle.signature', SIGNATURES_FILE]);
  });
});

describe('a hash', () => {
  it.each(['SHA-384', 'SHA-512'] as const)('may be %s', async (algorithm) => {
    const list = await signedList();
    const files = await Promise.all(
      [...smallFiles].map(async (file, index) => ({
        ...list[index],
        hash: (await hashFile(file, algorithm, subtle)).toUpperCase(),
        algorithm,
      })),
    );
    expect(await verify(withToken(await token({ files } as unknown as JsonObject)))).toBeTruthy();
  });
});

describe('a verification key', () => {
  const read = (document: unknown) =>
    readVerificationKeys(document as JsonObject, { at: { file: 'key.json' } }, subtle);

  it('is read from a set, with its ids', async () => {
    const keys = await read({ keys: [{ ...rsa.publicJwk, kid: 'one' }, ec.publicJwk] });
    expect(keys.map(({ id, algorithm }) => [id, algorithm])).toEqual([
      ['one', 'RS256'],
      ['', 'ES256'],
    ]);
  });

  it.each([
    ['is secret', rsa.privateJwk],
    ['is a shared secret', { kty: 'oct', k: 'AAAA' }],
    ['is for another algorithm', { ...rsa.publicJwk, alg: 'PS256' }],
    ['is short', { kty: 'RSA', n: 'A'.repeat(171), e: 'AQAB' }],
    ['is on another curve', { ...ec.publicJwk, crv: 'P-384' }],
    ['is broken', { ...ec.publicJwk, x: 'AAAA' }],
    ['is none', {}],
    ['stands in an empty set', { keys: [] }],
    ['stands in no list', { keys: 'all' }],
  ])('is refused when it %s', async (_, document) => {
    expect(await faultFrom(read(document))).toMatchObject({ code: 'bundle.key', at: { file: 'key.json' } });
  });
});

it('keeps files by name, not by order', async () => {
  const signed = await sign();
  expect(await verify(new Map([...signed].reverse()))).toBeTruthy();
  expect(await verify(await sign(rsa, filesOf({ '.manifest': '{}' })))).toBeTruthy();
});
