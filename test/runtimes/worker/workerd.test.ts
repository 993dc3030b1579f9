// The Worker in workerd, exactly as it would be uploaded, with the bundle that was deployed.
import { describe, expect, it } from 'vitest';
import { makeKeys } from '../../core/bundle/bundle-keys.ts';
import { testBundle } from '../../test-bundle.ts';
import { startWorkerd } from './start-workerd.ts';
import { CONFIGURATION, logged, OPEN, onNode, prepareWorkers, review, until } from './worker-scene.ts';

const { start, modules } = prepareWorkers();
const KEY = JSON.stringify((await makeKeys('ES256')).publicJwk);

describe('with the deployed bundle', () => {
  it('answers a review with the bytes that Node answers', async () => {
    const worker = await start({ bindings: OPEN });
    const answer = await worker.post(review);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.text).toBe(await onNode());
  });

  it('reads the configuration that is deployed with it', async () => {
    const worker = await start({ bindings: { ...OPEN, PODGRAFT_CONFIGURATION: CONFIGURATION } });
    expect((await worker.post(review)).text).toBe(await onNode(CONFIGURATION));
  });

  it('answers the probes', async () => {
    const { miniflare } = await start({ bindings: OPEN });
    for (const path of ['healthz', 'readyz']) {
      const response = await miniflare.dispatchFetch(`http://podgraft.example/${path}`);
      expect([response.status, await response.text()]).toEqual([200, 'ok\n']);
    }
  });

  it('logs one line a review, with the fields that Node logs', async () => {
    const worker = await start({ bindings: OPEN });
    await worker.post(review);
    await until(() => logged(worker).some(({ msg }) => msg === 'review'));
    const line = logged(worker).find(({ msg }) => msg === 'review');
    expect(Object.keys(line ?? {})).toEqual(
      'level time uid namespace generateName operation outcome codes operations steps ms bundle msg'.split(' '),
    );
    expect(line).toMatchObject({ level: 'info', outcome: 'injected', bundle: (await testBundle()).digest });
  });

  it.each([
    ['another content type', 'text/plain', '{}', 400, 'review.content-type'],
    ['nothing', 'application/json', '', 400, 'review.empty'],
    ['half a document', 'application/json', '{"kind":', 400, 'review.json'],
    ['no review', 'application/json', '{}', 400, 'review.invalid'],
    ['no UTF-8', 'application/json', Uint8Array.of(0x22, 0xff, 0x22), 400, 'review.encoding'],
    ['too much', 'application/json', `"${'x'.repeat(2048)}"`, 413, 'review.size'],
  ])('refuses %s', async (_, type, body, status, code) => {
    const worker = await start({ bindings: { ...OPEN, PODGRAFT_BODY_LIMIT: '1KiB' } });
    const answer = await worker.post(body, { headers: { 'content-type': type } });
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([status, { code }]);
  });
});

describe('does not start', () => {
  it.each([
    ['without a way to authenticate', {}, 'who may ask the webhook is not said'],
    ['with an unknown setting', { ...OPEN, PODGRAFT_LOGLEVEL: 'info' }, 'did you mean PODGRAFT_LOG_LEVEL?'],
    ['with a bad value', { ...OPEN, PODGRAFT_BODY_LIMIT: 'lots' }, 'PODGRAFT_BODY_LIMIT "lots" is not a size'],
    ['with a secret that can be guessed', { PODGRAFT_TOKENS: 'swordfish' }, 'PODGRAFT_TOKENS:1: the secret can be'],
    [
      'with a configuration that is none',
      { ...OPEN, PODGRAFT_CONFIGURATION: `${CONFIGURATION}more: true\n` },
      'PODGRAFT_CONFIGURATION:7:1 /more: "more" is none of',
    ],
    ['with keys and no store', { ...OPEN, PODGRAFT_BUNDLE_KEYS: KEY }, 'there is no store to read a bundle from'],
    ['with a key that is none', { ...OPEN, PODGRAFT_BUNDLE_KEYS: '{"kty":"oct","k":"swordfish"}' }, '(bundle.key)'],
    ['with a scope and no keys', { ...OPEN, PODGRAFT_BUNDLE_SCOPE: 'write' }, 'without PODGRAFT_BUNDLE_KEYS'],
    ['with a store that is none', { ...OPEN, PODGRAFT_KV: 'podgraft' }, 'PODGRAFT_KV is not a KV namespace'],
  ])('%s', async (_, bindings, message) => {
    const lines: string[] = [];
    await expect(startWorkerd(modules(), { bindings }, { lines })).rejects.toThrow();
    await until(() => lines.some((line) => line.includes(message)));
    expect(lines.join('\n')).not.toContain('swordfish');
  });
});

describe('authentication', () => {
  const TOKEN = '0123456789abcdef0123456789abcdef';

  it('lets in a known token and nobody else', async () => {
    const worker = await start({ bindings: { PODGRAFT_TOKENS: `# this month's\n${TOKEN}\n` } });
    expect((await worker.post(review, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    for (const headers of [{}, { authorization: `Bearer ${TOKEN.replace('0', '1')}` }]) {
      const answer = await worker.post(review, { headers });
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
      expect(JSON.parse(answer.text)).toEqual({ code: 'auth.refused', message: 'the caller is not authenticated' });
    }
  });

  it('is told by a warning when it is off', async () => {
    const worker = await start({ bindings: OPEN });
    await worker.post(review);
    await until(() => logged(worker).some(({ level, msg }) => level === 'warn' && /not authenticated/.test(`${msg}`)));
  });
});
