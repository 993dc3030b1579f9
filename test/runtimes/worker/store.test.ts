// The Worker in workerd with bundle and configuration in a store: KV, R2, refresh, signatures, refusals.
import { describe, expect, it, test } from 'vitest';
import { signBundle } from '../../../core/bundle/sign.ts';
import { readBundleFiles, readFolder } from '../../../runtimes/node/bundle-folder.ts';
import { type EdgeBundle, encodeEdgeBundle } from '../../../runtimes/worker/edge-bundle.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { makeKeys } from '../../core/bundle/bundle-keys.ts';
import type { WorkerModules } from './start-workerd.ts';
import { CONFIGURATION, logged, OPEN, objects, onNode, prepareWorkers, review } from './worker-scene.ts';

const { start } = prepareWorkers();
const KEY = JSON.stringify((await makeKeys('ES256')).publicJwk);

/** What looks like a KV namespace, and asks this process. */
const SLOW_STORE: WorkerModules = [
  {
    type: 'ESModule',
    path: 'slow-store.js',
    contents: `export default ({ SERVICE }) => ({
      get: async (key) => (await SERVICE.fetch('http://store.example/' + key)).text(),
    });`,
  },
];

const { content } = await readBundleFiles(await ensureBundle());
const document = (configuration?: string): Promise<string> => encodeEdgeBundle(content, configuration);
const write = async (change: Partial<EdgeBundle>): Promise<string> =>
  JSON.stringify({ ...(JSON.parse(await document()) as object), ...change });

describe('with a store', () => {
  it('serves what KV holds, configuration included', async () => {
    const worker = await start({ bindings: OPEN, kvNamespaces: ['PODGRAFT_KV'] });
    const kv = await objects(worker, 'KV');
    await kv.put('podgraft.json', await document(CONFIGURATION));
    const { text } = await worker.post(review);
    expect(text).toBe(await onNode(CONFIGURATION));
    expect(text).not.toBe(await onNode());
  });

  it('serves what R2 holds, under the name that is set', async () => {
    const bindings = { ...OPEN, PODGRAFT_OBJECT: 'prod/policy.json' };
    const worker = await start({ bindings, r2Buckets: ['PODGRAFT_R2'] });
    const r2 = await objects(worker, 'R2');
    await r2.put('prod/policy.json', await document(CONFIGURATION));
    expect((await worker.post(review)).text).toBe(await onNode(CONFIGURATION));
  });

  it('takes up a change behind an answer, and keeps the last good one when it is broken', async () => {
    const bindings = { ...OPEN, PODGRAFT_REFRESH_INTERVAL: '1s' };
    const worker = await start({ bindings, kvNamespaces: ['PODGRAFT_KV'] });
    const kv = await objects(worker, 'KV');
    const becomes = async (text: string): Promise<void> => {
      await expect.poll(async () => (await worker.post(review)).text, { timeout: 5000, interval: 200 }).toBe(text);
    };
    const complains = async (part: string): Promise<void> => {
      const asked = async (): Promise<boolean> => {
        await worker.post(review);
        return logged(worker).some(({ reason }) => `${reason}`.includes(part));
      };
      await expect.poll(asked, { timeout: 5000, interval: 200 }).toBe(true);
    };
    await kv.put('podgraft.json', await document());
    await becomes(await onNode());
    await kv.put('podgraft.json', await document(CONFIGURATION));
    await becomes(await onNode(CONFIGURATION));
    await kv.put('podgraft.json', '{');
    await complains('(bundle.invalid)');
    await kv.put('podgraft.json', await write({ module: `sha256:${'1'.repeat(64)}` }));
    await complains('(bundle.module)');
    await kv.put('podgraft.json', await document('kind: Configuration\n'));
    await complains('PODGRAFT_KV/podgraft.json#configuration:1:');
    await becomes(await onNode(CONFIGURATION));
    await kv.delete('podgraft.json');
    await complains('there is none of this name) (bundle.unreadable)');
    await becomes(await onNode(CONFIGURATION));
    await kv.put('podgraft.json', await document());
    await becomes(await onNode());
  });

  it('leaves it to the API server while there is nothing good yet, and recovers', async () => {
    const worker = await start({ bindings: OPEN, kvNamespaces: ['PODGRAFT_KV'] });
    const kv = await objects(worker, 'KV');
    const answer = await worker.post(review);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([500, { code: 'bundle.unreadable' }]);
    expect(answer.text).not.toContain('podgraft.json');
    const ready = () => worker.miniflare.dispatchFetch('http://podgraft.example/readyz');
    expect((await ready()).status).toBe(503);
    await kv.put('podgraft.json', await write({ digest: `sha256:${'1'.repeat(64)}` }));
    await expect
      .poll(async () => JSON.parse((await worker.post(review)).text), { timeout: 5000, interval: 200 })
      .toMatchObject({ code: 'bundle.digest' });
    await kv.put('podgraft.json', await document());
    await expect.poll(async () => (await worker.post(review)).status, { timeout: 5000, interval: 200 }).toBe(200);
    expect((await ready()).status).toBe(200);
  });

  it.each(['RS256', 'ES256'] as const)('holds an object to its signature, by %s', async (algorithm) => {
    const keys = await makeKeys(algorithm, 'this-year');
    const bindings = {
      ...OPEN,
      PODGRAFT_REFRESH_INTERVAL: '1s',
      PODGRAFT_CONFIGURATION: CONFIGURATION,
      PODGRAFT_BUNDLE_SCOPE: 'edge',
      PODGRAFT_BUNDLE_KEYS: JSON.stringify({ keys: [{ ...keys.publicJwk, kid: 'this-year' }] }),
    };
    const worker = await start({ bindings, kvNamespaces: ['PODGRAFT_KV'] });
    const kv = await objects(worker, 'KV');
    const sign = async (scope: string): Promise<string> =>
      encodeEdgeBundle(
        await signBundle(
          await readFolder(await ensureBundle(), 'all'),
          { key: keys.signing, claims: { scope } },
          crypto.subtle,
        ),
      );
    const becomes = async (code: string, text: string): Promise<void> => {
      await kv.put('podgraft.json', text);
      const answer = async (): Promise<unknown> => {
        await worker.post(review);
        return logged(worker).map(({ reason }) => /\((bundle\.[a-z]+)\)$/.exec(String(reason))?.[1]);
      };
      await expect.poll(answer, { timeout: 8000, interval: 200 }).toContain(code);
    };
    await becomes('bundle.unsigned', await document());
    await becomes('bundle.signature', await sign('other'));
    await kv.put('podgraft.json', await sign('edge'));
    await expect
      .poll(async () => (await worker.post(review)).text, { timeout: 8000 })
      .toBe(await onNode(CONFIGURATION));
    await becomes('bundle.tampered', (await sign('edge')).replace('https://', 'http://'));
    expect((await worker.post(review)).text).toBe(await onNode(CONFIGURATION));
  });

  it.each([
    ['when another is deployed', { PODGRAFT_CONFIGURATION: CONFIGURATION }, 'bundle.invalid'],
    ['when the bundle must be signed', { PODGRAFT_BUNDLE_KEYS: KEY }, 'bundle.unsigned'],
  ])('takes no configuration from it %s', async (_, variables, code) => {
    const worker = await start({ bindings: { ...OPEN, ...variables }, kvNamespaces: ['PODGRAFT_KV'] });
    const kv = await objects(worker, 'KV');
    await kv.put('podgraft.json', await document(CONFIGURATION));
    const answer = await worker.post(review);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([500, { code }]);
  });

  test('one reading serves all requests that come at once', async () => {
    const store = { asked: 0 };
    const service = async () => {
      store.asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return new Response(await document(CONFIGURATION));
    };
    const worker = await start(
      { bindings: OPEN, wrappedBindings: { PODGRAFT_KV: 'slow-store' } },
      { others: [{ name: 'slow-store', modules: SLOW_STORE, serviceBindings: { SERVICE: service } }] },
    );
    const answers = await Promise.all(Array.from({ length: 12 }, () => worker.post(review)));
    expect(new Set(answers.map(({ text }) => text))).toEqual(new Set([await onNode(CONFIGURATION)]));
    expect(store.asked).toBe(1);
  });
});
