// The methods together: any one suffices, and what is refused is refused for the reason that helps most.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AuthenticationSettings, createAuthenticator } from '../../../core/authentication/authenticator.ts';
import type { Credentials } from '../../../core/authentication/method.ts';
import { createIssuer } from './issuer.ts';
import { createSurroundings, NOON } from './surroundings.ts';
import { CLOCK_SKEW } from './token-table.ts';

const secret = (): string => randomBytes(24).toString('hex');
const [tokenA, tokenB, pathA, pathB, passwordA, passwordB] = [1, 2, 3, 4, 5, 6].map(secret) as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const issuer = createIssuer();

const all: AuthenticationSettings = {
  jwt: {
    issuer: issuer.url,
    audiences: [issuer.audience],
    subjects: [issuer.subject],
    algorithms: ['ES256'],
    clockSkew: CLOCK_SKEW,
    keySet: { text: issuer.keySet(), file: 'keys.json' },
  },
  tokens: [tokenA, tokenB],
  passwords: [`api:${passwordA}`, `api:${passwordB}`, `other:${passwordA}`],
  pathSecrets: [pathA, pathB],
  certificateNames: ['CN:kube-apiserver', 'DNS:api.example'],
  credentialLimit: 4096,
};

const ask = async (credentials: Partial<Credentials>, settings = all) => {
  const { authenticate } = await createAuthenticator(settings, createSurroundings());
  return authenticate({ authorization: undefined, pathSecret: undefined, ...credentials });
};

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const certificate = (...names: string[]) => ({ verified: true, names });

describe('who is let in', () => {
  it.each<[string, Partial<Credentials>, object]>([
    ['one token', { authorization: `Bearer ${tokenA}` }, { method: 'token' }],
    ['the other token', { authorization: `Bearer ${tokenB}` }, { method: 'token' }],
    ['a token by another writing of the scheme', { authorization: `bearer   ${tokenB}` }, { method: 'token' }],
    ['a name and password', { authorization: basic(`api:${passwordA}`) }, { method: 'password', name: 'api' }],
    ['the next password', { authorization: basic(`api:${passwordB}`) }, { method: 'password', name: 'api' }],
    ['another name', { authorization: basic(`other:${passwordA}`) }, { method: 'password', name: 'other' }],
    ['one path', { pathSecret: pathA }, { method: 'path' }],
    ['the other path', { pathSecret: pathB }, { method: 'path' }],
    [
      'a common name',
      { certificate: certificate('CN:kube-apiserver') },
      { method: 'certificate', name: 'CN:kube-apiserver' },
    ],
    [
      'an alternative name',
      { certificate: certificate('CN:x', 'DNS:api.example') },
      { method: 'certificate', name: 'DNS:api.example' },
    ],
    ['a signed token', { authorization: `Bearer ${issuer.mint(NOON)}` }, { method: 'jwt', name: issuer.subject }],
    [
      'one good credential among bad ones',
      { authorization: 'Bearer bad', pathSecret: pathA, certificate: certificate('CN:x') },
      { method: 'path' },
    ],
  ])('by %s', async (_, credentials, caller) => {
    expect(await ask(credentials)).toEqual({ caller });
  });
});

describe('who is not', () => {
  it.each<[string, Partial<Credentials>, string]>([
    ['nothing', {}, 'auth.missing'],
    ['an empty header', { authorization: '' }, 'auth.header'],
    ['a scheme alone', { authorization: 'Bearer' }, 'auth.header'],
    ['a scheme and a space', { authorization: 'Bearer ' }, 'auth.header'],
    ['a token alone', { authorization: tokenA }, 'auth.header'],
    ['a token by another scheme', { authorization: `Token ${tokenA}` }, 'auth.header'],
    ['two tokens', { authorization: `Bearer ${tokenA}, Bearer ${tokenB}` }, 'auth.header'],
    ['a token cut off', { authorization: `Bearer ${tokenA.slice(0, -1)}` }, 'auth.token'],
    ['a token with more behind it', { authorization: `Bearer ${tokenA}a` }, 'auth.token'],
    ['a token in capitals', { authorization: `Bearer ${tokenA.toUpperCase()}` }, 'auth.token'],
    ['a path as a token', { authorization: `Bearer ${pathA}` }, 'auth.token'],
    ['a token as a path', { pathSecret: tokenA }, 'auth.path'],
    ['an empty path', { pathSecret: '' }, 'auth.path'],
    ['a path that goes on', { pathSecret: `${pathA}/` }, 'auth.path'],
    ['a path that is endless', { pathSecret: 'a'.repeat(5000) }, 'auth.size'],
    ['a token that is longer than any', { authorization: `Bearer ${'a'.repeat(1025)}` }, 'auth.size'],
    ['a header that is longer than any', { authorization: `Bearer ${'a'.repeat(4096)}` }, 'auth.size'],
    ['a password that is longer than any', { authorization: `Basic ${'a'.repeat(1400)}` }, 'auth.size'],
    ['a wrong password', { authorization: basic(`api:${tokenA}`) }, 'auth.password'],
    ['a wrong name', { authorization: basic(`root:${passwordA}`) }, 'auth.password'],
    ['the password of another', { authorization: basic(`other:${passwordB}`) }, 'auth.password'],
    ['a password not encoded', { authorization: `Basic api:${passwordA}` }, 'auth.password'],
    [
      'a certificate that is not verified',
      { certificate: { verified: false, names: all.certificateNames ?? [] } },
      'auth.certificate',
    ],
    ['a certificate of another name', { certificate: certificate('CN:other') }, 'auth.certificate-name'],
    ['a certificate without a name', { certificate: certificate() }, 'auth.certificate-name'],
    ['a name of another kind', { certificate: certificate('DNS:kube-apiserver') }, 'auth.certificate-name'],
    [
      'a signed token that is bad',
      { authorization: `Bearer ${issuer.mint(NOON, { claims: { iss: 'x' } })}` },
      'auth.jwt-issuer',
    ],
    [
      'all wrong: the header tells',
      { authorization: 'Bearer x.y', pathSecret: 'a', certificate: certificate() },
      'auth.jwt',
    ],
    ['all wrong but no header: the path tells', { pathSecret: 'a', certificate: certificate() }, 'auth.path'],
  ])('by %s', async (_, credentials, refused) => {
    expect(await ask(credentials)).toEqual({ refused });
  });

  it.each<[keyof AuthenticationSettings, Partial<Credentials>, string]>([
    ['tokens', { authorization: `Bearer ${tokenA}` }, 'auth.header'],
    ['jwt', { authorization: `Bearer ${issuer.mint(NOON)}` }, 'auth.header'],
    ['passwords', { authorization: basic(`api:${passwordA}`) }, 'auth.header'],
    ['pathSecrets', { pathSecret: pathA }, 'auth.missing'],
    ['certificateNames', { certificate: certificate('CN:kube-apiserver') }, 'auth.missing'],
  ])('by a method that is not set: %s', async (method, credentials, refused) => {
    const others = method === 'pathSecrets' ? { passwords: [`api:${passwordA}`] } : { pathSecrets: [pathA] };
    const withScheme = refused === 'auth.header' && method === 'passwords' ? { tokens: [tokenA] } : others;
    const settings =
      refused === 'auth.header' && method !== 'passwords' ? { passwords: [`a:${passwordA}`] } : withScheme;
    expect(await ask(credentials, settings)).toEqual({ refused });
    expect(await ask(credentials, { ...settings, [method]: all[method] })).toHaveProperty('caller');
  });
});

describe('settings that cannot be meant', () => {
  it.each<[string, AuthenticationSettings, string]>([
    ['no method at all', {}, 'authentication.none'],
    ['no method but a limit', { credentialLimit: 100 }, 'authentication.none'],
    ['an authority without names', { certificateNames: [] }, 'authentication.names'],
    ['a name without its kind', { certificateNames: ['kube-apiserver'] }, 'authentication.names'],
    [
      'an issuer that cannot be asked',
      { jwt: { ...all.jwt, issuer: 'http://a.test', keySet: undefined } as never },
      'authentication.issuer',
    ],
    [
      'a key set that is none',
      { jwt: { ...all.jwt, keySet: { text: '{}', file: 'f' } } as never },
      'authentication.keys',
    ],
  ])('are refused: %s', async (_, settings, code) => {
    await expect(createAuthenticator(settings, createSurroundings())).rejects.toThrow(
      expect.objectContaining({ code }),
    );
  });
});
