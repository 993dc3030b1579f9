// How the cases of Bank-Vaults' webhook are set up and compared, whatever face is asked.
import { stringify } from 'yaml';
import { bankVaultsConfiguration } from '../../cli/migrate/bank-vaults.ts';
import { isObject, type JsonObject, own } from '../../core/index.ts';
import { normaliseBankVaultsPod } from './bank-vaults-answer.ts';
import type { GoldenCase } from './golden-case.ts';
import type { System } from './run-cases.ts';

/** The system under its original's name. */
export const bankVaults: System = {
  name: 'bank-vaults',
  normalise: normaliseBankVaultsPod,
  messagePrefix: (message) => message,
  needsFacts: ({ request }) => {
    const spec = own(request.object ?? {}, 'spec');
    const containers = ['initContainers', 'containers'].flatMap((list) => itemsOf(isObject(spec) ? spec : {}, list));
    return containers.some(
      (container) =>
        itemsOf(container, 'envFrom').length > 0 ||
        (own(container, 'command') ?? []).toString() === '' ||
        itemsOf(container, 'env').some((variable) => own(variable, 'valueFrom') !== undefined),
    );
  },
};

const itemsOf = (object: JsonObject, key: string): readonly JsonObject[] => {
  const list = own(object, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** The configuration file that `podgraft migrate` makes of the settings a case was recorded with. */
export const configurationText = ({ config }: GoldenCase): string =>
  stringify(bankVaultsConfiguration('secrets-webhook', config.env).configuration, { aliasDuplicateObjects: false });
