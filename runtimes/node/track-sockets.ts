// Knows the connections of a server, from before their TLS handshake on.
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

/** What the TLS handshake is made with. */
export interface Identity {
  readonly certificate: Certificate;
  /** The authorities of client certificates, PEM; `undefined` where none are asked for. */
  readonly clientAuthority?: string | undefined;
}

/** All sockets, those in a TLS handshake too, which the HTTP server's own list lacks. */
export const trackSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
};

/**
 * Knows with which identity each handshake began. It is fixed when the connection is made, before there is a TLS socket;
 * the address at the other end is what both have in common.
 */
export const trackIdentities = (
  server: Server,
  current: () => Identity,
): ((socket: Socket) => Identity | undefined) => {
  const begun = new Map<string, Identity>();
  const nameOf = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`;
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    begun.set(name, current());
    socket.once('close', () => begun.delete(name));
  });
  return (socket) => begun.get(nameOf(socket));
};
