// Finds the flags, variables and keys that are no settings.
import type { Place } from '../../core/errors.ts';
import { nearest } from '../../core/near-miss.ts';
import type { SettingProblem } from './setting-problem.ts';
import type { SettingSources } from './setting-source.ts';
import { environmentNameOf, flagOf, type SettingKey, settingKeys, settings } from './settings.ts';

/**
 * Kubernetes gives a container variables for each Service of its namespace; of a Service called `podgraft` they begin
 * like ours ([reference](https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables)).
 */
const SERVICE_LINK = /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/** Lists them, each with the name that is most likely meant. */
export const unknownSettings = ({ flags, environment, file }: SettingSources): readonly SettingProblem[] => {
  const given = Object.keys(flags).filter((key) => flags[key] !== undefined);
  const variables = Object.keys(environment).filter((name) => name.startsWith('PODGRAFT_') && !SERVICE_LINK.test(name));
  const inFile = settingKeys.filter((key) => settings[key].inFile);
  return [
    ...unknown(given.map(flagOf), settingKeys, flagOf),
    ...unknown(variables, settingKeys, environmentNameOf),
    ...unknown(Object.keys(file?.server ?? {}), inFile, (key) => key, file?.placeOf),
  ];
};

const unknown = (
  names: readonly string[],
  keys: readonly SettingKey[],
  ...[nameOf, placeOf]: [(key: SettingKey) => string, ((path: readonly string[]) => Place)?]
): readonly SettingProblem[] => {
  const known = new Map(keys.map((key) => [nameOf(key), key]));
  return names
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = nearest(name, [...known.keys()]);
      const key = known.get(near ?? '');
      return {
        code: 'setting.unknown',
        message: `${name} is not a setting${near === undefined ? '' : `; did you mean ${near}?`}`,
        at: placeOf?.(['server', name]),
        keys: key === undefined ? [] : [key],
      };
    });
};
