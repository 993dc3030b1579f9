// Runs podgraft's Node server as a process of its own, as a cluster would.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KeyPair } from '../../scripts/cluster/certificate.ts';
import { startChild } from '../../scripts/cluster/child.ts';
import { freePorts } from '../../scripts/cluster/free-port.ts';
import { until } from '../../scripts/cluster/until.ts';
import { plainEnvironment, runFolder } from './test-cluster.ts';

const ENTRY = fileURLToPath(new URL('../../runtimes/node/main.ts', import.meta.url));

export interface PodgraftServer {
  readonly url: string;
  /** Everything it has logged so far. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface PodgraftOptions {
  readonly certificate: KeyPair;
  /** The authority that signed the certificate, PEM. */
  readonly authority: string;
  /** The configuration file's text; its `server:` section stays free for flags. */
  readonly configuration: string;
  /** Where it listens on loopback; the default is a free port. */
  readonly port?: number;
  /** Who may ask it; the default is everybody. */
  readonly authentication?: readonly string[];
}

/** Starts the server, as `podgraft serve` does, and waits until it says that it is ready. */
export const startPodgraft = async ({
  certificate,
  authority,
  configuration,
  ...options
}: PodgraftOptions): Promise<PodgraftServer> => {
  const folder = mkdtempSync(join(runFolder(), 'podgraft-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const { port = (await freePorts(1))[0], authentication = ['--authentication', 'off'] } = options;
  const url = `https://127.0.0.1:${port}`;
  const flags = [
    ...['--config', file('config.yaml', configuration), '--listen', `127.0.0.1:${port}`, '--metrics-listen', 'off'],
    ...['--certificate-file', file('tls.crt', certificate.certificate), '--key-file', file('tls.key', certificate.key)],
    ...['--drain-delay', '0s'],
    ...authentication,
  ];
  const child = startChild({
    name: 'podgraft',
    command: process.execPath,
    args: [ENTRY, ...flags],
    folder,
    env: plainEnvironment,
  });
  const check = (): void => {
    const ended = child.ended();
    if (ended !== undefined) {
      throw new Error(`podgraft ended: ${ended}\n${child.log()}`);
    }
  };
  try {
    await until('podgraft is ready', () => isReady(url, authority), { check });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url, log: child.log, stop: child.stop };
};

const isReady = (url: string, authority: string): Promise<true | undefined> => {
  return new Promise((resolve, reject) => {
    const asking = request(new URL('/readyz', url), { ca: authority, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200 ? true : undefined);
    });
    asking.on('error', reject).end();
  });
};
