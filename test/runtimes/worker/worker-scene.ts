// What the tests of the Worker in workerd share: one build a file, the sample review, the store behind a binding.
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, expect } from 'vitest';
import { createApp, createInjector, type JsonObject, parseConfiguration } from '../../../core/index.ts';
import { testBundle } from '../../test-bundle.ts';
import {
  type Bindings,
  buildModules,
  type RunningWorker,
  type StartOptions,
  startWorkerd,
  type WorkerModules,
} from './start-workerd.ts';

/** Lets everybody in. */
export const OPEN = { PODGRAFT_AUTHENTICATION: 'off' };

/** A review of a pod that asks for an injection. */
export const review = readFileSync('docs/examples/review.json');

/** A configuration that shows in the answer to it. */
export const CONFIGURATION = `apiVersion: podgraft.dev/v1alpha1
kind: Configuration
server: { listen: ":8443" }
policy:
  vault_agent:
    defaults: { service: "https://vault.edge.example:8200" }
`;

/** Starts Workers that end with the test. */
export type Start = (bindings: Bindings, options?: StartOptions) => Promise<RunningWorker>;

/** Builds the Worker before the tests of a file. */
export const prepareWorkers = (): { readonly start: Start; readonly modules: () => WorkerModules } => {
  const running: RunningWorker[] = [];
  const built: { modules: WorkerModules } = { modules: [] };
  beforeAll(async () => {
    built.modules = await buildModules();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((worker) => worker.stop()));
  });
  return {
    modules: () => built.modules,
    start: async (bindings, options) => {
      const worker = await startWorkerd(built.modules, bindings, options);
      running.push(worker);
      return worker;
    },
  };
};

/** The bytes that the core answers on Node. */
export const onNode = async (configuration?: string): Promise<string> => {
  const injector = await createInjector({
    bundle: await testBundle(),
    configuration: configuration === undefined ? undefined : parseConfiguration(configuration, 'podgraft.yaml'),
  });
  const headers = { 'content-type': 'application/json' };
  const request = new Request('http://node.example/mutate', { method: 'POST', body: review, headers });
  return (await createApp({ injector: () => injector }).fetch(request)).text();
};

/** The lines of the Worker's own log. */
export const logged = ({ lines }: RunningWorker): readonly JsonObject[] =>
  lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as JsonObject);

/** Lines come through a pipe, a little later than the answer. */
export const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition, { timeout: 5000 }).toBe(true);
};

/** The store behind a binding, as far as the tests write to it. */
export interface Objects {
  readonly put: (key: string, text: string) => Promise<unknown>;
  readonly delete: (key: string) => Promise<void>;
}

/** Gives the store. */
export const objects = async ({ miniflare }: RunningWorker, kind: 'KV' | 'R2'): Promise<Objects> =>
  (await (kind === 'KV'
    ? miniflare.getKVNamespace('PODGRAFT_KV')
    : miniflare.getR2Bucket('PODGRAFT_R2'))) as unknown as Objects;
