// Reads the settings from flags, environment and file, in this order of precedence, and refuses what it doesn't know.
import { Fault, type Place } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { checkAuthentication } from './check-authentication.ts';
import { checkBundle } from './check-bundle.ts';
import { nearMiss } from './near-miss.ts';
import { environmentNameOf, flagOf, type SettingKey, type Settings, settingKeys, settings } from './settings.ts';

/** Flags by the key of their setting (`keepAliveTimeout`); a flag that is `undefined` was not given. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The `server` section of a configuration file. */
export interface FileSection {
  readonly server: JsonObject;
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

/** A value as some source wrote it, and how an error names it. */
interface Written {
  readonly text: string;
  readonly name: string;
  readonly at?: Place;
}

/**
 * Kubernetes gives a container variables for each Service of its namespace; of a Service called `podgraft` they begin
 * like ours ([reference](https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables)).
 */
const SERVICE_LINK = /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/**
 * Reads all settings.
 *
 * An environment variable that is set but empty counts as not set; so to blank a default takes a flag or the file.
 *
 * @throws {Fault} `setting.unknown` and `setting.invalid`, naming the source, the value and what it should be
 */
export const readSettings = (flags: Flags, environment: Environment, file?: FileSection): Settings => {
  const read = readEachSetting(flags, environment, file);
  checkTogether(read);
  return read;
};

/** Reads each setting for itself, for those who need a few of them and don't serve. */
export const readEachSetting = (flags: Flags, environment: Environment, file?: FileSection): Settings => {
  checkNames(flags, environment, file);
  return Object.fromEntries(
    settingKeys.map((key) => {
      const written = flagText(flags, key) ?? environmentText(environment, key) ?? fileText(file, key);
      return [key, parseSetting(key, written ?? { text: settings[key].fallback, name: 'the default' })];
    }),
  ) as unknown as Settings;
};

/** Reads the one setting that says where the file is, before the file is read. */
export const readConfigPath = (flags: Flags, environment: Environment): string => {
  checkNames(flags, environment, undefined);
  return (flagText(flags, 'config') ?? environmentText(environment, 'config'))?.text ?? '';
};

const flagText = (flags: Flags, key: SettingKey): Written | undefined => {
  const value = own(flags, key);
  if (value === undefined) {
    return undefined;
  }
  if (typeof value === 'boolean') {
    throw new Fault('setting.invalid', `${flagOf(key)} needs a value: ${settings[key].kind.grammar}`);
  }
  return { text: value, name: flagOf(key) };
};

const environmentText = (environment: Environment, key: SettingKey): Written | undefined => {
  const name = environmentNameOf(key);
  const text = environment[name] ?? '';
  return text === '' ? undefined : { text, name };
};

const fileText = (file: FileSection | undefined, key: SettingKey): Written | undefined => {
  const value = file === undefined ? undefined : own(file.server, key);
  if (file === undefined || value === undefined) {
    return undefined;
  }
  const at = file.placeOf(['server', key]);
  const written = scalarText(value);
  if (written === undefined) {
    throw new Fault('setting.invalid', `server.${key} is not ${settings[key].kind.grammar}`, { at });
  }
  return { text: written, name: `server.${key}`, at };
};

const scalarText = (value: JsonValue): string | undefined => {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'string') ? value.join(',') : undefined;
  }
  return value === null || isObject(value) ? undefined : String(value);
};

const parseSetting = (key: SettingKey, { text, name, at }: Written): unknown => {
  const { kind } = settings[key];
  const value = kind.parse(text);
  if (value === undefined) {
    const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
    throw new Fault('setting.invalid', `${name} ${shown} is not ${kind.grammar}`, at === undefined ? {} : { at });
  }
  return value;
};

const checkNames = (flags: Flags, environment: Environment, file: FileSection | undefined): void => {
  const known = new Set<string>(settingKeys);
  for (const key of Object.keys(flags)) {
    if (!known.has(key) && flags[key] !== undefined) {
      throw unknown(flagOf(key), settingKeys.map(flagOf));
    }
  }
  const names = settingKeys.map(environmentNameOf);
  for (const name of Object.keys(environment)) {
    if (name.startsWith('PODGRAFT_') && !names.includes(name) && !SERVICE_LINK.test(name)) {
      throw unknown(name, names);
    }
  }
  const inFile = settingKeys.filter((key) => settings[key].inFile);
  for (const key of Object.keys(file?.server ?? {})) {
    if (!inFile.some((one) => one === key)) {
      throw unknown(
        `server.${key}`,
        inFile.map((one) => `server.${one}`),
        file?.placeOf(['server', key]),
      );
    }
  }
};

const unknown = (name: string, known: readonly string[], at?: Place): Fault =>
  new Fault('setting.unknown', `${name} is not a setting${nearMiss(name, known)}`, at === undefined ? {} : { at });

const checkTogether = (read: Settings): void => {
  if ((read.certificateFile === '') !== (read.keyFile === '')) {
    const [given, missing] = read.keyFile === '' ? ['certificateFile', 'keyFile'] : ['keyFile', 'certificateFile'];
    throw new Fault('setting.invalid', `${given} is given without ${missing}: a certificate and its key go together`);
  }
  if (read.requestTimeout < read.headerTimeout) {
    throw new Fault('setting.invalid', 'requestTimeout is below headerTimeout: the headers are a part of the request');
  }
  checkAuthentication(read);
  checkBundle(read);
};
