// Starts whole servers that ask callers who they are, with the files that they read it from.
import path from 'node:path';
import type { Running } from '../../../runtimes/node/serve.ts';
import { type Answer, reviewBody, type Sending, send } from './https-client.ts';
import { type Run, run } from './run-server.ts';
import { scratchFolder } from './scratch-folder.ts';
import { mountSecret, type SecretMount } from './secret-mount.ts';

/** A server, and the mount with the files of its callers. */
export interface AuthenticatedServer extends Run {
  readonly started: Running;
  readonly mount: SecretMount;
  /** Sends a review to `/mutate`, or below. */
  readonly ask: (sending?: Sending, below?: string) => Promise<Answer>;
  /** How often callers were refused, by code, as the metrics have it. */
  readonly refusals: () => Promise<Readonly<Record<string, number>>>;
  readonly metrics: () => Promise<string>;
}

/**
 * Starts a server whose files lie in a mount as a Secret makes it.
 *
 * @param files their names and what they hold
 * @param flags the other settings, with the names of files where a path is wanted
 */
export const startAuthenticated = async (
  files: Readonly<Record<string, string>>,
  flags: Readonly<Record<string, string>>,
): Promise<AuthenticatedServer> => {
  const mount = await mountSecret(path.join(await scratchFolder(), 'mount'), files);
  const pathed = Object.entries(flags).map(([key, value]) => [key, value in files ? mount.pathOf(value) : value]);
  // A minute between looks: what is seen, is seen by the watch.
  const ran = run({
    authentication: 'required',
    reloadInterval: '60s',
    logLevel: 'trace',
    ...Object.fromEntries(pathed),
  });
  const started = await ran.running;
  const metrics = async (): Promise<string> => (await fetch(started.metricsUrl ?? '')).text();
  return {
    ...ran,
    started,
    mount,
    metrics,
    ask: (sending = {}, below = '') =>
      send(`${started.url}/mutate${below}`, started.certificate().cert, { body: reviewBody('u'), ...sending }),
    refusals: async () => {
      const found = (await metrics()).matchAll(/podgraft_faults_total\{code="(auth\.[\w.-]+)",status="401"\} (\d+)/g);
      return Object.fromEntries([...found].map(([, code = '', count]) => [code, Number(count)]));
    },
  };
};

/** The header of a bearer token. */
export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

/** The header of a name and a password. */
export const basic = (text: string) => ({
  headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` },
});
