// Starts to listen at an address, and says what to do where that fails.
import type { AddressInfo, Server } from 'node:net';
import { Fault } from '../../core/errors.ts';
import type { ListenAddress } from './listen-address.ts';
import { environmentNameOf, flagOf, type SettingKey } from './settings.ts';

/**
 * Starts to listen, for any kind of server.
 *
 * @param key the setting that holds the address
 * @throws {Fault} `server.listen`, with what to do
 */
export const listen = (server: Server, { host, port }: ListenAddress, key: SettingKey): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const setting = `${flagOf(key)}, ${environmentNameOf(key)} or server.${key}`;
      const why = (ADVICE[error.code ?? ''] ?? other)(setting);
      const message = `cannot listen on ${formatAddress({ host, port })} (${error.code ?? error.message}): ${why}`;
      reject(new Fault('server.listen', message, { cause: error }));
    };
    server.once('error', fail);
    server.listen({ port, ...(host === '' ? {} : { host }) }, () => {
      server.off('error', fail);
      resolve();
    });
  });

const other = (setting: string): string => `choose another address by ${setting}`;

/** By the code of the system's error. */
const ADVICE: Readonly<Record<string, (setting: string) => string>> = {
  EADDRINUSE: (setting) => `another process has this port; stop it, or choose another by ${setting}`,
  EACCES: (setting) => `the port needs a privilege that this process lacks; choose one from 1024 on by ${setting}`,
  EADDRNOTAVAIL: (setting) => `this machine has no such address; choose one that it has by ${setting}`,
  ENOTFOUND: (setting) => `the name of the host is not known; choose an address of this machine by ${setting}`,
};

/** The address that a listening server has. */
export const addressOf = (server: Server): ListenAddress => {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
};

/** Writes an address as a URL has it. */
export const formatAddress = ({ host, port }: ListenAddress): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
