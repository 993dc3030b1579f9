// The composition root: puts policy, certificate, app, log, metrics and servers together, and keeps them current.
import type { Configuration } from '../../core/bundle/configuration.ts';
import { type AppOptions, createApp, type ReviewEvent } from '../../core/http/app.ts';
import { authenticationFolders } from './authentication-files.ts';
import { createBundleStatus } from './bundle-status.ts';
import type { Certificate } from './certificate.ts';
import { configuredSource } from './configured-source.ts';
import { createFindFacts } from './facts/create-find-facts.ts';
import { type Authentication, keepAuthentication } from './keep-authentication.ts';
import { keepAuthorities } from './keep-authorities.ts';
import { keepCertificate } from './keep-certificate.ts';
import type { Kept } from './keep-current.ts';
import { keepPolicy } from './keep-policy.ts';
import { keepRegistryLogins } from './keep-registry-logins.ts';
import { formatAddress } from './listen.ts';
import { createLogReview, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { type MetricsServer, startMetricsServer } from './metrics-server.ts';
import { policyFolders } from './policy-source.ts';
import { type ServerParts, startServer, type WebhookServer } from './server.ts';
import type { Settings } from './settings.ts';
import type { Identity } from './track-sockets.ts';
import { foldersOf, type Watch, watchFolders } from './watch-folders.ts';

/** What serving needs beside its settings. */
export interface ServeParts {
  readonly log: Log;
  /** Reads the settings again with a changed file's `server` section; throws where that is not fit to start with. */
  readonly reread: (configuration: Configuration | undefined) => Settings;
}

/** A running podgraft. */
export interface Running {
  readonly url: string;
  /** `undefined` where metrics are off. */
  readonly metricsUrl: string | undefined;
  /** The certificate that is served now. */
  readonly certificate: () => Certificate;
  /** Stops in order: not ready, a delay, no new connections, answers to what is in flight. */
  readonly drain: () => Promise<void>;
  /** Stops at once. */
  readonly stop: () => Promise<void>;
}

/** How long changed files must stay the same before they are taken, in milliseconds. */
const SETTLE = 100;

/**
 * Serves.
 *
 * @throws {Fault} whatever is wrong with bundle, configuration, certificate or address; then nothing is left running
 */
export const serve = async (settings: Settings, { log, reread }: ServeParts): Promise<Running> => {
  const metrics = createMetrics();
  const status = createBundleStatus(metrics, Date.now);
  const common = { log, metrics, settings, settle: SETTLE, status };
  const { source, address } = configuredSource(settings, common);
  const servers: { webhook?: WebhookServer } = {};
  const state = { ready: true };
  const logins = await keepRegistryLogins(common);
  const authorities = settings.facts === 'off' ? undefined : await keepAuthorities(common);
  const findFacts = await createFindFacts(settings, {
    observe: metrics.lookedUp,
    logins: logins?.current,
    authorities: authorities?.current,
  });
  const policy = await keepPolicy({ ...common, source, reread, findFacts });
  const certificate = await keepCertificate({ ...common, renewed: () => servers.webhook?.use(identity()) });
  const authentication = await keepAuthentication({
    ...common,
    renewed: () => servers.webhook?.use(identity()),
    handshakeAuthority: (socket) => servers.webhook?.identityOf(socket)?.clientAuthority,
  });
  const identity = (): Identity => ({
    certificate: certificate.current(),
    clientAuthority: authentication?.current().clientAuthority,
  });
  const logReview = createLogReview(log, () => performance.now());
  const { fetch } = createApp({
    injector: () => policy.current().injector,
    bodyLimit: settings.bodyLimit,
    bodiesLimit: Math.max(settings.bodiesLimit, settings.bodyLimit),
    ready: () => state.ready,
    about: status.lines,
    clock: () => performance.now(),
    observe: (event) => {
      metrics.observe(event);
      logReview(event, digestOf(event) ?? policy.current().injector.digest);
    },
    ...authenticate(authentication),
  });
  const started = await startServers(metrics, { fetch, ...identity(), settings });
  servers.webhook = started.webhook;
  const watches = startWatches(settings, [
    { folders: () => policyFolders(source), kept: policy },
    { folders: async () => certificateFolders(settings), kept: certificate },
    ...(authentication === undefined
      ? []
      : [{ folders: async () => authenticationFolders(settings), kept: authentication }]),
    ...(logins === undefined ? [] : [{ folders: async () => foldersOf([settings.registryConfigFile]), kept: logins }]),
    ...(authorities === undefined
      ? []
      : [{ folders: async () => foldersOf([settings.registryCaFile]), kept: authorities }]),
  ]);
  const polls = address === undefined ? [] : [address.poll(policy.check)];
  return running({ ...started, watches: [...watches, ...polls], state, settings, certificate });
};

/** The bundle that a review was answered by: the next one may be served already. */
const digestOf = (event: ReviewEvent): string | undefined =>
  'review' in event ? event.review.response.response.auditAnnotations?.['bundle'] : undefined;

/** The app asks for callers only where somebody answers. */
const authenticate = (authentication: Kept<Authentication> | undefined): Pick<AppOptions, 'authenticate'> =>
  authentication === undefined
    ? {}
    : { authenticate: (credentials, platform) => authentication.current().authenticate(credentials, platform) };

interface Started {
  readonly webhook: WebhookServer;
  readonly metricsServer: MetricsServer | undefined;
}

const startServers = async (metrics: Metrics, parts: ServerParts): Promise<Started> => {
  const { metricsListen } = parts.settings;
  const metricsServer = metricsListen === 'off' ? undefined : await startMetricsServer(metrics, metricsListen);
  try {
    return { webhook: await startServer(parts), metricsServer };
  } catch (thrown) {
    await metricsServer?.close();
    throw thrown;
  }
};

interface Watched {
  readonly folders: () => Promise<readonly string[]>;
  readonly kept: Kept<unknown>;
}

const startWatches = ({ reloadInterval }: Settings, watched: readonly Watched[]): readonly Watch[] =>
  reloadInterval === 'off'
    ? []
    : watched.map(({ folders, kept }) =>
        watchFolders({ folders, interval: reloadInterval, settle: SETTLE, changed: kept.check }),
      );

const certificateFolders = ({ certificateFile, keyFile }: Settings): readonly string[] =>
  foldersOf([certificateFile, keyFile]);

interface RunningParts extends Started {
  readonly watches: readonly Watch[];
  readonly state: { ready: boolean };
  readonly settings: Settings;
  readonly certificate: Kept<Certificate>;
}

const running = ({ webhook, metricsServer, watches, state, settings, certificate }: RunningParts): Running => {
  const close = async (timeout: number): Promise<void> => {
    state.ready = false;
    await Promise.all([webhook.close(timeout), ...watches.map((watch) => watch.close())]);
    await metricsServer?.close();
  };
  return {
    url: `https://${formatAddress(webhook.address)}`,
    metricsUrl: metricsServer === undefined ? undefined : `http://${formatAddress(metricsServer.address)}/metrics`,
    certificate: certificate.current,
    drain: async () => {
      state.ready = false;
      webhook.letGo();
      await new Promise((resolve) => setTimeout(resolve, settings.drainDelay));
      await close(settings.drainTimeout);
    },
    stop: () => close(0),
  };
};
