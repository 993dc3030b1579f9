// podgraft migrate: turns another injector's installation into a podgraft configuration.
import { Fault } from '../core/errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../core/json.ts';
import { exitCodes } from './exit-code.ts';
import { parseManifest } from './inject/manifest.ts';
import { readInput } from './input.ts';
import { addMigrateBankVaults } from './migrate/bank-vaults-verb.ts';
import { formatConfiguration } from './migrate/format-configuration.ts';
import { findInjector } from './migrate/injector-container.ts';
import { addMigrateTalendVsi } from './migrate/talend-vsi-verb.ts';
import { variableOption } from './migrate/variable-option.ts';
import { vaultK8sConfiguration } from './migrate/vault-k8s.ts';
import { vaultK8sSettings } from './migrate/vault-k8s-setting.ts';
import type { Terminal } from './terminal.ts';
import { type AddVerb, reportError } from './verb.ts';

interface Options {
  readonly filename: string;
  readonly env: Readonly<Record<string, string>>;
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
    .requiredOption('-f, --filename <FILE>', 'The manifest with the Deployment; - is standard input.')
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
  const { text, file } = await readInput(filename, terminal);
  const found = findInjector(parseManifest(text, file), VAULT_K8S);
  const unreadable = found.unreadable.filter((name) => !Object.hasOwn(env, name));
  const { configuration, notes, errors } = vaultK8sConfiguration(found.args, { ...found.env, ...env }, unreadable);
  const { stderr } = terminal;
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
  const all = [...found.notes, ...notes];
  for (const { setting, message } of all) {
    stderr.write(`${file}:${found.at.line}: ${setting}: ${message}\n`);
  }
  terminal.stdout.write(formatConfiguration(configuration, all, 'vault-k8s injector'));
  return exitCodes.ok.code;
};

const addressVariables = vaultK8sSettings.find(({ flag }) => flag === 'vault-address')?.variables ?? [];

const hasAddress = (configuration: JsonObject): boolean =>
  ['policy', 'vault_agent', 'defaults', 'service'].reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    configuration,
  ) !== undefined;
