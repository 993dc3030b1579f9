// The Worker in workerd as a face: cases go over HTTP, to one Worker for each configuration file.
import { Miniflare, NoOpLog } from 'miniflare';
import { readBundleFiles } from '../../../runtimes/node/bundle-folder.ts';
import { encodeEdgeBundle } from '../../../runtimes/worker/edge-bundle.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { compatibilityDate } from '../../../scripts/worker/wrangler.ts';
import { type GoldenCase, requestBody } from '../../golden/golden-case.ts';
import { type HttpAnswer, replyOf, type ServerFace } from '../../golden/server-face.ts';
import { buildModules } from './start-workerd.ts';

/**
 * Makes the face and starts workerd.
 *
 * @param cases all that may be asked: a configuration comes from a store, as it would at the edge
 */
export const createWorkerFace = async (
  cases: readonly GoldenCase[],
  configurationText: (golden: GoldenCase) => string,
): Promise<ServerFace> => {
  const configurations = [...new Set(cases.map(configurationText))];
  const hostOf = (golden: GoldenCase): string => `c${configurations.indexOf(configurationText(golden))}.example`;
  const miniflare = await startAll(configurations);
  const post = async (golden: GoldenCase): Promise<HttpAnswer> => {
    const response = await miniflare.dispatchFetch(`http://${hostOf(golden)}/mutate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...golden.request.headers },
      body: requestBody(golden),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    name: 'the Worker in workerd',
    ask: async (golden) => replyOf(await post(golden)),
    post,
    stop: () => miniflare.dispose(),
  };
};

const startAll = async (configurations: readonly string[]): Promise<Miniflare> => {
  const { content } = await readBundleFiles(await ensureBundle());
  const modules = await buildModules();
  const miniflare = new Miniflare({
    cf: false,
    log: new NoOpLog(),
    workers: configurations.map((_, index) => ({
      name: `c${index}`,
      routes: [`c${index}.example/*`],
      compatibilityDate: compatibilityDate(),
      modules,
      bindings: { PODGRAFT_AUTHENTICATION: 'off', PODGRAFT_LOG_LEVEL: 'silent' },
      kvNamespaces: { PODGRAFT_KV: `store-${index}` },
    })),
  });
  for (const [index, configuration] of configurations.entries()) {
    const store = (await miniflare.getKVNamespace('PODGRAFT_KV', `c${index}`)) as unknown as {
      readonly put: (key: string, text: string) => Promise<void>;
    };
    await store.put('podgraft.json', await encodeEdgeBundle(content, configuration));
  }
  return miniflare;
};
