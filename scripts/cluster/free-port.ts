// Finds TCP ports on loopback that nothing listens on.

import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Gives `count` different free ports of 127.0.0.1. They are free now; a program should take them soon. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the server has no TCP address');
  }
  return address.port;
};
