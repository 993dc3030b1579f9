// Callers of a running server by client certificates, and what becomes of connections when the authorities change.

import { setTimeout as wait } from 'node:timers/promises';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseAlternativeNames } from '../../../runtimes/node/alternative-names.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { type AuthenticatedServer, startAuthenticated } from './authenticated-server.ts';
import { type ClientAuthority, type ClientPair, createClientAuthority, type Subject } from './client-authority.ts';
import { keepAliveAgent, reviewBody, send } from './https-client.ts';
import { logged } from './run-server.ts';

// Building the policy takes seconds, where it changed.
beforeAll(async () => void (await ensureBundle()), 180_000);

const NAMES = 'CN:kube-apiserver,DNS:api.example,URI:spiffe://cluster/api,IP:10.1.2.3';

const start = (pem: string) =>
  startAuthenticated({ 'ca.crt': pem }, { clientAuthorityFile: 'ca.crt', clientNames: NAMES });

const statusOf = async (server: AuthenticatedServer, pair?: ClientPair): Promise<number> =>
  (await server.ask({ agent: keepAliveAgent({ ...pair }) })).status;

const swapped = async (server: AuthenticatedServer, pem: string): Promise<void> => {
  const seen = server.log.length;
  await server.mount.swap({ 'ca.crt': pem });
  await vi.waitFor(() => expect(JSON.stringify(server.log.slice(seen))).toContain('authentication reloaded'), {
    timeout: 5000,
  });
};

describe('a client certificate', () => {
  it.each<[string, Subject, string]>([
    ['common name', { names: ['kube-apiserver'] }, 'CN:kube-apiserver'],
    ['DNS name', { alternatives: [{ type: 'dns', value: 'api.example' }] }, 'DNS:api.example'],
    [
      'URI',
      { names: ['x'], alternatives: [{ type: 'url', value: 'spiffe://cluster/api' }] },
      'URI:spiffe://cluster/api',
    ],
    ['address', { alternatives: [{ type: 'ip', value: '10.1.2.3' }] }, 'IP:10.1.2.3'],
  ])('with an accepted %s lets in', async (_, subject, name) => {
    const authority = await createClientAuthority('clients');
    const server = await start(authority.pem);
    expect(await statusOf(server, await authority.issue(subject))).toBe(200);
    expect(await logged(server.log, { msg: 'review' })).toMatchObject({ caller: `certificate ${name}` });
  });

  it.each<[string, Subject, string]>([
    ['of another name', { names: ['other'] }, 'auth.certificate-name'],
    [
      'with the name in another place',
      { alternatives: [{ type: 'dns', value: 'kube-apiserver' }] },
      'auth.certificate-name',
    ],
    ['without a name', {}, 'auth.certificate-name'],
    ['of two names', { names: ['other', 'kube-apiserver'] }, 'auth.certificate-name'],
    ['with more behind the name', { names: ['kube-apiserver\0.evil'] }, 'auth.certificate-name'],
    [
      'that holds names in a name',
      { alternatives: [{ type: 'dns', value: 'x, DNS:api.example' }] },
      'auth.certificate-name',
    ],
    ['for servers', { names: ['kube-apiserver'], usage: 'server' }, 'auth.certificate'],
    ['that has expired', { names: ['kube-apiserver'], notAfter: Date.now() - 1000 }, 'auth.certificate'],
    ['that is not valid yet', { names: ['kube-apiserver'], notBefore: Date.now() + 60_000 }, 'auth.certificate'],
  ])('%s does not', async (_, subject, code) => {
    const authority = await createClientAuthority('clients');
    const server = await start(authority.pem);
    expect(await statusOf(server, await authority.issue(subject))).toBe(401);
    expect(await server.refusals()).toEqual({ [code]: 1 });
  });

  it('of another authority does not, though it has the same name', async () => {
    const [authority, other] = await Promise.all([1, 2].map(() => createClientAuthority('clients')));
    const server = await start(authority?.pem ?? '');
    expect(await statusOf(server, await other?.issue({ names: ['kube-apiserver'] }))).toBe(401);
    expect(await server.refusals()).toEqual({ 'auth.certificate': 1 });
  });

  it('of an authority below an accepted one lets in, with its chain', async () => {
    const authority = await createClientAuthority('root');
    const server = await start(authority.pem);
    const pair = await (await authority.delegate('below')).issue({ names: ['kube-apiserver'] });
    expect(await statusOf(server, pair)).toBe(200);
    const [leaf = ''] = pair.cert.split(/(?<=-----END CERTIFICATE-----)/);
    expect(await statusOf(server, { ...pair, cert: leaf })).toBe(401);
  });

  it('that another client certificate has signed does not', async () => {
    const authority = await createClientAuthority('root');
    const server = await start(authority.pem);
    const [honest, forger] = [await authority.issue({ names: ['honest'] }), await createClientAuthority('honest')];
    const forged = await forger.issue({ names: ['kube-apiserver'] });
    expect(await statusOf(server, { ...forged, cert: `${forged.cert}\n${honest.cert}` })).toBe(401);
  });

  it('is asked for, and not needed for probes', async () => {
    const authority = await createClientAuthority('clients');
    const server = await start(authority.pem);
    const ca = server.started.certificate().cert;
    expect((await send(`${server.started.url}/readyz`, ca)).status).toBe(200);
    expect((await send(`${server.started.url}/healthz`, ca)).status).toBe(200);
    expect(await statusOf(server)).toBe(401);
    expect(await server.refusals()).toEqual({ 'auth.missing': 1 });
  });

  it('ends on a standing connection when its time is over', async () => {
    const authority = await createClientAuthority('clients');
    const server = await start(authority.pem);
    const notAfter = Math.ceil(Date.now() / 1000) * 1000 + 2000;
    const agent = keepAliveAgent({
      maxSockets: 1,
      ...(await authority.issue({ names: ['kube-apiserver'], notAfter })),
    });
    expect((await server.ask({ agent })).status).toBe(200);
    await wait(notAfter - Date.now() + 100);
    expect((await server.ask({ agent })).status).toBe(401);
    expect(await server.refusals()).toEqual({ 'auth.certificate': 1 });
  });
});

describe('when the authorities change', () => {
  const subject = { names: ['kube-apiserver'] };
  const authorities = () =>
    Promise.all(['old', 'new'].map(createClientAuthority)) as Promise<[ClientAuthority, ClientAuthority]>;

  it('new connections hold to the new ones, without a gap', async () => {
    const [old, next] = await authorities();
    const server = await start(old.pem);
    const [before, after] = await Promise.all([old.issue(subject), next.issue(subject)]);
    expect([await statusOf(server, before), await statusOf(server, after)]).toEqual([200, 401]);
    await swapped(server, `${old.pem}\n${next.pem}`);
    expect([await statusOf(server, before), await statusOf(server, after)]).toEqual([200, 200]);
    await swapped(server, next.pem);
    expect([await statusOf(server, before), await statusOf(server, after)]).toEqual([401, 200]);
  });

  it('two of one name are told apart by their keys, in any order', async () => {
    const [old, next] = [await createClientAuthority('clients'), await createClientAuthority('clients')];
    const server = await start(old.pem);
    const pairs = [await old.issue(subject), await next.issue(subject)];
    for (const both of [`${old.pem}\n${next.pem}`, `${next.pem}\n${old.pem}`]) {
      await swapped(server, both);
      expect(await Promise.all(pairs.map((pair) => statusOf(server, pair)))).toEqual([200, 200]);
    }
  });

  it('standing connections are judged anew: those of the old end, the others go on', async () => {
    const [old, next] = await authorities();
    const server = await start(`${old.pem}${next.pem}`);
    const standing = keepAliveAgent({ maxSockets: 1, ...(await old.issue(subject)) });
    const staying = keepAliveAgent({ maxSockets: 1, ...(await next.issue(subject)) });
    const sockets = new Set<TLSSocket>();
    for (const agent of [standing, staying]) {
      agent.on('free', (socket: TLSSocket) => sockets.add(socket));
      expect((await server.ask({ agent })).status).toBe(200);
    }
    await swapped(server, next.pem);
    expect((await server.ask({ agent: standing })).status).toBe(401);
    expect((await server.ask({ agent: staying })).status).toBe(200);
    expect(sockets.size).toBe(2);
    expect(await server.refusals()).toEqual({ 'auth.certificate': 1 });
  });

  it('a chain through an authority in between is refused once, or not where that stands in the file', async () => {
    const root = await createClientAuthority('root');
    const [below, other] = [await root.delegate('below'), await createClientAuthority('other')];
    const server = await start(root.pem);
    const agent = keepAliveAgent({ maxSockets: 1, ...(await below.issue(subject)) });
    expect((await server.ask({ agent })).status).toBe(200);
    await swapped(server, `${root.pem}${other.pem}`);
    expect((await server.ask({ agent })).status).toBe(401);
    expect((await server.ask({ agent })).status).toBe(200);
    await swapped(server, `${root.pem}${below.pem}`);
    expect((await server.ask({ agent })).status).toBe(200);
  });

  it('a connection that began before and asks only after is judged by the new ones', async () => {
    const [old, next] = await authorities();
    const server = await start(old.pem);
    const socket = await connected(server, await old.issue(subject));
    await swapped(server, next.pem);
    expect(await askOn(socket)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('no session of %s outlives them', async (version) => {
    const [old, next] = await authorities();
    const server = await start(old.pem);
    const pair = await old.issue(subject);
    const versions = { minVersion: version, maxVersion: version };
    const sessions: Buffer[] = [];
    const first = await connected(server, { ...pair, ...versions });
    first.on('session', (session: Buffer) => sessions.push(session));
    expect(await askOn(first)).toMatch(/^HTTP\/1\.1 200 /);
    const session = sessions.at(-1) ?? first.getSession();
    await swapped(server, next.pem);
    const second = await connected(server, { ...pair, ...versions, ...(session === undefined ? {} : { session }) });
    expect(second.isSessionReused()).toBe(false);
    expect(await askOn(second)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('a session of %s without a certificate gains nothing', async (version) => {
    const [old] = await authorities();
    const server = await start(old.pem);
    const versions = { minVersion: version, maxVersion: version };
    const first = await connected(server, versions);
    expect(await askOn(first)).toMatch(/^HTTP\/1\.1 401 /);
    const session = first.getSession();
    const second = await connected(server, { ...versions, ...(session === undefined ? {} : { session }) });
    expect(await askOn(second)).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('a bad file leaves those that were', async () => {
    const [old] = await authorities();
    const server = await start(old.pem);
    const pair = await old.issue(subject);
    for (const bad of ['', 'nothing', old.pem.replace('MII', 'AAA'), pair.cert]) {
      const seen = server.log.length;
      await server.mount.swap({ 'ca.crt': bad });
      await vi.waitFor(() => expect(JSON.stringify(server.log.slice(seen))).toContain('authentication.authority'), {
        timeout: 5000,
      });
      expect(await statusOf(server, pair)).toBe(200);
    }
  });
});

const connected = (server: AuthenticatedServer, options: ConnectionOptions): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.started.url);
    const ca = server.started.certificate().cert;
    const socket = connect({ ...options, host: hostname, port: Number(port), ca, servername: 'localhost' }, () =>
      resolve(socket),
    );
    socket.on('error', reject);
    onTestFinished(() => void socket.destroy());
  });

/** Sends a review and gives what answers, up to the end of the connection. */
const askOn = (socket: TLSSocket): Promise<string> =>
  new Promise((resolve) => {
    const body = reviewBody('raw');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.write(
      `POST /mutate HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });

describe('alternative names as Node writes them', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['DNS:a', ['DNS:a']],
    [
      'DNS:a, IP Address:10.0.0.1, email:a@b.c, URI:spiffe://a/b',
      ['DNS:a', 'IP:10.0.0.1', 'EMAIL:a@b.c', 'URI:spiffe://a/b'],
    ],
    ['IP Address:FE80:0:0:0:0:0:0:1', ['IP:FE80:0:0:0:0:0:0:1']],
    ['DNS:"a, DNS:b", DNS:c', ['DNS:a, DNS:b', 'DNS:c']],
    ['URI:"x\\", DNS:\\"b"', ['URI:x", DNS:"b']],
    ['othername:<unsupported>, DNS:a', ['DNS:a']],
    ['DirName:"CN=x,O=DNS:b", DNS:a', ['DNS:a']],
    ['DNS:a"b, DNS:c', []],
    ['DNS:"a', []],
    ['DNS:, DNS:b', ['DNS:b']],
    ['constructor:a, DNS:b', ['DNS:b']],
  ])('%j are %j', (text, names) => {
    expect(parseAlternativeNames(text)).toEqual(names);
  });
});
