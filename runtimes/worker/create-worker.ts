// Puts the Worker together: settings, bundle, app and log, once for each isolate.
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import { Fault, formatFault } from '../../core/errors.ts';
import { createApp } from '../../core/http/app.ts';
import { createInjector, type Injector } from '../../core/injector.ts';
import { joinEdgeBundle, parseEdgeBundle } from './edge-bundle.ts';
import { keepFresh } from './keep-fresh.ts';
import { type Console, createLog, type Log, logReview } from './log.ts';
import type { WorkerEnv, WorkerHandler } from './platform.ts';
import { readSettings, type Settings } from './settings.ts';
import { findStore, type Store } from './store.ts';

/** What a Worker is made of. */
export interface WorkerParts {
  readonly env: WorkerEnv;
  /** The compiled policy: a Worker cannot compile one while it runs. */
  readonly module: WebAssembly.Module;
  /** The bundle that it belongs to, as `encodeEdgeBundle` writes it. */
  readonly embedded: string;
  readonly output?: Console;
}

/** An app with the injector that it serves: they are replaced together. */
type Serving = (request: Request) => Response | Promise<Response>;

interface Common {
  readonly settings: Settings;
  readonly log: Log;
  readonly make: (text: string, file: string) => Promise<Injector>;
}

const EMBEDDED = 'the deployed bundle';

/**
 * Creates the Worker. Without a store the deployed bundle is served, and everything that is wrong with it is thrown
 * here, which makes the platform refuse the deployment. With a store, nothing but its object is ever served.
 *
 * @throws {Fault} `setting.*`, `bundle.*`, and what makes an injector impossible
 */
export const createWorker = async ({ env, module, embedded, output }: WorkerParts): Promise<WorkerHandler> => {
  const settings = readSettings(env);
  const log = createLog(settings.PODGRAFT_LOG_LEVEL, output);
  const store = findStore(env, settings.PODGRAFT_OBJECT);
  const known = { module, digest: parseEdgeBundle(embedded, EMBEDDED).module };
  const make = async (text: string, file: string): Promise<Injector> => {
    const edge = parseEdgeBundle(text, file);
    const { configuration } = edge;
    return createInjector({
      bundle: await joinEdgeBundle(edge, known, file),
      configuration:
        configuration === undefined ? undefined : parseConfiguration(configuration, `${file}#configuration`),
      clock: () => performance.now(),
      maxMemoryPages: Math.floor(settings.PODGRAFT_POLICY_MEMORY / 65_536),
    });
  };
  const common: Common = { settings, log, make };
  if (store !== undefined) {
    return serveStore(common, store);
  }
  const serve = createServing(common, await make(embedded, EMBEDDED));
  return { fetch: async (request) => serve(request) };
};

const serveStore = ({ settings, log, make }: Common, store: Store): WorkerHandler => {
  const fresh = keepFresh<Serving>({
    read: store.read,
    make: async (text) => {
      const injector = await make(text, store.name);
      log.write('info', { bundle: injector.digest }, 'policy loaded');
      return createServing({ settings, log }, injector);
    },
    interval: settings.PODGRAFT_REFRESH_INTERVAL,
    clock: () => Date.now(),
    attempted: (attempt) => {
      if (!attempt.ok) {
        const { error } = attempt;
        const reason = error instanceof Fault ? formatFault(error) : error.message;
        log.write('error', { reason }, 'policy not loaded; the last good one, if any, keeps serving');
      }
    },
  });
  return {
    fetch: async (request, _env, context) => {
      try {
        return await (await fresh.current(context))(request);
      } catch (thrown) {
        return createUnready({ settings, log }, thrown)(request);
      }
    },
  };
};

const createServing = ({ settings, log }: Pick<Common, 'settings' | 'log'>, injector: Injector): Serving => {
  for (const warning of injector.warnings) {
    log.write(
      'warn',
      { doubt: warning },
      'a value of the configuration is doubtful: pods that do not replace it are refused',
    );
  }
  const app = createApp({
    injector: () => injector,
    bodyLimit: settings.PODGRAFT_BODY_LIMIT,
    clock: () => performance.now(),
    observe: (event) => logReview(log, event, injector.digest),
  });
  return (request) => app.fetch(request);
};

/** What answers while there is nothing to serve: each review is a fault of ours, and the API server decides. */
const createUnready = ({ settings, log }: Pick<Common, 'settings' | 'log'>, reason: unknown): Serving => {
  const app = createApp({
    injector: () => {
      throw reason;
    },
    ready: () => false,
    bodyLimit: settings.PODGRAFT_BODY_LIMIT,
    clock: () => performance.now(),
    observe: (event) => logReview(log, event, 'none'),
  });
  return (request) => app.fetch(request);
};
