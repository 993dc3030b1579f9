// podgraft migrate: turns another injector's installation into a podgraft configuration.
import { Fault } from '../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../core/json.ts';
import { exitCodes } from './exit-code.ts';
import { filenameOption } from './filename-option.ts';
import { readManifests } from './inject/read-manifests.ts';
import { addMigrateBankVaults } from './migrate/bank-vaults-verb.ts';
import { formatConfiguration } from './migrate/format-configuration.ts';
import { findInjector } from './migrate/injector-container.ts';
import { reportNotes } from './migrate/report-notes.ts';
import { addMigrateTalendVsi } from './migrate/talend-vsi-verb.ts';
import { type Variables, variableOption } from './migrate/variable-option.ts';
import { isVaultK8sVariable, type MigrationNote, vaultK8sConfiguration } from './migrate/vault-k8s.ts';
import { vaultK8sSettings } from './migrate/vault-k8s-setting.ts';
import type { Terminal } from './terminal.ts';
import { type AddVerb, reportError } from './verb.ts';

interface Options {
  readonly filename: readonly string[];
  readonly env: Variables;
}

/** Adds the verb. */
export const addMigrate: AddVerb = (program, terminal, act) => {
  const migrate = program
    .command('migrate')
    .summary('turn another injector’s installation into a configuration')
    .description(
      'Reads the installation of another injector and prints the podgraft configuration that does the same.',
    );
  migrate
    .command('vault-k8s')
    .summary('read a Vault agent injector')
    .description(
      'Reads the Deployment of a HashiCorp Vault agent injector, from its Helm chart or from the cluster, and prints ' +
        'the podgraft configuration that does the same. Comments in it name what has no counterpart, or differs.',
    )
    .addOption(filenameOption('The manifest with the Deployment; - is standard input.'))
    .addOption(variableOption())
    .addHelpText('after', EXAMPLES)
    .action(act((options: Options) => migrateVaultK8s(options, terminal)));
  addMigrateBankVaults(migrate, terminal, act);
  addMigrateTalendVsi(migrate, terminal, act);
};

const VAULT_K8S = { verb: 'agent-inject', title: 'Vault agent injector' };

const EXAMPLES = `
Examples:
  helm get manifest vault | podgraft migrate vault-k8s -f - > podgraft.yaml
  kubectl -n vault get deployment vault-agent-injector -o yaml | podgraft migrate vault-k8s -f -
  podgraft migrate vault-k8s -f deployment.yaml --env AGENT_INJECT_VAULT_ADDR=https://vault:8200`;

const migrateVaultK8s = async ({ filename, env }: Options, terminal: Terminal): Promise<number> => {
  const files = await readManifests(filename, terminal);
  const found = findInjector(
    files.flatMap(({ manifests }) => manifests),
    VAULT_K8S,
  );
  const unreadable = found.unreadable.filter((name) => !Object.hasOwn(env, name));
  const { configuration, notes, errors } = vaultK8sConfiguration(found.args, { ...found.env, ...env }, unreadable);
  if (errors !== undefined) {
    for (const error of errors) {
      reportError(new Fault('migrate.refused', `vault-k8s would not start: ${error}`, { at: found.at }), terminal);
    }
    return exitCodes.failed.code;
  }
  if (unreadable.some((name) => addressVariables.includes(name)) && !hasAddress(configuration)) {
    const message = `the address of Vault is not in the manifest; give it with --env ${addressVariables.at(-1)}=…`;
    throw new Fault('migrate.address', message, { at: found.at });
  }
  const all = [...found.notes, ...notes, ...strangeVariables(env)];
  reportNotes({ found, notes: all, given: env }, terminal);
  terminal.stdout.write(formatConfiguration(configuration, all, 'vault-k8s injector'));
  return exitCodes.ok.code;
};

/** Those that look like the original's have been noted, wherever they come from. */
const strangeVariables = (given: Variables): readonly MigrationNote[] =>
  Object.keys(given)
    .filter((name) => !name.startsWith('AGENT_INJECT_') && !isVaultK8sVariable(name))
    .map((setting) => ({ setting, message: 'vault-k8s knows no such variable and ignores it, so it is left out.' }));

const addressVariables = vaultK8sSettings.find(({ flag }) => flag === 'vault-address')?.variables ?? [];

const hasAddress = (configuration: JsonObject): boolean =>
  ['policy', 'vault_agent', 'defaults', 'service'].reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    configuration,
  ) !== undefined;
