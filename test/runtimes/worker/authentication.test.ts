// Callers of the Worker in workerd: the table of tokens, secrets, certificates as the platform tells of them.
import { randomBytes } from 'node:crypto';
import { type Request, Response } from 'miniflare';
import { describe, expect, it } from 'vitest';
import { createIssuer } from '../../core/authentication/issuer.ts';
import { CREDENTIAL_LIMIT, tokenTable } from '../../core/authentication/token-table.ts';
import { startWorkerd } from './start-workerd.ts';
import { logged, prepareWorkers, review, until } from './worker-scene.ts';

const { start, modules } = prepareWorkers();

const secret = (): string => randomBytes(32).toString('hex');
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });

const REFUSED = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer' },
  text: '{"code":"auth.refused","message":"the caller is not authenticated"}',
};

describe('tokens of an issuer', () => {
  const issuer = createIssuer();
  const JWT = {
    PODGRAFT_JWT_ISSUER: issuer.url,
    PODGRAFT_JWT_AUDIENCES: issuer.audience,
    PODGRAFT_JWT_SUBJECTS: `system:serviceaccount:a:b,${issuer.subject}`,
    PODGRAFT_CREDENTIAL_LIMIT: String(CREDENTIAL_LIMIT),
  };

  it('pass the table', async () => {
    const worker = await start({ bindings: { ...JWT, PODGRAFT_JWT_KEYS: issuer.keySet() } });
    const reasons = new Set<string>();
    for (const { name, token, refused } of tokenTable(issuer, Date.now())) {
      const answer = await worker.post(review, bearer(token));
      expect({ status: answer.status, name }).toEqual({ status: refused === undefined ? 200 : 401, name });
      if (refused !== undefined) {
        expect(answer).toMatchObject(REFUSED);
        reasons.add(refused);
      }
    }
    await until(() => [...reasons].every((code) => logged(worker).some((line) => line['code'] === code)));
    expect(logged(worker).find(({ msg }) => msg === 'review')).toMatchObject({ caller: `jwt ${issuer.subject}` });
    expect(worker.lines.join('\n')).not.toMatch(/eyJ|Bearer/);
  });

  it('are verified by keys that are discovered once, however many ask', async () => {
    const asked: string[] = [];
    const worker = await start({
      bindings: JWT,
      // Stands for the issuer: the Worker's own requests come here.
      outboundService: (request: Request) => {
        asked.push(request.url);
        const path = new URL(request.url).pathname;
        return path === '/keys'
          ? new Response(issuer.keySet())
          : Response.json({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` });
      },
    });
    const token = bearer(issuer.mint(Date.now()));
    expect((await worker.post(review, token)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 8 }, () => worker.post(review, token)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(asked).toEqual([`${issuer.url}/.well-known/openid-configuration`, `${issuer.url}/keys`]);
  });

  it.each([
    ['away', () => new Response('', { status: 503 })],
    ['redirecting', () => new Response('', { status: 302, headers: { location: 'https://elsewhere.test/' } })],
    ['endless', () => new Response('{'.repeat(1024 * 1024))],
    ['another', () => Response.json({ issuer: 'https://elsewhere.test', jwks_uri: `${issuer.url}/keys` })],
  ])('are refused while the issuer is %s, which is said', async (_, answer) => {
    const worker = await start({ bindings: JWT, outboundService: answer });
    expect(await worker.post(review, bearer(issuer.mint(Date.now())))).toMatchObject(REFUSED);
    await until(() => logged(worker).some(({ reason }) => String(reason).includes('(authentication.keys)')));
    expect(logged(worker).find(({ code }) => code === 'auth.keys')).toMatchObject({ level: 'warn', status: 401 });
  });
});

describe('secrets', () => {
  const [one, two, three, old] = [secret(), secret(), secret(), secret()];
  const bindings = {
    PODGRAFT_TOKENS: `${old}\n${one}`,
    PODGRAFT_PASSWORDS: `api:${two}`,
    PODGRAFT_PATH_SECRETS: three,
  };

  it('any one suffices, several of a kind hold at once, and none is ever logged', async () => {
    const worker = await start({ bindings });
    const good = [bearer(one), bearer(old), basic(`api:${two}`), { path: `/mutate/${three}?timeout=5s` }];
    const bad = [
      {},
      bearer(two),
      bearer(`${one}0`),
      basic(`api:${one}`),
      basic(`a:${two}`),
      { path: `/mutate/${one}` },
    ];
    for (const sending of good) {
      expect((await worker.post(review, sending)).status).toBe(200);
    }
    for (const sending of bad) {
      expect(await worker.post(review, sending)).toMatchObject(REFUSED);
    }
    expect((await worker.post(review, { path: `/mutate/${three}/more` })).status).toBe(404);
    await until(() => logged(worker).filter(({ msg }) => msg === 'review').length === good.length);
    const callers = logged(worker).filter(({ msg }) => msg === 'review');
    expect(callers.map(({ caller }) => caller)).toEqual(['token', 'token', 'password api', 'path']);
    for (const text of [one, two, three, old, Buffer.from(`api:${two}`).toString('base64')]) {
      expect(worker.lines.join('\n')).not.toContain(text);
    }
  });

  it('are asked for before anything else of a request is looked at', async () => {
    const worker = await start({ bindings });
    for (const body of ['', '{', 'x'.repeat(40_000)]) {
      expect(await worker.post(body)).toMatchObject(REFUSED);
    }
    expect(await worker.post(review, { headers: { 'content-type': 'text/plain' } })).toMatchObject(REFUSED);
    const get = await worker.miniflare.dispatchFetch('http://podgraft.example/mutate');
    expect(get.status).toBe(401);
  });
});

describe('client certificates', () => {
  // The facts are imitated: only Cloudflare's own network verifies certificates and writes them.
  const facts = (change: Readonly<Record<string, string>> = {}) => ({
    cf: {
      tlsClientAuth: {
        certPresented: '1',
        certVerified: 'SUCCESS',
        certRevoked: '0',
        certSubjectDNRFC2253: 'CN=kube-apiserver,O=system:masters',
        ...change,
      },
    },
  });

  it.each([
    ['verified, with the name', facts(), 200],
    ['not verified', facts({ certVerified: 'FAILED:self signed certificate' }), 401],
    ['revoked', facts({ certRevoked: '1' }), 401],
    ['not shown', facts({ certPresented: '0' }), 401],
    ['with another name', facts({ certSubjectDNRFC2253: 'CN=kube-scheduler' }), 401],
    ['with the name elsewhere', facts({ certSubjectDNRFC2253: 'CN=web,O=CN\\=kube-apiserver' }), 401],
    ['with two names', facts({ certSubjectDNRFC2253: 'CN=kube-apiserver,CN=web' }), 401],
    ['of no such facts', {}, 401],
    ['told of in a header', { headers: { 'cf-client-cert': 'CN=kube-apiserver' } }, 401],
  ])('%s', async (_, sending, status) => {
    const worker = await start({ bindings: { PODGRAFT_CLIENT_NAMES: 'CN:kube-apiserver' } });
    expect((await worker.post(review, sending)).status).toBe(status);
  });
});

describe('the Worker does not start', () => {
  it.each([
    ['with a way in and none wanted', { PODGRAFT_AUTHENTICATION: 'off', PODGRAFT_TOKENS: secret() }, 'is off, but'],
    ['with half of an issuer', { PODGRAFT_JWT_ISSUER: 'https://issuer.test' }, 'without PODGRAFT_JWT_AUDIENCES'],
    [
      'with keys that are secret',
      {
        PODGRAFT_JWT_ISSUER: 'https://issuer.test',
        PODGRAFT_JWT_AUDIENCES: 'a',
        PODGRAFT_JWT_SUBJECTS: 'b',
        PODGRAFT_JWT_KEYS: '{"keys":[{"kty":"oct","k":"c3dvcmRmaXNo"}]}',
      },
      '(authentication.keys)',
    ],
    ['with a name that no platform tells', { PODGRAFT_CLIENT_NAMES: 'DNS:api.example' }, 'common names alone'],
  ])('%s', async (_, bindings, message) => {
    const lines: string[] = [];
    await expect(startWorkerd(modules(), { bindings }, { lines })).rejects.toThrow();
    await until(() => lines.some((line) => line.includes(message)));
    expect(lines.join('\n')).not.toContain('c3dvcmRmaXNo');
  });
});
