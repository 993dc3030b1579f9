// Reads the settings from flags, environment and file, and refuses, all at once, whatever is wrong with them.
import { checkAuthentication } from './check-authentication.ts';
import { checkBundle } from './check-bundle.ts';
import { invalidSetting, type NameOf, type SettingProblem, throwProblems } from './setting-problem.ts';
import {
  type Environment,
  type FileSection,
  type Flags,
  namesIn,
  type SettingSources,
  type Written,
  writtenIn,
} from './setting-source.ts';
import { type SettingKey, type Settings, settingKeys, settings } from './settings.ts';
import { unknownSettings } from './unknown-settings.ts';

/** Settings and what is wrong with them; a setting that cannot be read has its default. */
interface Read {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
}

/**
 * Reads all settings.
 *
 * An environment variable that is set but empty counts as not set; so to blank a default takes a flag or the file.
 *
 * @throws {Fault} `setting.unknown`, `setting.invalid` or `authentication.none`, naming the source, the value and what
 *   it should be; with all the others that are wrong
 */
export const readSettings = (flags: Flags, environment: Environment, file?: FileSection): Settings => {
  const sources = { flags, environment, file };
  const read = readEach(sources);
  throwProblems([...read.problems, ...checkTogether(read, sources)]);
  return read.settings;
};

/** Reads each setting for itself, for those who need a few of them and don't serve. */
export const readEachSetting = (flags: Flags, environment: Environment, file?: FileSection): Settings => {
  const read = readEach({ flags, environment, file });
  throwProblems(read.problems);
  return read.settings;
};

/** Reads the one setting that says where the file is, before the file is read. What is wrong elsewhere is said later. */
export const readConfigPath = (flags: Flags, environment: Environment): string => {
  const { value, problems } = readOne('config', writtenIn({ flags, environment, file: undefined }, 'config'));
  throwProblems(problems);
  return String(value);
};

const readEach = (sources: SettingSources): Read => {
  const read = settingKeys.map((key) => ({ key, ...readOne(key, writtenIn(sources, key)) }));
  return {
    settings: Object.fromEntries(read.map(({ key, value }) => [key, value])) as unknown as Settings,
    problems: [...unknownSettings(sources), ...read.flatMap(({ problems }) => problems)],
  };
};

interface ReadOne {
  readonly value: unknown;
  readonly problems: readonly SettingProblem[];
}

const readOne = (key: SettingKey, written: Written | undefined): ReadOne => {
  const { kind, fallback } = settings[key];
  const value = written?.text === undefined ? undefined : kind.parse(written.text);
  if (written === undefined || value !== undefined) {
    return { value: value ?? kind.parse(fallback), problems: [] };
  }
  const { name, text, at } = written;
  const message =
    text === undefined ? `${name} needs a value: ${kind.grammar}` : `${name} ${shown(text)} is not ${kind.grammar}`;
  return { value: kind.parse(fallback), problems: [{ ...invalidSetting([key], message), at }] };
};

const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** What is wrong between settings; not where one of them is wrong by itself, or is there by another name. */
const checkTogether = (read: Read, sources: SettingSources): readonly SettingProblem[] => {
  const wrong = new Set(read.problems.flatMap(({ keys }) => keys));
  const nameOf = namesIn(sources);
  return [checkPairs, checkAuthentication, checkBundle]
    .flatMap((check) => check(read.settings, nameOf))
    .filter(({ keys }) => !keys.some((key) => wrong.has(key)))
    .map((problem) => ({
      ...problem,
      at: problem.keys.map((key) => writtenIn(sources, key)?.at).find((place) => place !== undefined),
    }));
};

const checkPairs = (read: Settings, nameOf: NameOf): readonly SettingProblem[] => {
  const problems: SettingProblem[] = [];
  if ((read.certificateFile === '') !== (read.keyFile === '')) {
    const [given, missing] =
      read.keyFile === '' ? (['certificateFile', 'keyFile'] as const) : (['keyFile', 'certificateFile'] as const);
    const message = `${nameOf(given)} is given without ${nameOf(missing, given)}: a certificate and its key go together`;
    problems.push(invalidSetting([given, missing], message));
  }
  if (read.requestTimeout < read.headerTimeout) {
    const [whole, part] = [nameOf('requestTimeout'), nameOf('headerTimeout')];
    const message = `${whole} is below ${part}: the headers are a part of the request`;
    problems.push(invalidSetting(['requestTimeout', 'headerTimeout'], message));
  }
  return problems;
};
