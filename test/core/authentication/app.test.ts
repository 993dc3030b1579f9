// The app in front of strangers: they hear one thing, whatever they send, and nothing that they send is read.
import { describe, expect, it } from 'vitest';
import { createAuthenticator } from '../../../core/authentication/authenticator.ts';
import { refusals } from '../../../core/authentication/refusal.ts';
import { createApp, type ReviewEvent } from '../../../core/http/app.ts';
import { standInInjector } from '../../runtimes/node/stand-in-injector.ts';
import { createIssuer } from './issuer.ts';
import { createSurroundings, NOON } from './surroundings.ts';
import { CLOCK_SKEW, CREDENTIAL_LIMIT, tokenTable } from './token-table.ts';

const issuer = createIssuer();
const pathSecret = 'c0ffee'.repeat(8).concat('0123456789');

const start = async () => {
  const events: ReviewEvent[] = [];
  const platforms: unknown[] = [];
  const { authenticate } = await createAuthenticator(
    {
      jwt: {
        issuer: issuer.url,
        audiences: [issuer.audience],
        subjects: [issuer.subject],
        algorithms: ['RS256', 'ES256'],
        clockSkew: CLOCK_SKEW,
        keySet: { text: issuer.keySet(), file: 'keys.json' },
      },
      pathSecrets: [pathSecret],
      credentialLimit: CREDENTIAL_LIMIT,
    },
    createSurroundings(),
  );
  const app = createApp({
    injector: () => standInInjector(),
    observe: (event) => events.push(event),
    authenticate: (credentials, platform) => {
      platforms.push(platform);
      return authenticate(credentials);
    },
  });
  return { app, events, platforms };
};

const review = JSON.stringify({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: { uid: 'u', kind: { group: '', version: 'v1', kind: 'Pod' }, operation: 'CREATE', object: {} },
});

/** A body that says when it is read. */
const watchedBody = () => {
  const state = { read: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        state.read = true;
        controller.enqueue(new TextEncoder().encode(review));
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return { state, stream };
};

const request = (path: string, init: RequestInit & { readonly duplex?: 'half' } = {}): Request =>
  new Request(`https://podgraft${path}`, {
    method: 'POST',
    body: review,
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) },
  });

const heard = async (response: Response) => ({
  status: response.status,
  headers: Object.fromEntries(response.headers),
  body: await response.json(),
});

const refusal = {
  status: 401,
  headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
  body: { code: 'auth.refused', message: 'the caller is not authenticated' },
};

describe('the table of tokens', () => {
  it.each(tokenTable(issuer, NOON))('$name: $refused', async ({ token, refused }) => {
    const { app, events } = await start();
    const response = await app.request(request('/mutate', { headers: { authorization: `Bearer ${token}` } }));
    if (refused === undefined) {
      expect(response.status).toBe(200);
      expect(events).toMatchObject([{ status: 200, caller: { method: 'jwt', name: issuer.subject } }]);
      return;
    }
    expect(await heard(response)).toEqual(refusal);
    expect(events).toMatchObject([{ status: 401, fault: { code: refused, message: refusals[refused] } }]);
  });
});

describe('a stranger', () => {
  it.each<[string, Request]>([
    ['sends nothing but a review', request('/mutate')],
    ['asks by GET', new Request('https://podgraft/mutate')],
    ['asks by DELETE', new Request('https://podgraft/mutate', { method: 'DELETE' })],
    ['guesses a path', request('/mutate/0123456789')],
    ['guesses a path by GET', new Request(`https://podgraft/mutate/${pathSecret.slice(1)}`)],
    ['writes a path with broken escapes', request('/mutate/%ff%')],
    ['sends another content type', request('/mutate', { headers: { 'content-type': 'text/plain' } })],
    ['says that his body is huge', request('/mutate', { headers: { 'content-length': '999999999999' } })],
    ['sends a time-out', request('/mutate?timeout=1ms')],
    ['puts the secret behind a question mark', request(`/mutate?${pathSecret}`)],
  ])('who %s hears the same', async (_, asked) => {
    const { app } = await start();
    expect(await heard(await app.request(asked))).toEqual(refusal);
  });

  it('has no body read', async () => {
    const { app } = await start();
    const { state, stream } = watchedBody();
    expect((await app.request(request('/mutate', { body: stream, duplex: 'half' }))).status).toBe(401);
    expect(state.read).toBe(false);
    const known = watchedBody();
    const asked = request(`/mutate/${pathSecret}`, { body: known.stream, duplex: 'half' });
    expect((await app.request(asked)).status).toBe(200);
    expect(known.state.read).toBe(true);
  });

  it('may ask how podgraft is', async () => {
    const { app } = await start();
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/readyz')).status).toBe(200);
    expect((await app.request('/elsewhere')).status).toBe(404);
    expect((await app.request('/mutate/a/b')).status).toBe(404);
  });
});

describe('who is known', () => {
  it('asks below /mutate, and is told his own mistakes', async () => {
    const { app, events } = await start();
    const path = `/mutate/${pathSecret}`;
    expect((await app.request(request(`${path}?timeout=5s`))).status).toBe(200);
    expect((await app.request(new Request(`https://podgraft${path}`))).status).toBe(405);
    expect(await (await app.request(request(path, { body: '{' }))).json()).toMatchObject({ code: 'review.json' });
    expect(events).toMatchObject([{ status: 200, caller: { method: 'path' } }, { status: 400 }]);
    expect(JSON.stringify(events)).not.toContain(pathSecret);
  });

  it('is known by what the platform says', async () => {
    const { app, platforms } = await start();
    const platform = { certificate: 'facts' };
    await app.request(request('/mutate'), {}, platform);
    expect(platforms).toEqual([platform]);
  });
});

describe('without authentication', () => {
  it('everybody may ask, and there is nothing below /mutate', async () => {
    const app = createApp({ injector: () => standInInjector() });
    expect((await app.request(request('/mutate'))).status).toBe(200);
    expect((await app.request(request(`/mutate/${pathSecret}`))).status).toBe(404);
    expect((await app.request(new Request('https://podgraft/mutate'))).status).toBe(405);
  });
});

it('an authenticator that breaks lets nobody in', async () => {
  const events: ReviewEvent[] = [];
  const app = createApp({
    injector: () => standInInjector(),
    observe: (event) => events.push(event),
    authenticate: () => Promise.reject(new Error('broken')),
  });
  const response = await app.request(request('/mutate'));
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'internal']);
  expect(events).toMatchObject([{ fault: { code: 'internal' } }]);
});
