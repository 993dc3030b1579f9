// How the cases of vault-k8s are set up and compared, whatever face is asked.
import { stringify } from 'yaml';
import { vaultK8sConfiguration } from '../../cli/migrate/vault-k8s.ts';
import type { GoldenCase } from './golden-case.ts';
import type { System } from './run-cases.ts';
import { normaliseVaultPod } from './vault-k8s-answer.ts';

/** Where a message goes over into the words of the original's JSON libraries, which nobody promises. */
const LIBRARY_WORDS = [
  'json: cannot unmarshal',
  'error parsing JSON patch for annotation vault.hashicorp.com/agent-json-patch: ',
  'error parsing JSON patch for annotation vault.hashicorp.com/agent-init-json-patch: ',
  'failed to apply JSON patch: ',
  'failed to decode JSON patch: ',
];

/** The system under its original's name. */
export const vaultK8s: System = {
  name: 'vault-k8s',
  normalise: normaliseVaultPod,
  messagePrefix: (message) => {
    const words = LIBRARY_WORDS.find((text) => message.includes(text));
    return words === undefined ? message : message.slice(0, message.indexOf(words) + words.length);
  },
};

/** The configuration file that `podgraft migrate` makes of the settings a case was recorded with. */
export const configurationText = ({ config }: GoldenCase): string => {
  const { configuration, errors } = vaultK8sConfiguration(config.flags, config.env);
  if (errors !== undefined) {
    throw new Error(errors.join('\n'));
  }
  return stringify(configuration);
};
