// Turns the settings of one of Bank-Vaults' webhooks into the podgraft configuration that does the same.
import type { JsonObject, JsonValue } from '../../core/json.ts';
import { canonicalQuantity } from '../../core/k8s/quantity.ts';
import { parseDuration } from '../../core/policy/parse-duration.ts';
import type { SettingKey } from '../../runtimes/node/settings.ts';
import {
  type BankVaultsKind,
  type BankVaultsSetting,
  type BankVaultsWebhook,
  bankVaultsNotes,
  bankVaultsSettings,
} from './bank-vaults-setting.ts';
import { parseGoBool } from './go-value.ts';
import type { Migration, MigrationNote } from './vault-k8s.ts';

type Environment = Readonly<Record<string, string>>;

/** A piece of the configuration, and what to know of it. */
interface Piece {
  readonly path: readonly string[];
  /** `undefined`: what podgraft has by default. */
  readonly value: JsonValue | undefined;
  readonly note?: MigrationNote;
}

/**
 * Translates the environment of a webhook, which has no flags. An empty variable says nothing.
 *
 * @param webhook `vault-secrets-webhook`, or its successor `secrets-webhook`, which knows more providers
 * @param unreadable names of variables whose values are elsewhere (`valueFrom`): each that matters gets a note
 */
export const bankVaultsConfiguration = (
  webhook: BankVaultsWebhook,
  env: Environment,
  unreadable: readonly string[] = [],
): Migration => {
  const provider = webhook === 'secrets-webhook' ? (env['PROVIDER'] ?? '') : 'vault';
  const pieces = [
    ...helperPieces(webhook, env, provider),
    ...bankVaultsSettings[webhook].flatMap((setting) => readSetting(setting, env)),
    ...allowed(env),
    { path: ['lookups', 'references'], value: 'always' },
  ];
  return {
    configuration: {
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      server: serverSection(env),
      policy: { vault_env: assemble(pieces) },
    },
    notes: [
      ...generalNotes(env),
      ...pieces.flatMap(({ note }) => note ?? []),
      ...providerNotes(provider),
      ...Object.entries(bankVaultsNotes).flatMap(([setting, message]) =>
        (env[setting] ?? '') === '' ? [] : [{ setting, message }],
      ),
      ...unreadableNotes(webhook, unreadable),
    ],
  };
};

/** The webhook's own default is a moving tag; podgraft's is a release. What ran before goes on running. */
const HELPER_IMAGES: Readonly<Record<BankVaultsWebhook, string>> = {
  'vault-secrets-webhook': 'ghcr.io/bank-vaults/vault-env:latest',
  'secrets-webhook': 'ghcr.io/bank-vaults/secret-init:latest',
};

const helperPieces = (webhook: BankVaultsWebhook, env: Environment, provider: string): readonly Piece[] => {
  const isNamed = ['VAULT_ENV_IMAGE', 'SECRET_INIT_IMAGE'].some((name) => (env[name] ?? '') !== '');
  return [
    { path: ['provider'], value: provider === 'vault' || provider === 'bao' ? provider : '' },
    { path: ['helper', 'name'], value: webhook === 'secrets-webhook' ? 'secret-init' : 'vault-env' },
    ...(isNamed ? [] : [{ path: ['defaults', 'secret-init-image'], value: HELPER_IMAGES[webhook] }]),
  ];
};

const providerNotes = (provider: string): readonly MigrationNote[] =>
  provider === 'aws'
    ? [
        {
          setting: 'PROVIDER',
          message:
            'podgraft has no AWS provider: the webhook writes AWS credentials into each pod. Keep it for these pods.',
        },
      ]
    : [];

const readSetting = ({ variable, older, kind, path }: BankVaultsSetting, env: Environment): readonly Piece[] => {
  const name = [older, variable].find((candidate) => candidate !== undefined && (env[candidate] ?? '') !== '');
  if (name === undefined) {
    return [];
  }
  const { text, unread } = readers[kind](env[name] ?? '');
  const note =
    unread === true
      ? {
          note: {
            setting: name,
            message: `The webhook cannot read its value and takes ${text ?? 'its default'} instead.`,
          },
        }
      : {};
  return [{ path, value: text !== undefined && isSwitch(path) ? text === 'true' : text, ...note }];
};

/** The switches of podgraft's own; a default for an annotation is always a text. */
const isSwitch = ([head]: readonly string[]): boolean => head === 'allowSkipVerify' || head === 'allowPrivateAddresses';

/** What a webhook makes of a value; no text: its default. */
interface Reading {
  readonly text?: string;
  /** Whether it is not what stands there. */
  readonly unread?: true;
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

const readers: Readonly<Record<BankVaultsKind, (text: string) => Reading>> = {
  text: (text) => ({ text }),
  bool: (text) => {
    const parsed = parseGoBool(text);
    return 'error' in parsed ? { text: 'false', unread: true } : { text: `${parsed.value}` };
  },
  int: (text) => (/^[+-]?\d+$/.test(text) ? { text: `${BigInt(text.replace('+', ''))}` } : { text: '0', unread: true }),
  'any-base-int': (text) => {
    const digits = text.replace(/^0(?=[0-7]+$)/, '0o').replaceAll('_', '');
    return /^(?:0x[\da-f]+|0o[0-7]+|0b[01]+|\d+)$/i.test(digits)
      ? { text: `${BigInt(digits)}` }
      : { text: '0', unread: true };
  },
  duration: (text) => {
    // A number alone counts nanoseconds.
    const duration = /^[+-]?\d+$/.test(text) ? `${text}ns` : text;
    return parseDuration(duration)['error'] === '' ? { text: duration } : { text: '0s', unread: true };
  },
  quantity: (text) => (canonicalQuantity(text) === undefined ? { unread: true } : { text }),
  'pull-policy': (text) =>
    PULL_POLICIES.some((policy) => text === policy || text === policy.toLowerCase())
      ? { text }
      : { text: 'IfNotPresent', unread: true },
};

/** The addresses that pods may name. */
const allowed = (env: Environment): readonly Piece[] => {
  const lists = [env['VAULT_ADDR_ALLOWLIST'] ?? '', env['BAO_ADDR_ALLOWLIST'] ?? ''].join(',');
  const addresses = lists.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
  return addresses.length === 0 ? [] : [{ path: ['addresses'], value: addresses }];
};

/** Lays the pieces into each other; of two for one place the later stands, and a switch that is on stays on. */
const assemble = (pieces: readonly Piece[]): JsonObject => {
  const result: { [key: string]: JsonValue } = {};
  for (const { path, value } of pieces) {
    if (value !== undefined) {
      place(result, path, value);
    }
  }
  return result;
};

const place = (into: { [key: string]: JsonValue }, [key = '', ...rest]: readonly string[], value: JsonValue): void => {
  if (rest.length === 0) {
    into[key] = into[key] === true ? true : value;
    return;
  }
  const below = { ...(into[key] as JsonObject | undefined) };
  place(below, rest, value);
  into[key] = below;
};

const serverSection = (env: Environment): JsonObject => {
  const text = (name: string): string => env[name] ?? '';
  const settings: readonly (readonly [SettingKey, string])[] = [
    ['listen', text('LISTEN_ADDRESS') || ':8443'],
    ['metricsListen', text('TELEMETRY_LISTEN_ADDRESS')],
    ['certificateFile', text('TLS_CERT_FILE')],
    ['keyFile', text('TLS_PRIVATE_KEY_FILE')],
    ['logLevel', ['debug', 'warn', 'error'].find((level) => level === text('LOG_LEVEL').toLowerCase()) ?? ''],
  ];
  return Object.fromEntries(settings.filter(([, value]) => value !== ''));
};

/** What holds of every migration. */
const generalNotes = (env: Environment): readonly MigrationNote[] => [
  {
    setting: 'Secrets, ConfigMaps, custom resources',
    message: 'podgraft changes pods only. Keep the webhook for the others, or read their values another way.',
  },
  ...((env['TLS_CERT_FILE'] ?? '') === ''
    ? [{ setting: 'TLS_CERT_FILE', message: 'The webhook serves plain HTTP; podgraft serves HTTPS only.' }]
    : []),
];

const unreadableNotes = (webhook: BankVaultsWebhook, unreadable: readonly string[]): readonly MigrationNote[] => {
  const known = new Set(bankVaultsSettings[webhook].flatMap(({ variable, older }) => [variable, older ?? variable]));
  return unreadable
    .filter((name) => known.has(name))
    .map((setting) => ({
      setting,
      message: 'The manifest does not carry its value (valueFrom). Give it with --env NAME=VALUE and migrate again.',
    }));
};
