// The table of the Worker's settings: texts among its bindings.
import { jwtAlgorithms } from '../../core/authentication/jwt.ts';
import { Fault } from '../../core/errors.ts';
import { nearMiss } from '../../core/near-miss.ts';
import { choice, choices, duration, listOrNone, type SettingKind, size, text } from '../setting-kind.ts';
import type { WorkerEnv } from './platform.ts';

/** One setting. */
export interface Setting<Value> {
  readonly kind: SettingKind<Value>;
  /** The default, written as a user would; empty: none. */
  readonly fallback: string;
  readonly help: string;
  /** Its value is nobody's business: it is set by `wrangler secret put`, and no error shows it. */
  readonly secret: boolean;
}

const setting = <Value>(kind: SettingKind<Value>, fallback: string, help: string): Setting<Value> => ({
  kind,
  fallback,
  help,
  secret: false,
});

/** Lines of any text; who reads them says what is wrong with them, by line. */
const lines: SettingKind<string> = { grammar: 'lines of text', parse: (value) => value };

const secret = (help: string): Setting<string> => ({ ...setting(lines, '', help), secret: true });

/** Every setting of the Worker, by the name of its variable. */
export const settings = {
  PODGRAFT_AUTHENTICATION: setting(
    choice('required', 'off'),
    'required',
    'Whether a caller must say who he is, in one of the ways below: at least one must be set, and any one suffices.',
  ),
  PODGRAFT_TOKENS: secret('Bearer tokens, one a line.'),
  PODGRAFT_PASSWORDS: secret('NAME:PASSWORD, one a line.'),
  PODGRAFT_PATH_SECRETS: secret('Segments of the path behind /mutate/, one a line.'),
  PODGRAFT_CLIENT_NAMES: setting(
    listOrNone,
    '',
    'Common names of client certificates that the platform verified, each written CN:….',
  ),
  PODGRAFT_JWT_ISSUER: setting(text, '', 'Who issues the JSON Web Tokens that are accepted: their claim iss.'),
  PODGRAFT_JWT_AUDIENCES: setting(
    listOrNone,
    '',
    'For whom the tokens must be: one of these must be in their claim aud.',
  ),
  PODGRAFT_JWT_SUBJECTS: setting(
    listOrNone,
    '',
    'Whose tokens are accepted: one of these must be their claim sub, such as system:serviceaccount:NAMESPACE:NAME.',
  ),
  PODGRAFT_JWT_ALGORITHMS: setting(
    choices(...jwtAlgorithms),
    'RS256,ES256',
    'The algorithms that a token may be signed by.',
  ),
  PODGRAFT_JWT_CLOCK_SKEW: setting(
    duration({ least: '0s', most: '5m' }),
    '30s',
    'How far the clock of the issuer may differ.',
  ),
  PODGRAFT_JWT_KEYS: setting(
    lines,
    '',
    'The JSON Web Key Set of the issuer. Without it, the keys are discovered at the address that the issuer is.',
  ),
  PODGRAFT_CREDENTIAL_LIMIT: setting(
    size({ least: '1KiB', most: '64KiB' }),
    '8KiB',
    'The longest Authorization header that is looked at.',
  ),
  PODGRAFT_CONFIGURATION: setting(
    lines,
    '',
    'The configuration file, whole. Its section server is for other runtimes.',
  ),
  PODGRAFT_OBJECT: setting(
    text,
    'podgraft.json',
    'The name of the object in the store that holds bundle and configuration. It is looked for where a store is bound.',
  ),
  PODGRAFT_REFRESH_INTERVAL: setting(
    duration({ least: '1s', most: '24h' }),
    '60s',
    'How long what the store said holds. The first request after that is still answered from it, and the store is asked behind that answer.',
  ),
  PODGRAFT_BUNDLE_KEYS: setting(
    lines,
    '',
    'A JSON Web Key, or a set of them, one of which must have signed the bundle in the store.',
  ),
  PODGRAFT_BUNDLE_SCOPE: setting(
    text,
    '',
    'What the scope of that signature must be. Without it, the signature must have none.',
  ),
  PODGRAFT_BODY_LIMIT: setting(
    size({ least: '1KiB', most: '16MiB' }),
    '4MiB',
    'The largest request body; a larger one is answered with 413.',
  ),
  PODGRAFT_POLICY_MEMORY: setting(
    size({ least: '4MiB', most: '96MiB' }),
    '48MiB',
    'The most memory that the policy may use. The review of a pod needs about seven times the size of its body, one of very many small values far more, and an isolate has 128 MiB for everything.',
  ),
  PODGRAFT_LOG_LEVEL: setting(
    choice('info', 'warn', 'error', 'silent'),
    'info',
    'The least level that is logged. A review is one line at info.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The names of the bindings that are no text: where the object may lie. */
export const storeNames = ['PODGRAFT_KV', 'PODGRAFT_R2'] as const;

/** The name of a setting's variable. */
export type SettingName = keyof typeof settings;

/** All settings, read. Times are in milliseconds, sizes in bytes. */
export type Settings = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/** Every name, in the order of the table. */
export const settingNames = Object.keys(settings) as readonly SettingName[];

/**
 * Reads the settings. A variable that is set but empty counts as not set, as on Node.
 *
 * @throws {Fault} `setting.unknown` and `setting.invalid`
 */
export const readSettings = (env: WorkerEnv): Settings => {
  const known = [...settingNames, ...storeNames];
  for (const name of Object.keys(env)) {
    if (name.startsWith('PODGRAFT_') && !known.some((one) => one === name)) {
      throw new Fault('setting.unknown', `${name} is not a setting${nearMiss(name, known)}`);
    }
  }
  return Object.fromEntries(settingNames.map((name) => [name, readSetting(name, env[name])])) as unknown as Settings;
};

const readSetting = (name: SettingName, written: unknown): unknown => {
  const { kind, fallback, secret: hidden } = settings[name];
  const value = written === undefined || written === '' ? fallback : written;
  const read = typeof value === 'string' ? kind.parse(value) : undefined;
  if (read === undefined) {
    const shown = typeof value === 'string' && !hidden ? ` ${JSON.stringify(value.slice(0, 80))}` : '';
    throw new Fault('setting.invalid', `${name}${shown} is not ${kind.grammar}`);
  }
  return read;
};
