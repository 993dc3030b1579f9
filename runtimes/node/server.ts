// The HTTPS server: its time-outs and limits, the exchange of its certificate, and how it stops.
import { constants } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Fault, toError } from '../../core/errors.ts';
import { addressOf, listen } from './listen.ts';
import type { ListenAddress } from './listen-address.ts';
import type { Settings } from './settings.ts';
import { type Identity, trackIdentities, trackSockets } from './track-sockets.ts';

/** A server that accepts requests. */
export interface WebhookServer {
  readonly address: ListenAddress;
  /** With which identity the handshake of a connection was made. */
  readonly identityOf: (socket: Socket) => Identity | undefined;
  /** Serves new connections with this identity; those that stand keep theirs. */
  readonly use: (identity: Identity) => void;
  /** Asks every client to close its connection after its next answer. */
  readonly letGo: () => void;
  /** Accepts no more connections, answers what is in flight, and cuts what is left after `timeout` milliseconds. */
  readonly close: (timeout: number) => Promise<void>;
}

/** What a server is made of. */
export interface ServerParts extends Identity {
  /** `platform` has Node's own request, with the connection on which it came. */
  readonly fetch: (request: Request, platform: HttpBindings) => Response | Promise<Response>;
  readonly settings: Settings;
}

/** How often Node compares connections with the header and request time-outs; its default of 30 s is coarser than those. */
const CHECK_INTERVAL = 1000;

/** How long a connection may stand without a request before it counts as idle when the server closes, in milliseconds. */
const FIRST_REQUEST = 1000;

/**
 * Starts a server.
 *
 * @throws {Fault} `server.listen` when the address can't be had, `server.tls` when the ciphers are none
 */
export const startServer = async (parts: ServerParts): Promise<WebhookServer> => {
  const { settings, fetch } = parts;
  const requests = trackRequests(getRequestListener((request, platform) => fetch(request, platform as HttpBindings)));
  const server = createTlsServer(settings, parts, requests.listener);
  server.on('secureConnection', requests.connected);
  const sockets = trackSockets(server);
  let identity: Identity = parts;
  const identityOf = trackIdentities(server, () => identity);
  await listen(server, settings.listen, 'listen');
  return {
    address: addressOf(server),
    identityOf,
    use: (next) => {
      identity = next;
      server.setSecureContext(tlsOptions(settings, next));
    },
    letGo: requests.letGo,
    close: async (timeout) => {
      requests.letGo();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      requests.closeUnused();
      await Promise.race([closed, wait(timeout, undefined, { ref: false })]);
      for (const socket of sockets) {
        socket.destroy();
      }
      await closed;
    },
  };
};

const tlsOptions = (settings: Settings, { certificate, clientAuthority }: Identity): ServerOptions => ({
  cert: certificate.cert,
  key: certificate.key,
  ...(clientAuthority === undefined ? {} : { ca: clientAuthority, ...CLIENT_CERTIFICATES }),
  minVersion: `TLSv${settings.tlsMinVersion}`,
  ...(settings.tlsCiphers === '' ? {} : { ciphers: settings.tlsCiphers }),
});

/**
 * Clients are asked for a certificate, and let in without: whether it suffices is decided for each request, and probes
 * show none. No sessions are resumed: a resumed one says who the client was under the authorities of before.
 */
const CLIENT_CERTIFICATES = {
  requestCert: true,
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const satisfies ServerOptions;

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

const createTlsServer = (settings: Settings, identity: Identity, listener: Listener): Server => {
  const options: ServerOptions = {
    ...tlsOptions(settings, identity),
    handshakeTimeout: settings.headerTimeout,
    headersTimeout: settings.headerTimeout,
    requestTimeout: settings.requestTimeout,
    keepAliveTimeout: settings.keepAliveTimeout,
    maxHeaderSize: settings.headerLimit,
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL, settings.headerTimeout),
  };
  try {
    return createServer(options, listener);
  } catch (thrown) {
    throw new Fault('server.tls', `TLS cannot be set up: ${toError(thrown).message}`, { cause: thrown });
  }
};

/** Knows which requests are in flight, and which connections have never had one. */
const trackRequests = (answer: Listener) => {
  const inFlight = new Set<ServerResponse>();
  const unused = new Map<Socket, number>();
  let leaving = false;
  let closing = false;
  const listener: Listener = (request, response) => {
    unused.delete(request.socket);
    response.shouldKeepAlive &&= !leaving;
    inFlight.add(response);
    response.once('close', () => inFlight.delete(response));
    return answer(request, response);
  };
  const closeIfUnused = (socket: Socket, since: number): void => {
    const close = (): unknown => unused.has(socket) && socket.destroy();
    setTimeout(close, Math.max(0, FIRST_REQUEST - (performance.now() - since))).unref();
  };
  const connected = (socket: Socket): void => {
    const now = performance.now();
    unused.set(socket, now);
    socket.once('close', () => unused.delete(socket));
    if (closing) {
      closeIfUnused(socket, now);
    }
  };
  const letGo = (): void => {
    leaving = true;
    for (const response of inFlight) {
      response.shouldKeepAlive = false;
    }
  };
  // Clients open connections ahead of need; Node does not count one as idle before its first request.
  const closeUnused = (): void => {
    closing = true;
    for (const [socket, since] of unused) {
      closeIfUnused(socket, since);
    }
  };
  return { listener, connected, letGo, closeUnused };
};
