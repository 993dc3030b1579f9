// The HTTPS server on the loopback: TLS, limits, time-outs, hostile bodies, and how it stops.
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import { faultFrom } from './fault-of.ts';
import { keepAliveAgent, rawConnection, reviewBody, send, sendReview } from './https-client.ts';
import { standInInjector } from './stand-in-injector.ts';
import { startWebhook } from './start-webhook.ts';

const KIB = 1024;

describe('routes', () => {
  it('answers reviews and probes, and says what else there is not', async () => {
    const { url, ca, state } = await startWebhook();
    expect(await sendReview(url, ca, 'first')).toMatchObject({ status: 200, uid: 'first' });
    expect((await send(`${url}/mutate?timeout=5s`, ca, { body: reviewBody('a') })).status).toBe(200);
    expect((await send(`${url}/mutate`, ca)).status).toBe(405);
    expect((await send(`${url}/elsewhere`, ca, { body: reviewBody('a') })).status).toBe(404);
    expect((await send(`${url}/readyz`, ca)).status).toBe(200);
    state.ready = false;
    expect((await send(`${url}/readyz`, ca)).status).toBe(503);
    expect((await send(`${url}/healthz`, ca)).status).toBe(200);
  });

  it('says the length of an answer, and JSON', async () => {
    const { url, ca } = await startWebhook();
    const { headers, text } = await send(`${url}/mutate`, ca, { body: reviewBody('a') });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });
});

describe('hostile bodies', () => {
  const deep = '['.repeat(100_000);
  it.each([
    ['not JSON', '{"a":', 'review.json'],
    ['JSON with something behind it', `${reviewBody('a')}x`, 'review.json'],
    ['not UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), 'review.encoding'],
    ['empty', '', 'review.empty'],
    ['of another kind', '{"apiVersion":"v1","kind":"Pod"}', 'review.invalid'],
    ['a text', '"AdmissionReview"', 'review.invalid'],
    ['null', 'null', 'review.invalid'],
    ['without a request', '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', 'review.invalid'],
    ['nested 100,000 deep and not closed', deep, 'review.'],
    ['nested 100,000 deep', deep + ']'.repeat(100_000), 'review.'],
  ])('%s: 400, and the next review is right', async (_, body, code) => {
    const { url, ca } = await startWebhook();
    const agent = keepAliveAgent({ maxSockets: 1 });
    const answer = await send(`${url}/mutate`, ca, { body, agent });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text).code).toContain(code);
    expect(await sendReview(url, ca, 'next', agent)).toMatchObject({ status: 200, uid: 'next' });
  });

  it.each(['text/plain', 'application/jsonp', ''])('of the content-type %j: 400', async (type) => {
    const { url, ca } = await startWebhook();
    const answer = await send(`${url}/mutate`, ca, { body: reviewBody('a'), headers: { 'content-type': type } });
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, 'review.content-type']);
  });

  it('in chunks: reviewed', async () => {
    const { url, ca } = await startWebhook();
    const body = [...reviewBody('chunked')];
    expect((await send(`${url}/mutate`, ca, { body })).status).toBe(200);
  });

  it.each([
    ['with a content-length', () => 'x'.repeat(64 * KIB)],
    ['in chunks', () => Array.from({ length: 64 }, () => 'x'.repeat(KIB))],
  ])('too large %s: 413, and the next review is right', async (_, body) => {
    const { url, ca } = await startWebhook({ bodyLimit: '8KiB' });
    const answer = await send(`${url}/mutate`, ca, { body: body() });
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([413, 'review.size']);
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });

  it('too large by its content-length alone: 413 before the body is sent', async () => {
    const { url, ca } = await startWebhook();
    const { socket, received } = await rawConnection(url, ca);
    socket.write(
      'POST /mutate HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99999999999\r\n\r\n{',
    );
    const got = await Promise.race([received, wait(3000).then(() => 'no answer')]);
    expect(got).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('as large as the limit: reviewed', async () => {
    const body = reviewBody('a');
    const { url, ca } = await startWebhook({ bodyLimit: '8KiB' });
    expect((await send(`${url}/mutate`, ca, { body: body.padEnd(8 * KIB) })).status).toBe(200);
    expect((await send(`${url}/mutate`, ca, { body: body.padEnd(8 * KIB + 1) })).status).toBe(413);
  });

  it('cut off in the middle: no answer owed, no failure of ours, and the next review is right', async () => {
    const { url, ca, events } = await startWebhook();
    const { socket } = await rawConnection(url, ca);
    socket.write(
      'POST /mutate HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"a"',
    );
    await wait(50);
    socket.destroy();
    await wait(50);
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
    expect(events.filter(({ status }) => status >= 500)).toEqual([]);
  });
});

describe('slow and odd requests', () => {
  it('slow headers: 408', async () => {
    const { url, ca } = await startWebhook({ headerTimeout: '200ms', requestTimeout: '200ms' });
    const { socket, received } = await rawConnection(url, ca);
    socket.write('POST /mutate HTTP/1.1\r\nhost:');
    expect(await received).toMatch(/^HTTP\/1\.1 408 /);
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });

  it('a slow body: 408, and no failure of ours', async () => {
    const { url, ca, events } = await startWebhook({ headerTimeout: '200ms', requestTimeout: '300ms' });
    const { socket, received } = await rawConnection(url, ca);
    socket.write('POST /mutate HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{');
    expect(await received).toMatch(/^HTTP\/1\.1 408 /);
    await wait(50);
    expect(events.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });

  it('a TLS handshake that never comes: closed', async () => {
    const { server, url, ca } = await startWebhook({ headerTimeout: '200ms' });
    const { connect: connectPlain } = await import('node:net');
    const socket = connectPlain(server.address.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')));
    socket.on('error', () => {});
    expect(await Promise.race([closed, wait(5000)])).toBe('closed');
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });

  it.each([
    ['large headers', `x: ${'y'.repeat(20 * KIB)}`, 431],
    ['no HTTP', '\x16\x03\x01', 400],
    ['two lengths', 'content-length: 1\r\ncontent-length: 2', 400],
    ['a length beside chunks', 'content-length: 1\r\ntransfer-encoding: chunked', 400],
  ])('%s: a clear refusal', async (_, header, status) => {
    const { url, ca } = await startWebhook();
    const { socket, received } = await rawConnection(url, ca);
    socket.write(`POST /mutate HTTP/1.1\r\nhost: a\r\n${header}\r\n\r\n`);
    expect(await received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });

  it('a chunk of a wrong size: 400, and no failure of ours', async () => {
    const { url, ca, events } = await startWebhook();
    const { socket, received } = await rawConnection(url, ca);
    socket.write(
      'POST /mutate HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
    );
    expect(await received).toMatch(/^HTTP\/1\.1 400 /);
    expect(events.filter(({ status }) => status >= 500)).toEqual([]);
    expect(await sendReview(url, ca)).toMatchObject({ status: 200 });
  });
});

describe('connections', () => {
  it('are kept longer than the 90 seconds after which the API server closes them', async () => {
    const { url, ca } = await startWebhook();
    const { headers } = await sendReview(url, ca, 'a', keepAliveAgent());
    expect(Number(/timeout=(\d+)/.exec(String(headers['keep-alive']))?.[1])).toBeGreaterThan(90);
  });

  it('speak TLS 1.2 and 1.3, and nothing older', async () => {
    const { server, ca } = await startWebhook();
    const speak = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') =>
      new Promise((resolve) => {
        const options = { port: server.address.port, ca, servername: 'localhost', ciphers: 'DEFAULT@SECLEVEL=0' };
        const socket = connect({ ...options, minVersion: version, maxVersion: version }, () => {
          resolve(socket.getProtocol());
          socket.destroy();
        });
        socket.on('error', () => resolve('refused'));
      });
    expect(await speak('TLSv1.1')).toBe('refused');
    expect(await speak('TLSv1.2')).toBe('TLSv1.2');
    expect(await speak('TLSv1.3')).toBe('TLSv1.3');
  });

  it('take a new certificate; those that stand go on', async () => {
    const { server, url, ca } = await startWebhook();
    const agent = keepAliveAgent({ maxSockets: 1 });
    await sendReview(url, ca, 'before', agent);
    const next = await createEphemeralCertificate(['localhost'], Date.now());
    server.use({ certificate: next });
    expect(await sendReview(url, ca, 'standing', agent)).toMatchObject({ uid: 'standing' });
    expect(await sendReview(url, next.cert, 'new')).toMatchObject({ uid: 'new' });
    await expect(sendReview(url, ca, 'old authority')).rejects.toThrow(/self-signed|certificate/);
  });
});

describe('starting', () => {
  it('says which address is taken', async () => {
    const { server } = await startWebhook();
    const fault = await faultFrom(startWebhook({ listen: `127.0.0.1:${server.address.port}` }));
    expect(fault.code).toBe('server.listen');
    expect(fault.message).toContain(`cannot listen on 127.0.0.1:${server.address.port} (EADDRINUSE): another process`);
  });

  it('refuses ciphers that are none', async () => {
    expect(await faultFrom(startWebhook({ tlsCiphers: 'NO-SUCH-CIPHER' }))).toMatchObject({ code: 'server.tls' });
  });
});

describe('stopping', () => {
  it('answers what is in flight, and asks to close the connection', async () => {
    const { server, url, ca } = await startWebhook({}, standInInjector({ delay: 200 }));
    const agent = keepAliveAgent();
    const flying = Promise.all([1, 2, 3].map((number) => sendReview(url, ca, `flying-${number}`, agent)));
    await wait(100);
    await server.close(5000);
    const answers = await flying;
    expect(answers.map(({ uid }) => uid)).toEqual(['flying-1', 'flying-2', 'flying-3']);
    expect(answers.map(({ headers }) => headers['connection'])).toEqual(['close', 'close', 'close']);
    await expect(sendReview(url, ca)).rejects.toThrow('ECONNREFUSED');
  });

  it('closes idle connections at once', async () => {
    const { server, url, ca } = await startWebhook();
    await sendReview(url, ca, 'a', keepAliveAgent());
    const { received } = await rawConnection(url, ca);
    const begin = performance.now();
    await server.close(5000);
    await received;
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('cuts what does not end in time, a handshake that never came included', async () => {
    const { server, url, ca } = await startWebhook({}, standInInjector({ delay: 60_000 }));
    const { connect: connectPlain } = await import('node:net');
    const silent = connectPlain(server.address.port, '127.0.0.1');
    silent.on('error', () => {});
    const flying = sendReview(url, ca, 'a').catch(() => 'cut');
    await wait(100);
    const begin = performance.now();
    await server.close(100);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(await flying).toBe('cut');
  });

  it('asks clients to leave while requests are still accepted', async () => {
    const { server, url, ca } = await startWebhook();
    const agent = keepAliveAgent();
    expect((await sendReview(url, ca, 'before', agent)).headers['connection']).toBe('keep-alive');
    server.letGo();
    expect(await sendReview(url, ca, 'after', agent)).toMatchObject({ status: 200, headers: { connection: 'close' } });
    expect(await sendReview(url, ca, 'later', agent)).toMatchObject({ status: 200 });
  });
});
