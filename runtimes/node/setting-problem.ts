// What is wrong with settings: everything is found first, and said at once.
import { Fault, type Place, throwAll } from '../../core/errors.ts';
import type { SettingKey } from './settings.ts';

/** One thing that is wrong. */
export interface SettingProblem {
  readonly code: 'setting.unknown' | 'setting.invalid' | 'authentication.none';
  /** One sentence, which names the flag, the variable or the key. */
  readonly message: string;
  /** In the file, where it comes from there. */
  readonly at?: Place | undefined;
  /** The settings that it is about, or most likely meant for. */
  readonly keys: readonly SettingKey[];
}

/** A value that is not what it should be, by itself or beside others. */
export const invalidSetting = (keys: readonly SettingKey[], message: string): SettingProblem => ({
  code: 'setting.invalid',
  message,
  keys,
});

/**
 * How a check names a setting: as its flag, its variable or its key in the file, wherever its value is from. One that no
 * source gives is named as `beside` is: where that was written, this can be.
 */
export type NameOf = (key: SettingKey, beside?: SettingKey) => string;

/** @throws {Fault} where there are problems: the first with the others */
export const throwProblems = (problems: readonly SettingProblem[]): void =>
  throwAll(problems.map(({ code, message, at }) => new Fault(code, message, { at })));
