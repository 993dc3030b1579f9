// The table of tokens through the authenticator, and what is remembered of the good ones.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../core/authentication/authenticator.ts';
import type { JwtMethodSettings } from '../../../core/authentication/jwt-method.ts';
import { createIssuer, createSigningKey } from './issuer.ts';
import { createSurroundings, NOON } from './surroundings.ts';
import { CLOCK_SKEW, CREDENTIAL_LIMIT, tokenTable } from './token-table.ts';

const issuer = createIssuer();

const settings: JwtMethodSettings = {
  issuer: issuer.url,
  audiences: ['unused', issuer.audience],
  subjects: [issuer.subject],
  algorithms: ['RS256', 'ES256'],
  clockSkew: CLOCK_SKEW,
  keySet: { text: issuer.keySet(), file: 'keys.json' },
};

const start = async (changes: Partial<JwtMethodSettings> = {}) => {
  const surroundings = createSurroundings();
  const jwt = { ...settings, ...changes };
  const authenticator = await createAuthenticator({ jwt, credentialLimit: CREDENTIAL_LIMIT }, surroundings);
  const ask = (token: string) =>
    authenticator.authenticate({ authorization: `Bearer ${token}`, pathSecret: undefined });
  return { surroundings, authenticator, ask };
};

const caller = { caller: { method: 'jwt', name: issuer.subject } };

describe('a token', () => {
  it.each(tokenTable(issuer, NOON))('$name: $refused', async ({ token, refused }) => {
    const { ask } = await start();
    const verdict = refused === undefined ? caller : { refused };
    expect(await ask(token)).toEqual(verdict);
    expect(await ask(token)).toEqual(verdict);
  });

  it('is refused on every cut', async () => {
    const { ask } = await start();
    const token = issuer.mint(NOON);
    for (let length = 0; length < token.length - 1; length += 7) {
      expect(await ask(token.slice(0, length)), `cut after ${length}`).toHaveProperty('refused');
    }
  });

  it('may lack a key id where one key alone can have signed it', async () => {
    const { ask } = await start();
    expect(await ask(issuer.mint(NOON, { header: { kid: undefined } }))).toEqual(caller);
    const twins = issuer.keySet([issuer.ec, createSigningKey('ec-2', 'ES256')]);
    const { ask: askTwins } = await start({ keySet: { text: twins, file: 'keys.json' } });
    expect(await askTwins(issuer.mint(NOON, { header: { kid: undefined } }))).toEqual({ refused: 'auth.jwt-key' });
  });

  it('is refused where the key set has an RSA key that is too short', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = { kid: 'short', alg: 'RS256' as const, private: pair.privateKey, public: pair.publicKey };
    const { ask } = await start({ keySet: { text: issuer.keySet([key]), file: 'keys.json' } });
    expect(await ask(issuer.mint(NOON, { key }))).toHaveProperty('refused');
  });
});

describe('a good token is remembered', () => {
  it('until it expires', async () => {
    const { ask, surroundings } = await start();
    const token = issuer.mint(NOON, { claims: { exp: NOON / 1000 + 60 } });
    expect(await ask(token)).toEqual(caller);
    surroundings.now += 59_000;
    expect(await ask(token)).toEqual(caller);
    surroundings.now += 1000 + CLOCK_SKEW + 1000;
    expect(await ask(token)).toEqual({ refused: 'auth.jwt-expired' });
  });

  it('so that it is not verified again', async () => {
    const verified = await start();
    const token = issuer.mint(NOON);
    await verified.ask(token);
    const begin = performance.now();
    for (let count = 0; count < 500; count += 1) {
      await verified.ask(token);
    }
    const remembered = performance.now() - begin;
    const again = performance.now();
    for (let count = 0; count < 500; count += 1) {
      const { ask } = verified;
      await ask(issuer.mint(NOON, { claims: { jti: String(count) } }));
    }
    expect(remembered).toBeLessThan(performance.now() - again);
  });

  it('and a bad one never: its signature decides each time', async () => {
    const { ask } = await start();
    const token = issuer.mint(NOON);
    await ask(token);
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    expect(await ask(forged)).toEqual({ refused: 'auth.jwt-signature' });
    expect(await ask(token)).toEqual(caller);
  });
});

describe('keys that are discovered', () => {
  const discovery = `${issuer.url}/.well-known/openid-configuration`;
  const keysUrl = 'https://keys.test/jwks';
  const documents = (text = issuer.keySet()) => ({
    [discovery]: JSON.stringify({ issuer: issuer.url, jwks_uri: keysUrl }),
    [keysUrl]: text,
  });

  const discover = async () => {
    const started = await start({ keySet: undefined });
    started.surroundings.documents = documents();
    return started;
  };

  it('pass the same table', async () => {
    const { ask } = await discover();
    for (const { name, token, refused } of tokenTable(issuer, NOON)) {
      expect(await ask(token), name).toEqual(refused === undefined ? caller : { refused });
    }
  });

  it('are asked for once in a while', async () => {
    const { ask, surroundings } = await discover();
    for (let minute = 0; minute < 10; minute += 1) {
      expect(await ask(issuer.mint(surroundings.now))).toEqual(caller);
      surroundings.now += 60_000;
    }
    expect(surroundings.fetched).toEqual([discovery, keysUrl]);
    expect(await ask(issuer.mint(surroundings.now))).toEqual(caller);
    expect(surroundings.fetched).toHaveLength(4);
  });

  it('are had before the first request, where that is wanted', async () => {
    const { ask, surroundings, authenticator } = await discover();
    await authenticator.prepare();
    expect(await ask(issuer.mint(NOON))).toEqual(caller);
    expect(surroundings.fetched).toHaveLength(2);
  });

  it('rotate: a new key id is asked for, at most twice a minute', async () => {
    const { ask, surroundings } = await discover();
    const next = createSigningKey('ec-2', 'ES256');
    const token = issuer.mint(NOON, { key: next });
    expect(await ask(issuer.mint(NOON))).toEqual(caller);
    surroundings.documents = documents(issuer.keySet([issuer.ec, next]));
    expect(await ask(token)).toEqual({ refused: 'auth.jwt-key' });
    surroundings.now += 31_000;
    expect(await ask(token)).toEqual(caller);
    const { length } = surroundings.fetched;
    for (let count = 0; count < 100; count += 1) {
      await ask(issuer.mint(NOON, { header: { kid: `unknown-${count}` } }));
    }
    expect(surroundings.fetched).toHaveLength(length);
  });

  it('that are gone take what they signed along, remembered or not', async () => {
    const { ask, surroundings } = await discover();
    const token = issuer.mint(NOON);
    expect(await ask(token)).toEqual(caller);
    surroundings.documents = documents(issuer.keySet([issuer.rsa]));
    surroundings.now += 10 * 60_000;
    expect(await ask(token)).toEqual({ refused: 'auth.jwt-key' });
    expect(await ask(issuer.mint(NOON, { key: issuer.rsa }))).toEqual(caller);
  });

  it('hold for a day while the issuer is away, and not longer', async () => {
    const { ask, surroundings } = await discover();
    expect(await ask(issuer.mint(NOON))).toEqual(caller);
    surroundings.documents = {};
    surroundings.now += 23 * 3_600_000;
    expect(await ask(issuer.mint(surroundings.now))).toEqual(caller);
    expect(surroundings.reported.map(({ code }) => code)).toEqual(['authentication.keys']);
    surroundings.now += 3_600_000;
    expect(await ask(issuer.mint(surroundings.now))).toEqual({ refused: 'auth.keys' });
    surroundings.documents = documents();
    surroundings.now += 31_000;
    expect(await ask(issuer.mint(surroundings.now))).toEqual(caller);
  });

  it('are renewed behind the answer where there is a place for it', async () => {
    const { authenticator, surroundings } = await discover();
    const work: Promise<unknown>[] = [];
    const ask = () =>
      authenticator.authenticate({
        authorization: `Bearer ${issuer.mint(surroundings.now)}`,
        pathSecret: undefined,
        background: (promise) => void work.push(promise),
      });
    expect(await ask()).toEqual(caller);
    expect(work).toHaveLength(0);
    surroundings.now += 10 * 60_000;
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([caller, caller, caller]);
    expect(work).toHaveLength(1);
    await Promise.all(work);
    expect(surroundings.fetched).toHaveLength(4);
  });

  it.each([
    [
      'that speak for another issuer',
      { [discovery]: JSON.stringify({ issuer: 'https://else.test', jwks_uri: keysUrl }) },
    ],
    ['at a plain address', { [discovery]: JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://keys.test/' }) }],
    ['that are no JSON', { [discovery]: '<html>' }],
    ['that are a list', { [discovery]: '[]' }],
    ['that are too large', { [discovery]: ' '.repeat(300_000) }],
    ['without keys', { [keysUrl]: '{}' }],
    ['with an empty set', { [keysUrl]: '{"keys":[]}' }],
    ['with secret keys', { [keysUrl]: JSON.stringify({ keys: [{ kty: 'oct', kid: 'ec-1', k: 'c2VjcmV0' }] }) }],
    ['with too many keys', { [keysUrl]: JSON.stringify({ keys: Array.from({ length: 65 }, () => ({ kty: 'EC' })) }) }],
  ])('from documents %s are none', async (_, changes) => {
    const { ask, surroundings } = await discover();
    surroundings.documents = { ...documents(), ...changes } as Record<string, string>;
    expect(await ask(issuer.mint(NOON))).toEqual({ refused: 'auth.keys' });
    expect(surroundings.reported.map(({ code }) => code)).toEqual(['authentication.keys']);
    // Once is enough for half a minute, however many ask.
    const { length } = surroundings.fetched;
    expect(await ask(issuer.mint(NOON))).toEqual({ refused: 'auth.keys' });
    expect(surroundings.fetched).toHaveLength(length);
  });

  it('are not asked for by more than a few at once', async () => {
    const { ask, surroundings } = await discover();
    const verdicts = await Promise.all(Array.from({ length: 500 }, () => ask(issuer.mint(NOON))));
    expect(surroundings.fetched.filter((url) => url === discovery).length).toBeLessThanOrEqual(32);
    expect(verdicts).toContainEqual(caller);
    expect(await ask(issuer.mint(NOON))).toEqual(caller);
  });
});
