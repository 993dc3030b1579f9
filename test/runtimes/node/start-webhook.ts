// Starts the HTTPS server with the real app around a stand-in injector.
import { onTestFinished } from 'vitest';
import { createApp, type ReviewEvent } from '../../../core/http/app.ts';
import type { Injector } from '../../../core/injector.ts';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import { formatAddress } from '../../../runtimes/node/listen.ts';
import { readSettings } from '../../../runtimes/node/read-settings.ts';
import { startServer } from '../../../runtimes/node/server.ts';
import type { Flags } from '../../../runtimes/node/setting-source.ts';
import { standInInjector } from './stand-in-injector.ts';

/** Starts a server on a free port of the loopback; it ends with the test. */
export const startWebhook = async (flags: Flags = {}, injector: Injector = standInInjector()) => {
  const settings = readSettings({ authentication: 'off', listen: '127.0.0.1:0', ...flags }, {});
  const certificate = await createEphemeralCertificate(['localhost', '127.0.0.1'], Date.now());
  const events: ReviewEvent[] = [];
  const state = { ready: true };
  const app = createApp({
    injector: () => injector,
    bodyLimit: settings.bodyLimit,
    ready: () => state.ready,
    observe: (event) => events.push(event),
  });
  const server = await startServer({ fetch: app.fetch, certificate, settings });
  onTestFinished(() => server.close(0));
  return { server, url: `https://${formatAddress(server.address)}`, ca: certificate.cert, events, state, settings };
};
