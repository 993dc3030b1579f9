// Finds what the sources say of a setting: a flag goes over the environment, that over the file.
import type { Place } from '../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import type { NameOf } from './setting-problem.ts';
import { environmentNameOf, flagOf, type SettingKey } from './settings.ts';

/** Flags by the key of their setting (`keepAliveTimeout`); a flag that is `undefined` was not given. */
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The `server` section of a configuration file. */
export interface FileSection {
  readonly server: JsonObject;
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

/** Everything that says something about settings. */
export interface SettingSources {
  readonly flags: Flags;
  readonly environment: Environment;
  readonly file: FileSection | undefined;
}

/** A value as some source wrote it, and how an error names it. */
export interface Written {
  /** `undefined` where the source says something that is no text: a flag without a value, a map in the file. */
  readonly text: string | undefined;
  readonly name: string;
  readonly at?: Place;
}

/** What the highest source says that says something; `undefined` where none does. */
export const writtenIn = ({ flags, environment, file }: SettingSources, key: SettingKey): Written | undefined =>
  flagText(flags, key) ?? environmentText(environment, key) ?? fileText(file, key);

/** How a source names a setting that it does not give: as it names `beside`, which it gives. */
export const namesIn =
  (sources: SettingSources): NameOf =>
  (key, beside) => {
    const [own, other] = [key, beside ?? key].map((one) => writtenIn(sources, one)?.name);
    return own ?? (beside === undefined || other === undefined ? key : nameLike(key, other));
  };

const nameLike = (key: SettingKey, other: string): string => {
  if (other.startsWith('--')) {
    return flagOf(key);
  }
  return other.startsWith('PODGRAFT_') ? environmentNameOf(key) : key;
};

const flagText = (flags: Flags, key: SettingKey): Written | undefined => {
  const value = own(flags, key);
  return value === undefined ? undefined : { text: typeof value === 'boolean' ? undefined : value, name: flagOf(key) };
};

const environmentText = (environment: Environment, key: SettingKey): Written | undefined => {
  const name = environmentNameOf(key);
  const text = environment[name] ?? '';
  return text === '' ? undefined : { text, name };
};

/** The place has the whole path, so the name is the key alone. */
const fileText = (file: FileSection | undefined, key: SettingKey): Written | undefined => {
  const value = file === undefined ? undefined : own(file.server, key);
  return file === undefined || value === undefined
    ? undefined
    : { text: scalarText(value), name: key, at: file.placeOf(['server', key]) };
};

const scalarText = (value: JsonValue): string | undefined => {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'string') ? value.join(',') : undefined;
  }
  return value === null || isObject(value) ? undefined : String(value);
};
