import { describe, expect, test, vi } from 'vitest';
import { createApp, Fault, type Injector, type Review, type ReviewEvent } from '../../../core/index.ts';

const review: Review = {
  response: { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: 'u', allowed: true } },
  outcome: 'skipped',
  codes: [{ system: 'podgraft', code: 'not_requested' }],
  operations: [],
  request: { uid: 'u', operation: 'CREATE', namespace: '', name: '', generateName: '' },
  timings: { decode: 0, decide: 0, lookup: 0, render: 0, graft: 0, respond: 0 },
};

const injector = (answer: (body: Uint8Array) => Promise<Review>): (() => Injector) => {
  const made: Injector = { digest: 'sha256:0', warnings: [], sentence: () => undefined, review: answer };
  return () => made;
};

const post = (body: BodyInit | null, headers: Record<string, string> = {}): Request =>
  new Request('http://podgraft/mutate', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });

const stream = (chunks: readonly string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(new TextEncoder().encode(chunk));
      }
      controller.close();
    },
  });

describe('POST /mutate', () => {
  test('answers the review and tells the observer', async () => {
    const events: ReviewEvent[] = [];
    const app = createApp({ injector: injector(async () => review), observe: (event) => events.push(event) });
    const response = await app.request(post('{}'));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(review.response);
    expect(events).toEqual([{ review, status: 200, milliseconds: 0 }]);
  });

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON'])('takes %s', async (type) => {
    const app = createApp({ injector: injector(async () => review) });
    expect((await app.request(post('{}', { 'content-type': type }))).status).toBe(200);
  });

  test.each([
    ['another content type', post('{}', { 'content-type': 'text/plain' }), 400, 'review.content-type'],
    ['a body that says it is too large', post('x'.repeat(11), { 'content-length': '11' }), 413, 'review.size'],
    ['a body that is larger than it says', post('x'.repeat(11), { 'content-length': '3' }), 413, 'review.size'],
  ])('refuses %s', async (_, request, status, code) => {
    const app = createApp({ injector: injector(async () => review), bodyLimit: 10 });
    const response = await app.request(request);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  test('bounds what the bodies under way hold together', async () => {
    const waiting: (() => void)[] = [];
    const app = createApp({
      bodiesLimit: 10,
      injector: injector(() => new Promise((resolve) => waiting.push(() => resolve(review)))),
    });
    const chunked = (text: string): Request =>
      new Request('http://podgraft/mutate', {
        method: 'POST',
        body: stream([text]),
        headers: { 'content-type': 'application/json' },
        duplex: 'half',
      } as RequestInit);
    const first = app.request(post('123456', { 'content-length': '6' }));
    for (const refused of [post('12345', { 'content-length': '5' }), chunked('12345')]) {
      const response = await app.request(refused);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({ code: 'review.busy' });
    }
    const second = app.request(chunked('1234'));
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    for (const end of waiting) {
      end();
    }
    expect([(await first).status, (await second).status]).toEqual([200, 200]);
    const last = app.request(post('1234567890', { 'content-length': '10' }));
    await vi.waitFor(() => expect(waiting).toHaveLength(3));
    waiting.at(-1)?.();
    expect((await last).status).toBe(200);
  });

  test('reads a body in chunks, and stops at the limit', async () => {
    let seen = '';
    const app = createApp({
      bodyLimit: 10,
      injector: injector(async (body) => {
        seen = new TextDecoder().decode(body);
        return review;
      }),
    });
    const send = (chunks: readonly string[]) =>
      app.request(
        new Request('http://podgraft/mutate', {
          method: 'POST',
          body: stream(chunks),
          headers: { 'content-type': 'application/json' },
          duplex: 'half',
        } as RequestInit),
      );
    expect((await send(['{"a"', ':1}'])).status).toBe(200);
    expect(seen).toBe('{"a":1}');
    expect((await send(['12345', '67890', '1'])).status).toBe(413);
  });

  test.each([
    [new Fault('review.json', 'the request body is not JSON'), 400, 'the request body is not JSON'],
    [new Fault('policy.evaluate', 'secret inner text'), 500, 'its log says why'],
    [new TypeError('secret inner text'), 500, 'its log says why'],
  ])('maps %s', async (thrown, status, message) => {
    const events: ReviewEvent[] = [];
    const app = createApp({
      injector: injector(() => Promise.reject(thrown)),
      observe: (event) => events.push(event),
    });
    const response = await app.request(post('{}'));
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(text).toContain(message);
    expect(text).not.toContain('secret');
    expect(events).toMatchObject([{ status, fault: { code: thrown instanceof Fault ? thrown.code : 'internal' } }]);
  });
});

describe('the other routes', () => {
  test('health is always there; readiness can be taken back', async () => {
    let ready = true;
    const app = createApp({ injector: injector(async () => review), ready: () => ready });
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(200);
    ready = false;
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(503);
  });

  test('anything else is told where reviews go', async () => {
    const app = createApp({ injector: injector(async () => review) });
    const get = await app.request('/mutate');
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
    expect((await app.request('/other')).status).toBe(404);
  });
});
