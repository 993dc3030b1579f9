// podgraft migrate bank-vaults: reads an installation of one of Bank-Vaults' webhooks.
import { exitCodes } from '../exit-code.ts';
import { filenameOption } from '../filename-option.ts';
import { readManifests } from '../inject/read-manifests.ts';
import type { Terminal } from '../terminal.ts';
import type { AddVerb } from '../verb.ts';
import { bankVaultsConfiguration } from './bank-vaults.ts';
import { isBankVaultsVariable } from './bank-vaults-setting.ts';
import { formatConfiguration } from './format-configuration.ts';
import { findInjector } from './injector-container.ts';
import { reportNotes } from './report-notes.ts';
import { type Variables, variableOption } from './variable-option.ts';

interface Options {
  readonly filename: readonly string[];
  readonly env: Variables;
}

/** Adds the verb below `migrate`. */
export const addMigrateBankVaults: AddVerb = (migrate, terminal, act) => {
  migrate
    .command('bank-vaults')
    .summary('read a Bank-Vaults webhook')
    .description(
      'Reads the Deployment of a vault-secrets-webhook or a secrets-webhook, from its Helm chart or from the cluster, ' +
        'and prints the podgraft configuration that does the same for pods. Comments in it name what has no ' +
        'counterpart, or differs.',
    )
    .addOption(filenameOption('The manifest with the Deployment; - is standard input.'))
    .addOption(variableOption())
    .addHelpText('after', EXAMPLES)
    .action(act((options: Options) => migrateBankVaults(options, terminal)));
};

const EXAMPLES = `
Examples:
  helm get manifest vault-secrets-webhook | podgraft migrate bank-vaults -f - > podgraft.yaml
  kubectl -n vault get deployment secrets-webhook -o yaml | podgraft migrate bank-vaults -f -
  podgraft migrate bank-vaults -f deployment.yaml --env VAULT_ADDR=https://vault:8200`;

const WEBHOOKS = { names: ['vault-secrets-webhook', 'secrets-webhook'], title: 'webhook' };

const migrateBankVaults = async ({ filename, env }: Options, terminal: Terminal): Promise<number> => {
  const files = await readManifests(filename, terminal);
  const found = findInjector(
    files.flatMap(({ manifests }) => manifests),
    WEBHOOKS,
  );
  const webhook = found.name === 'secrets-webhook' ? 'secrets-webhook' : 'vault-secrets-webhook';
  const unreadable = found.unreadable.filter((name) => !Object.hasOwn(env, name));
  const { configuration, notes } = bankVaultsConfiguration(webhook, { ...found.env, ...env }, unreadable);
  const strange = Object.keys(env)
    .filter((name) => !isBankVaultsVariable(webhook, name))
    .map((setting) => ({ setting, message: 'The webhook knows no such variable, so it is left out.' }));
  const all = [...found.notes, ...notes, ...strange];
  reportNotes({ found, notes: all, given: env }, terminal);
  terminal.stdout.write(formatConfiguration(configuration, all, webhook));
  return exitCodes.ok.code;
};
