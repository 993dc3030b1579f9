// The table of the Worker's settings: texts among its bindings.
import { Fault } from '../../core/errors.ts';
import { nearMiss } from '../node/near-miss.ts';
import { choice, duration, type SettingKind, size, text } from '../node/setting-kind.ts';
import type { WorkerEnv } from './platform.ts';

interface Setting<Value> {
  readonly kind: SettingKind<Value>;
  /** The default, written as a user would. */
  readonly fallback: string;
  readonly help: string;
}

const setting = <Value>(kind: SettingKind<Value>, fallback: string, help: string): Setting<Value> => ({
  kind,
  fallback,
  help,
});

/** Every setting of the Worker, by the name of its variable. */
export const settings = {
  PODGRAFT_OBJECT: setting(
    text,
    'podgraft.json',
    'The name of the object in the store that holds the bundle and the configuration. Only looked for where a store is bound.',
  ),
  PODGRAFT_REFRESH_INTERVAL: setting(
    duration({ least: '1s', most: '24h' }),
    '60s',
    'How long an answer of the store holds. The first request after that is still answered from what is loaded, and the store is asked behind it.',
  ),
  PODGRAFT_BODY_LIMIT: setting(
    size({ least: '1KiB', most: '16MiB' }),
    '4MiB',
    'The largest request body; a larger one is answered with 413.',
  ),
  PODGRAFT_POLICY_MEMORY: setting(
    size({ least: '4MiB', most: '96MiB' }),
    '48MiB',
    'The most memory that the policy may use. One review needs up to about seven times the size of its body, and an isolate has 128 MiB for everything.',
  ),
  PODGRAFT_LOG_LEVEL: setting(
    choice('info', 'warn', 'error', 'silent'),
    'info',
    'The least level that is logged. A review is one line at info.',
  ),
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

/** The names of the bindings that are no text: where the object may lie. */
export const storeNames = ['PODGRAFT_KV', 'PODGRAFT_R2'] as const;

type SettingName = keyof typeof settings;

/** All settings, read. Times are in milliseconds, sizes in bytes. */
export type Settings = {
  readonly [Name in SettingName]: (typeof settings)[Name] extends Setting<infer Value> ? Value : never;
};

/**
 * Reads the settings. A variable that is set but empty counts as not set, as on Node.
 *
 * @throws {Fault} `setting.unknown` and `setting.invalid`
 */
export const readSettings = (env: WorkerEnv): Settings => {
  const names = Object.keys(settings) as readonly SettingName[];
  const known = [...names, ...storeNames];
  for (const name of Object.keys(env)) {
    if (name.startsWith('PODGRAFT_') && !known.some((one) => one === name)) {
      throw new Fault('setting.unknown', `${name} is not a setting${nearMiss(name, known)}`);
    }
  }
  return Object.fromEntries(names.map((name) => [name, readSetting(name, env[name])])) as unknown as Settings;
};

const readSetting = (name: SettingName, written: unknown): unknown => {
  const { kind, fallback } = settings[name];
  const value = written === undefined || written === '' ? fallback : written;
  const read = typeof value === 'string' ? kind.parse(value) : undefined;
  if (read === undefined) {
    const shown = typeof value === 'string' ? ` ${JSON.stringify(value.slice(0, 80))}` : '';
    throw new Fault('setting.invalid', `${name}${shown} is not ${kind.grammar}`);
  }
  return read;
};
