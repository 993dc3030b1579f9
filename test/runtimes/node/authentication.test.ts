// Callers of a running server over TLS: tokens, passwords and path segments, and what strangers hear.
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { createIssuer, createSigningKey, type Issuer } from '../../core/authentication/issuer.ts';
import { CREDENTIAL_LIMIT, tokenTable } from '../../core/authentication/token-table.ts';
import { type AuthenticatedServer, basic, bearer, startAuthenticated } from './authenticated-server.ts';
import { keepAliveAgent, rawConnection, reviewBody, send } from './https-client.ts';
import { logged, run } from './run-server.ts';

// Building the policy takes seconds, where it changed.
beforeAll(async () => void (await ensureBundle()), 180_000);

const secret = (): string => randomBytes(32).toString('hex');

const REFUSED = {
  status: 401,
  text: '{"code":"auth.refused","message":"the caller is not authenticated"}',
};

const swapped = async (server: AuthenticatedServer, files: Readonly<Record<string, string>>): Promise<void> => {
  const seen = server.log.length;
  await server.mount.swap(files);
  await vi.waitFor(
    () => expect(server.log.slice(seen)).toContainEqual(expect.objectContaining({ msg: 'authentication reloaded' })),
    {
      timeout: 5000,
    },
  );
};

describe('tokens of an issuer', () => {
  const issuer = createIssuer();
  const flags = {
    jwtIssuer: issuer.url,
    jwtAudiences: issuer.audience,
    jwtSubjects: `system:serviceaccount:a:b,${issuer.subject}`,
    jwtKeysFile: 'keys.json',
    jwtClockSkew: '30s',
    credentialLimit: String(CREDENTIAL_LIMIT),
  };
  const start = () => startAuthenticated({ 'keys.json': issuer.keySet() }, flags);

  it('pass the table', async () => {
    const { ask, refusals, stdout } = await start();
    const agent = keepAliveAgent();
    const expected: Record<string, number> = {};
    for (const { name, token, refused } of tokenTable(issuer, Date.now())) {
      const answer = await ask({ ...bearer(token), agent });
      expect({ status: answer.status, name }).toEqual({ status: refused === undefined ? 200 : 401, name });
      if (refused !== undefined) {
        expect(answer).toMatchObject(REFUSED);
        expected[refused] = (expected[refused] ?? 0) + 1;
      }
    }
    expect(await refusals()).toEqual(expected);
    // No part of a token is ever logged.
    expect(stdout()).not.toMatch(/eyJ|Bearer/);
  });

  it('are logged by their subject, and by why they are refused', async () => {
    const { ask, log } = await start();
    await ask(bearer(issuer.mint(Date.now())));
    expect(await logged(log, { msg: 'review' })).toMatchObject({ caller: `jwt ${issuer.subject}` });
    await ask(bearer(issuer.mint(Date.now(), { claims: { aud: 'other' } })));
    expect(await logged(log, { code: 'auth.jwt-audience' })).toMatchObject({
      level: 'warn',
      msg: 'request refused',
      reason: 'The token is for another audience.',
      status: 401,
    });
  });

  it('are verified by new keys when the file changes, and no longer by the old', async () => {
    const server = await start();
    const next = createSigningKey('ec-2', 'ES256');
    const mint = (key: Issuer['ec']) => bearer(issuer.mint(Date.now(), { key }));
    const old = mint(issuer.ec);
    expect((await server.ask(old)).status).toBe(200);
    expect((await server.ask(mint(next))).status).toBe(401);
    await swapped(server, { 'keys.json': issuer.keySet([issuer.ec, next]) });
    expect((await server.ask(old)).status).toBe(200);
    expect((await server.ask(mint(next))).status).toBe(200);
    await swapped(server, { 'keys.json': issuer.keySet([next]) });
    expect((await server.ask(old)).status).toBe(401);
    expect((await server.ask(mint(next))).status).toBe(200);
  });
});

describe('secrets in files', () => {
  const [one, two, three] = [secret(), secret(), secret()];

  it.each([
    ['tokens', 'tokensFile', (text: string) => text, (text: string) => ({ sending: bearer(text), below: '' })],
    [
      'passwords',
      'passwordsFile',
      (text: string) => `api:${text}`,
      (text: string) => ({ sending: basic(`api:${text}`), below: '' }),
    ],
    [
      'path segments',
      'pathSecretsFile',
      (text: string) => text,
      (text: string) => ({ sending: {}, below: `/${text}` }),
    ],
  ])('%s rotate without a gap', async (_, flag, line, call) => {
    const server = await startAuthenticated({ list: `${line(one)}\n` }, { [flag]: 'list' });
    const statusOf = async (text: string): Promise<number> =>
      (await server.ask(call(text).sending, call(text).below)).status;
    const statuses = () => Promise.all([one, two, three].map(statusOf));
    expect(await statuses()).toEqual([200, 401, 401]);
    await swapped(server, { list: `# old\n${line(one)}\n# new\n${line(two)}\n` });
    expect(await statuses()).toEqual([200, 200, 401]);
    await swapped(server, { list: line(two) });
    expect(await statuses()).toEqual([401, 200, 401]);
    // What cannot be taken up leaves what was.
    for (const bad of ['', 'short', `${line(three)}\n\u0007`]) {
      const seen = server.log.length;
      await server.mount.swap({ list: bad });
      await vi.waitFor(() => expect(JSON.stringify(server.log.slice(seen))).toContain('authentication.secret'), {
        timeout: 5000,
      });
      expect(await statuses()).toEqual([401, 200, 401]);
    }
    expect(await server.metrics()).toContain('podgraft_reload_succeeded{what="authentication"} 0\n');
    await swapped(server, { list: line(three) });
    expect(await statuses()).toEqual([401, 401, 200]);
    expect(await server.metrics()).toContain('podgraft_reload_succeeded{what="authentication"} 1\n');
    const said = server.stdout() + server.stderr() + (await server.metrics());
    for (const text of [one, two, three]) {
      expect(said).not.toContain(text);
      expect(said).not.toContain(Buffer.from(`api:${text}`).toString('base64'));
    }
  });

  it('any one suffices, and each call is logged by its way in', async () => {
    const server = await startAuthenticated(
      { tokens: one, passwords: `api:${two}`, paths: three },
      { tokensFile: 'tokens', passwordsFile: 'passwords', pathSecretsFile: 'paths' },
    );
    expect((await server.ask(bearer(one))).status).toBe(200);
    expect((await server.ask(basic(`api:${two}`))).status).toBe(200);
    expect((await server.ask({}, `/${three}?timeout=5s`)).status).toBe(200);
    expect((await server.ask(bearer(two), `/${three}`)).status).toBe(200);
    await vi.waitFor(() =>
      expect(server.log.filter(({ msg }) => msg === 'review').map(({ caller }) => caller)).toEqual([
        'token',
        'password api',
        'path',
        'path',
      ]),
    );
    expect((await server.ask()).status).toBe(401);
    expect(await server.refusals()).toEqual({ 'auth.missing': 1 });
  });

  it('a path segment is in no line of the log, whatever goes wrong with the request', async () => {
    const server = await startAuthenticated({ paths: one }, { pathSecretsFile: 'paths', headerLimit: '8KiB' });
    const { started, ask } = server;
    const ca = started.certificate().cert;
    expect((await ask({ body: '{' }, `/${one}`)).status).toBe(400);
    expect((await ask({ headers: { 'content-type': 'text/plain' } }, `/${one}`)).status).toBe(400);
    expect((await ask({ method: 'PUT' }, `/${one}`)).status).toBe(405);
    expect((await ask({}, `/${one}/more`)).status).toBe(404);
    expect((await ask({}, `/${one}x`)).status).toBe(401);
    expect((await ask({ headers: { x: 'x'.repeat(9000) } }, `/${one}`)).status).toBe(431);
    const { socket, received } = await rawConnection(started.url, ca);
    socket.write(
      `POST /mutate/${one} HTTP/1.1\r\nhost: a b\r\ncontent-length: 5\r\ncontent-type: application/json\r\n\r\n{`,
    );
    socket.end();
    await received;
    const again = await rawConnection(started.url, ca);
    again.socket.write(`POST /mutate/${one} NONSENSE\r\n\r\n`);
    expect(await again.received).toContain('400');
    expect(server.stdout() + server.stderr() + (await server.metrics())).not.toContain(one);
  });
});

describe('strangers', () => {
  const token = secret();
  const start = (flags: Readonly<Record<string, string>> = {}) =>
    startAuthenticated({ tokens: token }, { tokensFile: 'tokens', ...flags });

  it('may ask for probes, and hear one thing of all else', async () => {
    const { started, ask } = await start();
    const ca = started.certificate().cert;
    expect((await send(`${started.url}/healthz`, ca)).status).toBe(200);
    expect((await send(`${started.url}/readyz`, ca)).status).toBe(200);
    const answers = [
      await ask(),
      await ask({ body: '{' }),
      await ask({ method: 'GET', body: '' }),
      await ask({ headers: { 'content-type': 'text/plain' } }),
      await ask({}, `/${token}`),
      await ask(bearer(`${token.slice(1)}0`)),
      await ask(bearer('x'.repeat(9 * 1024))),
      await ask(basic(`api:${token}`)),
    ];
    for (const { status, text, headers } of answers) {
      expect({ status, text }).toEqual(REFUSED);
      expect(headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('are refused before they have sent a body', async () => {
    const { started } = await start({ bodyLimit: '64MiB' });
    const { socket, received } = await rawConnection(started.url, started.certificate().cert);
    const begin = performance.now();
    socket.write('POST /mutate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n');
    socket.write(`content-length: ${64 * 1024 * 1024}\r\n\r\n{`);
    expect(await received).toMatch(/^HTTP\/1\.1 401 /);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  it('fill no log: a line a reason in ten seconds', async () => {
    const { ask, log, refusals } = await start();
    const agent = keepAliveAgent();
    for (let count = 0; count < 50; count += 1) {
      await ask({ ...bearer(secret()), agent });
      await ask({ agent });
    }
    expect(await refusals()).toEqual({ 'auth.token': 50, 'auth.missing': 50 });
    const said = log.filter(({ msg }) => msg === 'request refused').map(({ code }) => code);
    expect(said).toEqual(['auth.token', 'auth.missing']);
  });

  it('do not show in how long reviews take', async () => {
    const { ask, metrics } = await start();
    await ask();
    expect(await metrics()).not.toContain('podgraft_review_duration_seconds_count{outcome="fault"}');
  });

  it('send headers that are too large: 431, 401 for a credential beyond its limit', async () => {
    const { ask, refusals } = await start({ credentialLimit: '1KiB', headerLimit: '16KiB' });
    expect((await ask(bearer('x'.repeat(20_000)))).status).toBe(431);
    expect((await ask(bearer('x'.repeat(1100)))).status).toBe(401);
    expect(await refusals()).toEqual({ 'auth.size': 1 });
  });
});

describe('a start', () => {
  it('without a word about callers is refused, and says what can be said', async () => {
    const { code, stderr } = run({ authentication: undefined });
    expect(await code).toBe(1);
    expect(stderr()).toBe(
      'podgraft: who may ask the webhook is not said: set jwtIssuer, tokensFile, passwordsFile, clientAuthorityFile ' +
        'or pathSecretsFile, or set authentication to off (--authentication off) (authentication.none)\n',
    );
  });

  it('with authentication off warns', async () => {
    const { running, log } = run({ authentication: 'off' });
    const { url, certificate } = await running;
    expect((await send(`${url}/mutate`, certificate().cert, { body: reviewBody('a') })).status).toBe(200);
    await logged(log, { level: 'warn', msg: 'authentication is off: whoever reaches the webhook may ask it' });
  });

  it.each([
    [
      { list: 'password123' },
      { tokensFile: 'list' },
      /list:1: the secret can be guessed.*\(authentication\.secret\)\n$/,
    ],
    [{ list: '' }, { pathSecretsFile: 'list' }, /list: the file holds no secret/],
    [
      {},
      { tokensFile: '/nowhere/tokens' },
      /\/nowhere\/tokens: the file cannot be read \(there is no such file\) \(authentication\.unreadable\)\n$/,
    ],
    [
      { list: '{"keys":[]}' },
      { jwtIssuer: 'x', jwtAudiences: 'a', jwtSubjects: 'b', jwtKeysFile: 'list' },
      /list: the key set holds no public key.*\(authentication\.keys\)\n$/,
    ],
    [
      {},
      { jwtIssuer: 'http://a.test', jwtAudiences: 'a', jwtSubjects: 'b' },
      /cannot be discovered.*\(authentication\.issuer\)\n$/,
    ],
    [
      { list: 'x' },
      { clientAuthorityFile: 'list', clientNames: 'CN:a' },
      /list:1: the file holds no certificate.*\(authentication\.authority\)\n$/,
    ],
  ])('with files %j and settings %j is refused', async (files, flags, message) => {
    await expect(startAuthenticated(files as Record<string, string>, flags as Record<string, string>)).rejects.toThrow(
      message,
    );
  });

  it.each([
    [{ authentication: 'off', tokensFile: 'a' }, '--authentication is off, but --tokens-file would ask for it'],
    [{ authentication: 'maybe' }, '--authentication "maybe" is not required, off'],
    [{ jwtIssuer: 'https://a.test' }, '--jwt-issuer is given without --jwt-audiences'],
    [{ jwtIssuer: 'https://a.test', jwtAudiences: 'a' }, '--jwt-issuer is given without --jwt-subjects'],
    [{ jwtKeysFile: 'a' }, '--jwt-keys-file is given without --jwt-issuer'],
    [{ clientAuthorityFile: 'a' }, '--client-authority-file is given without --client-names'],
    [{ clientNames: 'CN:a' }, '--client-names is given without --client-authority-file'],
    [{ clientAuthorityFile: 'a', clientNames: 'CN:a,b' }, '--client-names has "b", which is not CN:…'],
    [{ tokensFile: 'a', jwtAlgorithms: 'RS256,HS256' }, '--jwt-algorithms "RS256,HS256" is not a list of RS256'],
    [{ tokensFile: 'a', jwtAlgorithms: 'none' }, '--jwt-algorithms "none" is not'],
    [{ tokensFile: 'a', jwtAlgorithms: '' }, '--jwt-algorithms "" is not'],
    [{ tokensFile: 'a', jwtClockSkew: '1h' }, '--jwt-clock-skew "1h" is not'],
  ])('with %j is refused', async (flags, message) => {
    const { code, stderr } = run({ authentication: undefined, ...flags });
    expect(await code).toBe(1);
    expect(stderr()).toContain(message);
  });
});
