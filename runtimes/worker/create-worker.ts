// Puts the Worker together: settings, bundle, app and log, once for each isolate.
import { Fault, formatFault } from '../../core/errors.ts';
import { type AppOptions, createApp } from '../../core/http/app.ts';
import type { Injector } from '../../core/injector.ts';
import { createAuthenticate, type Platform } from './authentication.ts';
import { readBundleKeys } from './bundle-keys.ts';
import { parseEdgeBundle } from './edge-bundle.ts';
import type { Deployed } from './join-edge-bundle.ts';
import { keepFresh } from './keep-fresh.ts';
import { type Console, createLog, createLogReview, type Log, type LogReview } from './log.ts';
import { makeInjector } from './make-injector.ts';
import type { RequestContext, WorkerEnv, WorkerHandler } from './platform.ts';
import type { RecordedTemplates } from './recorded-templates.ts';
import { readSettings, type Settings } from './settings.ts';
import { findStore, type Store } from './store.ts';

/** What a Worker is made of. */
export interface WorkerParts {
  readonly env: WorkerEnv;
  /** The compiled policy: a Worker cannot compile one while it runs. */
  readonly module: WebAssembly.Module;
  /** The bundle that it belongs to, as `encodeEdgeBundle` writes it. */
  readonly embedded: string;
  /** Its templates, as `recordTemplates` records them. */
  readonly templates: RecordedTemplates;
  readonly output?: Console;
}

/** An app with the injector that it serves: they are replaced together. */
type Serving = (request: Request, context: RequestContext) => Response | Promise<Response>;

/** What all apps of an isolate share. */
interface Common {
  readonly settings: Settings;
  readonly log: Log;
  readonly logReview: LogReview;
  readonly authenticate: AppOptions['authenticate'];
}

const EMBEDDED = 'the deployed bundle';

/**
 * Creates the Worker. Without a store the deployed bundle is served, and everything that is wrong with it is thrown
 * here, which makes the platform refuse the deployment. With a store, nothing but its object is ever served.
 *
 * @throws {Fault} `setting.*`, `bundle.*`, and what makes an injector impossible
 */
export const createWorker = async ({
  env,
  module,
  embedded,
  templates,
  output,
}: WorkerParts): Promise<WorkerHandler> => {
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
  const deployed: Deployed = { module, digest: parseEdgeBundle(embedded, EMBEDDED).module, templates };
  const common: Common = { settings, log, logReview: createLogReview(log), authenticate };
  const store = findStore(env, settings.PODGRAFT_OBJECT);
  const verification = await readBundleKeys(settings);
  if (store !== undefined) {
    return serveStore(common, store, (text) =>
      makeInjector({ text, file: store.name, verification }, deployed, settings),
    );
  }
  if (verification !== undefined) {
    throw new Fault('setting.invalid', 'PODGRAFT_BUNDLE_KEYS is set, but there is no store to read a bundle from');
  }
  const injector = await makeInjector({ text: embedded, file: EMBEDDED, verification }, deployed, settings);
  const serve = createServing(common, injector);
  return { fetch: async (request, _env, context) => serve(request, context) };
};

const serveStore = (common: Common, store: Store, make: (text: string) => Promise<Injector>): WorkerHandler => {
  const { settings, log } = common;
  const fresh = keepFresh<Serving>({
    read: store.read,
    make: async (text) => {
      const injector = await make(text);
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
      const serve = await fresh.current(context).catch((thrown: unknown) => createUnready(common, thrown));
      return serve(request, context);
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
  { settings, logReview, authenticate }: Common,
  { bundle, ...served }: Pick<AppOptions, 'injector' | 'ready'> & { readonly bundle: string },
): Serving => {
  const app = createApp({
    ...served,
    ...(authenticate === undefined ? {} : { authenticate }),
    bodyLimit: settings.PODGRAFT_BODY_LIMIT,
    clock: () => performance.now(),
    observe: (event) => logReview(event, bundle),
  });
  return (request, context) => {
    const platform: Platform = {
      cf: 'cf' in request ? request.cf : undefined,
      background: (work) => context.waitUntil(work),
    };
    return app.fetch(request, platform);
  };
};
