// Runs the Worker in workerd behind TLS, as its platform would.
import { Miniflare, NoOpLog } from 'miniflare';
import type { KeyPair } from '../../scripts/cluster/certificate.ts';
import { compatibilityDate } from '../../scripts/worker/wrangler.ts';
import { buildModules } from '../runtimes/worker/start-workerd.ts';

/** A Worker that serves. */
export interface WorkerServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts it on a free port of loopback, exactly as it would be uploaded, with these variables. */
export const startWorkerServer = async (
  { certificate, key }: KeyPair,
  bindings: Readonly<Record<string, string>>,
): Promise<WorkerServer> => {
  const miniflare = new Miniflare({
    cf: false,
    log: new NoOpLog(),
    host: '127.0.0.1',
    https: true,
    httpsCert: certificate,
    httpsKey: key,
    compatibilityDate: compatibilityDate(),
    modules: await buildModules(),
    bindings,
  });
  const { port } = await miniflare.ready;
  return { url: `https://127.0.0.1:${port}`, stop: () => miniflare.dispose() };
};
