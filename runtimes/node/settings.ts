// The table of settings: flags, environment variables, file keys, defaults, checks, help and docs come from it.

import { choice, duration, list, orOff, size, text } from '../setting-kind.ts';
import { authenticationSettings } from './authentication-rows.ts';
import { bundleSettings } from './bundle-rows.ts';
import { factSettings } from './facts/fact-rows.ts';
import { address } from './listen-address.ts';
import { type Setting, setting } from './setting.ts';

/** Every setting of the Node runtime. */
export const settings = {
  config: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'The configuration file. Without it, the defaults of the bundle hold.',
    inFile: false,
  }),
  ...bundleSettings,
  listen: setting(address, {
    fallback: '127.0.0.1:8443',
    placeholder: 'HOST:PORT',
    help: 'Where the webhook listens, by HTTPS.',
  }),
  metricsListen: setting(orOff(address), {
    fallback: '127.0.0.1:9464',
    placeholder: 'HOST:PORT|off',
    help: 'Where /metrics is served, by plain HTTP.',
  }),
  certificateFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'The certificate chain, PEM, leaf first. Re-read when it changes. Without it, a self-signed one is made in memory.',
  }),
  keyFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'The private key of the certificate, PEM, not encrypted. Re-read when it changes.',
  }),
  certificateHosts: setting(list, {
    fallback: 'localhost,127.0.0.1,::1',
    placeholder: 'LIST',
    help: 'The names and addresses in a certificate made in memory.',
  }),
  tlsMinVersion: setting(choice('1.2', '1.3'), {
    fallback: '1.2',
    placeholder: '1.2|1.3',
    help: 'The oldest version of TLS that is spoken.',
  }),
  tlsCiphers: setting(text, {
    fallback: '',
    placeholder: 'LIST',
    help: 'The cipher suites, as an OpenSSL list. Without it, those of Node.',
  }),
  ...authenticationSettings,
  bodyLimit: setting(size({ least: '1KiB', most: '64MiB' }), {
    fallback: '8MiB',
    placeholder: 'SIZE',
    help: 'The largest request body; a larger one is answered with 413.',
  }),
  bodiesLimit: setting(size({ least: '1KiB', most: '2GiB' }), {
    fallback: '32MiB',
    placeholder: 'SIZE',
    help: 'The most that the bodies of all requests under way may hold; beyond it a request is answered with 503. Never less than the body limit.',
  }),
  headerLimit: setting(size({ least: '4KiB', most: '1MiB' }), {
    fallback: '16KiB',
    placeholder: 'SIZE',
    help: 'The largest set of request headers; a larger one is answered with 431.',
  }),
  headerTimeout: setting(duration({ least: '100ms', most: '10m' }), {
    fallback: '10s',
    placeholder: 'TIME',
    help: 'How long a client may take for the TLS handshake, and for the headers of a request.',
  }),
  requestTimeout: setting(duration({ least: '100ms', most: '10m' }), {
    fallback: '30s',
    placeholder: 'TIME',
    help: 'How long a client may take to send a whole request. Not below the header time-out.',
  }),
  keepAliveTimeout: setting(duration({ least: '1s', most: '1h' }), {
    fallback: '120s',
    placeholder: 'TIME',
    help: 'How long an idle connection is kept. Keep it above the 90s after which the API server closes its own.',
  }),
  drainDelay: setting(duration({ least: '0s', most: '10m' }), {
    fallback: '5s',
    placeholder: 'TIME',
    help: 'How long requests are still accepted after a signal to stop, while /readyz already fails.',
  }),
  drainTimeout: setting(duration({ least: '0s', most: '10m' }), {
    fallback: '20s',
    placeholder: 'TIME',
    help: 'How long requests in flight may take after that, before their connections are cut.',
  }),
  reloadInterval: setting(orOff(duration({ least: '100ms', most: '1h' })), {
    fallback: '10s',
    placeholder: 'TIME|off',
    help: 'How often files are compared with what is loaded, beside being watched. off: neither.',
  }),
  policyMemory: setting(size({ least: '4MiB', most: '2GiB' }), {
    fallback: '128MiB',
    placeholder: 'SIZE',
    help: 'The most memory that the policy may use. The review of a pod needs about seven times the size of its body, one of very many small values far more.',
  }),
  ...factSettings,
  logLevel: setting(choice('trace', 'debug', 'info', 'warn', 'error', 'silent'), {
    fallback: 'info',
    placeholder: 'LEVEL',
    help: 'The least level that is logged: trace, debug, info, warn, error or silent. A review is one line at info.',
  }),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The key of a setting, as in the file: `keepAliveTimeout`. */
export type SettingKey = keyof typeof settings;

/** All settings, read. Times are in milliseconds, sizes in bytes. */
export type Settings = {
  readonly [Key in SettingKey]: (typeof settings)[Key] extends Setting<infer Value> ? Value : never;
};

/** Every key, in the order of the table. */
export const settingKeys = Object.keys(settings) as readonly SettingKey[];

const dashed = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The flag of a setting: `--keep-alive-timeout`. */
export const flagOf = (key: string): string => `--${dashed(key)}`;

/** The environment variable of a setting: `PODGRAFT_KEEP_ALIVE_TIMEOUT`. */
export const environmentNameOf = (key: string): string => `PODGRAFT_${dashed(key).replaceAll('-', '_').toUpperCase()}`;
