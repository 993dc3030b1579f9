// Reads the command line of the server into flags.
import { parseArgs } from 'node:util';
import { Fault } from '../../core/errors.ts';
import type { Flags } from './setting-source.ts';
import { flagOf, settingKeys } from './settings.ts';

const OPTIONS = Object.fromEntries(settingKeys.map((key) => [flagOf(key).slice(2), { type: 'string' as const }]));

const camel = (dashed: string): string => dashed.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/**
 * Reads `--key value` and `--key=value`. Names are checked where the settings are read, with a near miss.
 *
 * @throws {Fault} `setting.unknown` for an argument that is no flag
 */
export const parseFlags = (args: readonly string[]): Flags => {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, strict: false });
  const [extra] = positionals;
  // What follows an unknown flag is its value, most likely; then the flag is what to complain of.
  if (extra !== undefined && Object.keys(values).every((name) => Object.hasOwn(OPTIONS, name))) {
    throw new Fault('setting.unknown', `${JSON.stringify(extra)} is no flag; flags begin with --`);
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camel(name), Array.isArray(value) ? String(value.at(-1)) : value]),
  );
};
