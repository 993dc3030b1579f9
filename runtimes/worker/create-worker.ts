// Puts the Worker together: settings, bundle, app and log, once for each isolate.
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import { Fault, formatFault } from '../../core/errors.ts';
import { type AppOptions, createApp } from '../../core/http/app.ts';
import { createInjector, type Injector } from '../../core/injector.ts';
import { createAuthenticate, type Platform } from './authentication.ts';
import { joinEdgeBundle, parseEdgeBundle } from './edge-bundle.ts';
import { keepFresh } from './keep-fresh.ts';
import { type Console, createLog, type Log, logReview } from './log.ts';
import type { RequestContext, WorkerEnv, WorkerHandler } from './platform.ts';
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
type Serving = (request: Request, context: RequestContext) => Response | Promise<Response>;

/** What all apps of an isolate share. */
interface Common {
  readonly settings: Settings;
  readonly log: Log;
  readonly authenticate: AppOptions['authenticate'];
}

interface Source extends Common {
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
  const authenticate = await createAuthenticate(settings, (fault) =>
    log.write('error', { reason: formatFault(fault) }, 'the keys of the issuer cannot be had'),
  );
  if (authenticate === undefined) {
    log.write(
      'warn',
      {},
      'callers are not authenticated: whoever knows the address may ask what is injected into a pod',
    );
  }
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
  const common: Source = { settings, log, authenticate, make };
  if (store !== undefined) {
    return serveStore(common, store);
  }
  const serve = createServing(common, await make(embedded, EMBEDDED));
  return { fetch: async (request, _env, context) => serve(request, context) };
};

const serveStore = ({ make, ...common }: Source, store: Store): WorkerHandler => {
  const { settings, log } = common;
  const fresh = keepFresh<Serving>({
    read: store.read,
    make: async (text) => {
      const injector = await make(text, store.name);
      log.write('info', { bundle: injector.digest }, 'policy loaded');
      return createServing(common, injector);
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
        return await (await fresh.current(context))(request, context);
      } catch (thrown) {
        return createUnready(common, thrown)(request, context);
      }
    },
  };
};

const createServing = (common: Common, injector: Injector): Serving => {
  for (const warning of injector.warnings) {
    const message = 'a value of the configuration is doubtful: pods that do not replace it are refused';
    common.log.write('warn', { doubt: warning }, message);
  }
  return serveApp(common, { injector: () => injector, bundle: injector.digest });
};

/** What answers while there is nothing to serve: each review is a fault of ours, and the API server decides. */
const createUnready = (common: Common, reason: unknown): Serving => {
  const injector = (): never => {
    throw reason;
  };
  return serveApp(common, { injector, ready: () => false, bundle: 'none' });
};

const serveApp = (
  { settings, log, authenticate }: Common,
  { bundle, ...served }: Pick<AppOptions, 'injector' | 'ready'> & { readonly bundle: string },
): Serving => {
  const app = createApp({
    ...served,
    ...(authenticate === undefined ? {} : { authenticate }),
    bodyLimit: settings.PODGRAFT_BODY_LIMIT,
    clock: () => performance.now(),
    observe: (event) => logReview(log, event, bundle),
  });
  return (request, context) => {
    const platform: Platform = {
      cf: 'cf' in request ? request.cf : undefined,
      background: (work) => context.waitUntil(work),
    };
    return app.fetch(request, platform);
  };
};
