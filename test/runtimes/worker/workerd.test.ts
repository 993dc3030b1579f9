// The Worker in workerd, exactly as it would be uploaded: answers, bindings, refresh, refusals.
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, describe, expect, it, test } from 'vitest';
import { createApp, createInjector, type JsonObject, parseConfiguration } from '../../../core/index.ts';
import { readBundleFiles } from '../../../runtimes/node/bundle-folder.ts';
import { type EdgeBundle, encodeEdgeBundle, parseEdgeBundle } from '../../../runtimes/worker/edge-bundle.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { testBundle } from '../../test-bundle.ts';
import {
  type Bindings,
  buildModules,
  type RunningWorker,
  type StartOptions,
  startWorkerd,
  type WorkerModules,
} from './start-workerd.ts';

const OPEN = { PODGRAFT_AUTHENTICATION: 'off' };
const review = readFileSync('docs/examples/review.json');
const CONFIGURATION = `apiVersion: podgraft.dev/v1alpha1
kind: Configuration
policy:
  vault_agent:
    defaults: { service: "https://vault.edge.example:8200" }
`;

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

let modules: WorkerModules;
let content: Awaited<ReturnType<typeof readBundleFiles>>['content'];
beforeAll(async () => {
  modules = await buildModules();
  ({ content } = await readBundleFiles(await ensureBundle()));
});

const running: RunningWorker[] = [];
const start = async (bindings: Bindings, options?: StartOptions): Promise<RunningWorker> => {
  const worker = await startWorkerd(modules, bindings, options);
  running.push(worker);
  return worker;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((worker) => worker.stop()));
});

/** The bytes that the core answers on Node. */
const onNode = async (configuration?: string): Promise<string> => {
  const injector = await createInjector({
    bundle: await testBundle(),
    configuration: configuration === undefined ? undefined : parseConfiguration(configuration, 'podgraft.yaml'),
  });
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://node.example/mutate', { method: 'POST', body: review, headers });
  return (await createApp({ injector: () => injector }).fetch(request)).text();
};

const logged = ({ lines }: RunningWorker): readonly JsonObject[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as JsonObject);

/** The store behind a binding, as far as the tests write to it. */
interface Objects {
  readonly put: (key: string, text: string) => Promise<unknown>;
  readonly delete: (key: string) => Promise<void>;
}

const objects = async ({ miniflare }: RunningWorker, kind: 'KV' | 'R2'): Promise<Objects> =>
  (await (kind === 'KV'
    ? miniflare.getKVNamespace('PODGRAFT_KV')
    : miniflare.getR2Bucket('PODGRAFT_R2'))) as unknown as Objects;

/** Lines come through a pipe, a little later than the answer. */
const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 5000 }).toBe(true);
};

describe('with the deployed bundle', () => {
  it('answers a review with the bytes that Node answers', async () => {
    const worker = await start({ bindings: OPEN });
    const answer = await worker.post(review);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.text).toBe(await onNode());
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
    ['without a way to authenticate', {}, 'authentication.none'],
    ['with an unknown setting', { ...OPEN, PODGRAFT_LOGLEVEL: 'info' }, 'did you mean PODGRAFT_LOG_LEVEL?'],
    ['with a bad value', { ...OPEN, PODGRAFT_BODY_LIMIT: 'lots' }, 'PODGRAFT_BODY_LIMIT "lots" is not a size'],
    ['with a secret that can be guessed', { PODGRAFT_TOKENS: 'swordfish' }, 'PODGRAFT_TOKENS:1: the secret can be'],
    ['with a store that is none', { ...OPEN, PODGRAFT_KV: 'podgraft' }, 'PODGRAFT_KV is not a KV namespace'],
  ])('%s', async (_, bindings, message) => {
    const lines: string[] = [];
    await expect(startWorkerd(modules, { bindings }, { lines })).rejects.toThrow();
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

describe('with a store', () => {
  const document = (configuration?: string): Promise<string> => encodeEdgeBundle(content, configuration);
  const edge = async (): Promise<EdgeBundle> => parseEdgeBundle(await document(), 'it');
  const write = async (change: Partial<EdgeBundle>): Promise<string> =>
    JSON.stringify({ apiVersion: 'podgraft.dev/v1alpha1', kind: 'EdgeBundle', ...(await edge()), ...change });

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
