// Keys that are discovered: how documents are fetched, and a server that asks a real issuer over HTTPS.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchKeys } from '../../../runtimes/fetch-keys.ts';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import {
  createIssuer,
  createSigningKey,
  type Issuer,
  publicJwk,
  type SigningKey,
} from '../../core/authentication/issuer.ts';
import { faultFrom } from './fault-of.ts';
import { reviewBody, send } from './https-client.ts';
import { scratchFolder } from './scratch-folder.ts';

const serveHttp = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
};

describe('a document', () => {
  it('is fetched as text', async () => {
    const url = await serveHttp((request, response) => response.end(`{"accept":"${request.headers.accept}","ü":1}`));
    expect(await fetchKeys(url)).toBe('{"accept":"application/json, application/jwk-set+json","ü":1}');
  });

  it.each<[string, RequestListener, RegExp]>([
    ['is not there', (_, response) => response.writeHead(404).end('{}'), /the answer is 404/],
    ['is elsewhere', (_, response) => response.writeHead(302, { location: '/other' }).end(), /the answer is 302/],
    ['has no body', (_, response) => response.writeHead(204).end(), /the answer is 204/],
    ['is not UTF-8', (_, response) => response.end(Buffer.from([0x7b, 0xff])), /./],
    ['is endless', (_, response) => flood(response), /longer than 262144 characters/],
    ['breaks off', (_, response) => response.write('{', () => response.destroy()), /./],
    ['never comes', () => {}, /timeout|aborted/],
  ])('that %s is a fault', async (_, answer, message) => {
    const url = await serveHttp(answer);
    const begin = performance.now();
    const fault = await faultFrom(fetchKeys(url));
    expect(fault).toMatchObject({ code: 'authentication.keys', at: { file: url } });
    expect(fault.message).toMatch(message);
    expect(performance.now() - begin).toBeLessThan(4500);
  });

  it('of a server that is not there is a fault that says so', async () => {
    expect((await faultFrom(fetchKeys('http://127.0.0.1:1/keys'))).message).toMatch(/fetch failed: .+/);
  });
});

const flood = (response: Parameters<RequestListener>[1]): void => {
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536))) {
      // until the other side is slower
    }
  };
  response.on('drain', more);
  more();
};

/** An issuer that tells its keys over HTTPS, as an API server does, with an authority of its own. */
const serveIssuer = async () => {
  const certificate = await createEphemeralCertificate(['127.0.0.1'], Date.now());
  const state: { keys: readonly SigningKey[]; asked: string[] } = { keys: [], asked: [] };
  const server = createTlsServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
    state.asked.push(request.url ?? '');
    const isDiscovery = request.url === '/.well-known/openid-configuration';
    const document = isDiscovery
      ? { issuer: issuer.url, jwks_uri: `${issuer.url}/openid/v1/jwks` }
      : { keys: state.keys.map(publicJwk) };
    response.end(JSON.stringify(document));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = createIssuer(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  state.keys = [issuer.ec];
  return { issuer, state, authority: certificate.cert };
};

describe('a server whose issuer is found by discovery', () => {
  // Building the policy takes seconds, where it changed.
  beforeAll(async () => void (await ensureBundle()), 180_000);

  const startServer = async (issuer: Issuer, authority: string | undefined) => {
    const file = path.join(await scratchFolder(), 'authority.crt');
    await writeFile(file, authority ?? '');
    const main = path.join(import.meta.dirname, '../../../runtimes/node/main.ts');
    const flags = {
      '--bundle': await ensureBundle(),
      '--listen': '127.0.0.1:0',
      '--metrics-listen': 'off',
      '--drain-delay': '0s',
      '--jwt-issuer': issuer.url,
      '--jwt-audiences': issuer.audience,
      '--jwt-subjects': issuer.subject,
    };
    const env = { PATH: process.env['PATH'], ...(authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: file }) };
    const child = spawn(process.execPath, [main, ...Object.entries(flags).flat()], { stdio: 'pipe', env });
    onTestFinished(async () => {
      child.kill();
      await once(child, 'exit');
    });
    const log: Record<string, string>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => log.push(JSON.parse(line)));
    await vi.waitFor(() => expect(log.map(({ msg }) => msg)).toContain('serving'), { timeout: 10_000 });
    const url = log.find(({ msg }) => msg === 'serving')?.['url'] ?? '';
    const statusOf = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await send(`${url}/mutate`, undefined, { body: reviewBody('u'), headers })).status;
    };
    return { log, statusOf };
  };

  it('knows its tokens, by an authority that Node is told of', async () => {
    const { issuer, state, authority } = await serveIssuer();
    const { statusOf } = await startServer(issuer, authority);
    await vi.waitFor(() => expect(state.asked).toEqual(['/.well-known/openid-configuration', '/openid/v1/jwks']));
    expect(await statusOf(issuer.mint(Date.now()))).toBe(200);
    expect(await statusOf(issuer.mint(Date.now(), { key: createSigningKey('other', 'ES256') }))).toBe(401);
    expect(state.asked).toHaveLength(2);
  });

  it('lets no token in while it cannot trust the issuer, and says why', async () => {
    const { issuer, state } = await serveIssuer();
    const { statusOf, log } = await startServer(issuer, undefined);
    expect(await statusOf(issuer.mint(Date.now()))).toBe(401);
    expect(state.asked).toEqual([]);
    await vi.waitFor(() =>
      expect(log).toContainEqual(
        expect.objectContaining({
          level: 'error',
          msg: 'the keys of the token issuer cannot be had',
          reason: expect.stringMatching(/openid-configuration: fetch failed: .*self-signed certificate/),
        }),
      ),
    );
  });
});
