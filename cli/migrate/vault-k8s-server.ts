// The part of a vault-k8s installation that is about serving: what of it the Node runtime's settings can say.
import type { JsonObject } from '../../core/json.ts';
import { quote } from '../../core/policy/go-quote.ts';
import type { SettingKey } from '../../runtimes/node/settings.ts';
import { opensslCiphers } from './cipher-suite.ts';

/** A note about a setting of the original, by its key in vault-k8s-setting.ts. */
export interface ServerNote {
  readonly key: string;
  readonly message: string;
}

/** The server section, what it cannot say, and what would have stopped the original. */
export interface ServerSettings {
  readonly settings: JsonObject;
  readonly notes: readonly ServerNote[];
  readonly errors: readonly string[];
}

type Part = {
  readonly settings?: { readonly [key in SettingKey]?: string };
  readonly note?: string;
  readonly error?: string;
};

/** Translates the settings about listening, logging, TLS, metrics and leader election, read by their keys. */
export const serverSettings = (value: (key: string) => string): ServerSettings => {
  const parts = Object.entries(translations).map(([key, translate]) => ({ key, part: translate(value(key)) }));
  const keyFile = value('tlsKeyFile');
  const pair = value('tlsCertFile') === '' ? {} : { certificateFile: value('tlsCertFile'), keyFile };
  return {
    settings: Object.assign({}, ...parts.map(({ part }) => part.settings ?? {}), pair),
    notes: parts.flatMap(({ key, part }) => (part.note === undefined ? [] : [{ key, message: part.note }])),
    errors: parts.flatMap(({ part }) => (part.error === undefined ? [] : [part.error])),
  };
};

const unlessEmpty =
  (part: (text: string) => Part) =>
  (text: string): Part =>
    text === '' ? {} : part(text);

const levels: ReadonlyMap<string, string> = new Map([
  ['trace', 'trace'],
  ['debug', 'debug'],
  ['', 'info'],
  ['info', 'info'],
  ['notice', 'info'],
  ['warn', 'warn'],
  ['warning', 'warn'],
  ['err', 'error'],
  ['error', 'error'],
]);

/** In the order in which the original looks at them. */
const translations: Readonly<Record<string, (text: string) => Part>> = {
  logLevel: (text) => {
    const word = text.trim().toLowerCase();
    const level = levels.get(word);
    if (level === undefined) {
      return { error: `unknown log level: ${word}` };
    }
    return level === 'info' ? {} : { settings: { logLevel: level } };
  },
  logFormat: (text) => (text === 'json' ? {} : { note: 'podgraft writes its log as lines of JSON only.' }),
  listen: (text) =>
    /^(\[[\da-fA-F:.]+\]|[\w.-]*):\d{1,5}$/.test(text)
      ? { settings: { listen: text } }
      : { note: `The address ${quote(text)} has no port number, so it is left out. Set server.listen yourself.` },
  tlsAuto: unlessEmpty(() => ({
    note: 'podgraft does not write the webhook configuration. Give it a certificate from an authority that the webhook configuration names, for example through cert-manager (deploy/ has an overlay).',
  })),
  tlsAutoHosts: unlessEmpty((text) => ({ settings: { certificateHosts: text } })),
  tlsCaCertFile: unlessEmpty(() => ({
    note: 'The authority belongs into the webhook configuration (clientConfig.caBundle); podgraft does not read it.',
  })),
  tlsMinVersion: (text) => minVersion(text),
  tlsCipherSuites: unlessEmpty((text) => cipherSuites(text)),
  telemetryPath: unlessEmpty(() => ({
    settings: { metricsListen: ':9464' },
    note: 'podgraft serves metrics by plain HTTP on a port of their own, at /metrics. Their names differ.',
  })),
  leaderElector: (text) =>
    text === 'true' ? { note: 'podgraft needs no leader: its replicas make nothing that they would share.' } : {},
};

const minVersion = (text: string): Part => {
  switch (text) {
    case 'tls12':
      return {};
    case 'tls13':
      return { settings: { tlsMinVersion: '1.3' } };
    case 'tls10':
    case 'tls11':
      return { note: 'podgraft speaks TLS 1.2 and newer only.' };
    default:
      return { error: `invalid or unsupported TLS version ${quote(text)}` };
  }
};

const cipherSuites = (text: string): Part => {
  const { ciphers, unknown, gone } = opensslCiphers(text);
  if (unknown !== undefined) {
    return { error: `failed to parse TLS cipher suites list ${quote(text)}: unsupported cipher ${quote(unknown)}` };
  }
  return {
    ...(ciphers.length === 0 ? {} : { settings: { tlsCiphers: ciphers.join(':') } }),
    ...(gone.length === 0 ? {} : { note: `Node no longer offers ${gone.join(', ')}, so they are left out.` }),
  };
};
