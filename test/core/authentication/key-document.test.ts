// The documents that name an issuer's keys.
import { describe, expect, it } from 'vitest';
import { discoveryUrl, isHttps, parseDiscovery, parseKeySet } from '../../../core/authentication/key-document.ts';
import { createSigningKey, publicJwk } from './issuer.ts';

const at = { file: 'keys.json' };
const jwk = publicJwk(createSigningKey('one', 'ES256'));

describe('a key set', () => {
  it('leaves out keys of types that nobody knows', () => {
    expect(parseKeySet(JSON.stringify({ keys: [jwk, { kty: 'NEW' }] }), at)).toEqual({ keys: [jwk] });
  });

  it.each([
    ['no JSON', '{', 'no JSON object'],
    ['a text', '"keys"', 'no JSON object'],
    ['without keys', '{}', 'no JSON Web Key Set'],
    ['with keys that are no list', '{"keys":{}}', 'no JSON Web Key Set'],
    ['with keys that are no objects', '{"keys":["a"]}', 'no JSON Web Key Set'],
    ['with keys in its prototype', '{"__proto__":{"keys":[]}}', 'no JSON Web Key Set'],
    ['of shared secrets', JSON.stringify({ keys: [jwk, { kty: 'oct', k: 'aaaa' }] }), 'a secret key'],
    ['of private keys', JSON.stringify({ keys: [{ ...jwk, d: 'aaaa' }] }), 'a secret key'],
    ['of nothing usable', '{"keys":[{"kty":"NEW"}]}', 'no public key'],
    ['that is endless', JSON.stringify({ keys: [jwk], x: 'x'.repeat(300_000) }), 'longer than'],
  ])('that is %s is refused', (_, text, message) => {
    expect(() => parseKeySet(text, at)).toThrow(expect.objectContaining({ code: 'authentication.keys', at }));
    expect(() => parseKeySet(text, at)).toThrow(message);
  });
});

describe('a discovery document', () => {
  it.each([
    ['https://issuer.test', 'https://issuer.test/.well-known/openid-configuration'],
    ['https://issuer.test/', 'https://issuer.test/.well-known/openid-configuration'],
    ['https://issuer.test/id/EXAMPLE', 'https://issuer.test/id/EXAMPLE/.well-known/openid-configuration'],
  ])('of %s is at %s', (issuer, url) => {
    expect(discoveryUrl(issuer)).toBe(url);
  });

  it('names the address of the keys', () => {
    const text = JSON.stringify({ issuer: 'https://issuer.test', jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks' });
    expect(parseDiscovery(text, 'https://issuer.test')).toBe('https://10.0.0.1:6443/openid/v1/jwks');
  });

  it.each<[string, boolean]>([
    ['https://a.test', true],
    ['https://[::1]:8443/x', true],
    ['http://a.test', false],
    ['HTTPS://a.test', false],
    ['https://user:pass@a.test', false],
    ['https://a.test?x=1', false],
    ['https://a.test/#x', false],
    ['https://', false],
    ['https:///x', false],
    ['https://a.test/ x', false],
    ['https://a.test\\@b.test', false],
    ['file:///etc/passwd', false],
    ['\nhttps://a.test', false],
  ])('%j is an address to ask: %s', (url, is) => {
    expect(isHttps(url)).toBe(is);
  });
});
