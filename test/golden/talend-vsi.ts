// How the cases of the Talend injector are set up and compared, whatever face is asked.
import { stringify } from 'yaml';
import { talendVsiConfiguration } from '../../cli/migrate/talend-vsi.ts';
import type { GoldenCase } from './golden-case.ts';
import type { System } from './run-cases.ts';
import { normaliseTalendPod } from './talend-vsi-answer.ts';
import { configMap, fileFlags, profileOf } from './talend-vsi-settings.ts';

/** The system under its original's name. */
export const talendVsi: System = {
  name: 'talend-vsi',
  normalise: normaliseTalendPod,
  messagePrefix: (message) => {
    // What follows are the words of the original's JSON library, which nobody promises.
    const words = 'json: cannot unmarshal';
    return message.startsWith(words) ? words : message;
  },
};

/** The configuration file that `podgraft migrate` makes of the settings a case was recorded with. */
export const configurationText = ({ config }: GoldenCase): string => {
  const args = [...fileFlags, ...config.flags];
  const { configuration, errors } = talendVsiConfiguration(args, configMap(profileOf(config['files'])));
  if (errors !== undefined) {
    throw new Error(errors.join('\n'));
  }
  return stringify(configuration, { aliasDuplicateObjects: false });
};
