// The settings of Bank-Vaults' webhooks: their variables, how each reads them, and where podgraft keeps the same thing.

/** One of the two webhooks. */
export type BankVaultsWebhook = 'vault-secrets-webhook' | 'secrets-webhook';

/** How a value is read. A webhook takes what it cannot read for false, 0 or its default, without a word. */
export type BankVaultsKind = 'text' | 'bool' | 'int' | 'any-base-int' | 'duration' | 'quantity' | 'pull-policy';

/** One variable. */
export interface BankVaultsSetting {
  readonly variable: string;
  /** A name from older releases; it goes over the newer one where both are set. */
  readonly older?: string;
  readonly kind: BankVaultsKind;
  /** Where the value goes in `policy.vault_env`. */
  readonly path: readonly string[];
}

/** A default for an annotation. */
const preset = (key: string): readonly string[] => ['defaults', key];

const row = (variable: string, kind: BankVaultsKind, path: readonly string[], older?: string): BankVaultsSetting => ({
  variable,
  kind,
  path,
  ...(older === undefined ? {} : { older }),
});

const identity: readonly BankVaultsSetting[] = [
  row('PSP_ALLOW_PRIVILEGE_ESCALATION', 'bool', preset('psp-allow-privilege-escalation')),
  row('RUN_AS_NON_ROOT', 'bool', preset('run-as-non-root')),
  row('RUN_AS_USER', 'any-base-int', preset('run-as-user')),
  row('RUN_AS_GROUP', 'any-base-int', preset('run-as-group')),
  row('READONLY_ROOT_FS', 'bool', preset('readonly-root-fs')),
  row('REGISTRY_SKIP_VERIFY', 'bool', preset('registry-skip-verify')),
];

/** What both webhooks read for one provider; the words of the variables come after its name. */
const provider = (name: 'vault' | 'bao'): readonly BankVaultsSetting[] => {
  const variable = (words: string) => `${name.toUpperCase()}_${words}`;
  const one = (words: string, kind: BankVaultsKind) =>
    row(variable(words), kind, preset(`${name}-${words.toLowerCase().replaceAll('_', '-')}`));
  return [
    ...['ADDR', 'AUTH_METHOD', 'PATH', 'ROLE', 'SERVICEACCOUNT', 'TLS_SECRET'].map((words) => one(words, 'text')),
    ...['IGNORE_MISSING_SECRETS', 'NAMESPACE', 'IMAGE', 'CT_IMAGE'].map((words) => one(words, 'text')),
    ...['SKIP_VERIFY', 'AGENT'].map((words) => one(words, 'bool')),
    ...['IMAGE_PULL_POLICY', 'CT_PULL_POLICY'].map((words) => one(words, 'pull-policy')),
    one('CLIENT_TIMEOUT', 'duration'),
    row(variable('ALLOW_OBJECT_SKIP_VERIFY'), 'bool', ['allowSkipVerify']),
    row(variable('ALLOW_PRIVATE_ADDR'), 'bool', ['allowPrivateAddresses']),
  ];
};

const newerProvider = (name: 'vault' | 'bao'): readonly BankVaultsSetting[] => {
  const older = (words: string) => (name === 'vault' ? words : undefined);
  const one = (words: string, kind: BankVaultsKind, before?: string) =>
    row(`${name.toUpperCase()}_${words}`, kind, preset(`${name}-${words.toLowerCase().replaceAll('_', '-')}`), before);
  return [
    ...provider(name),
    one('PASSTHROUGH', 'text', older('VAULT_ENV_PASSTHROUGH')),
    one('TRANSIT_KEY_ID', 'text', older('TRANSIT_KEY_ID')),
    one('TRANSIT_PATH', 'text', older('TRANSIT_PATH')),
    one('TRANSIT_BATCH_SIZE', 'int', older('TRANSIT_BATCH_SIZE')),
    one('SERVICE_ACCOUNT_TOKEN_VOLUME_NAME', 'text', older('SERVICE_ACCOUNT_TOKEN_VOLUME_NAME')),
    row('SECRET_INIT_LOG_LEVEL', 'text', preset(`${name}-log-level`)),
  ];
};

const secretsWebhook: readonly BankVaultsSetting[] = [
  ...identity,
  row('SECRET_INIT_DAEMON', 'bool', preset('secret-init-daemon'), 'VAULT_ENV_DAEMON'),
  row('SECRET_INIT_DELAY', 'duration', preset('secret-init-delay'), 'VAULT_ENV_DELAY'),
  row('SECRET_INIT_JSON_LOG', 'text', preset('secret-init-json-log'), 'ENABLE_JSON_LOG'),
  row('SECRET_INIT_IMAGE', 'text', preset('secret-init-image'), 'VAULT_ENV_IMAGE'),
  row('SECRET_INIT_IMAGE_PULL_POLICY', 'pull-policy', preset('secret-init-image-pull-policy'), 'VAULT_ENV_PULL_POLICY'),
  row('SECRET_INIT_LOG_SERVER', 'text', ['helper', 'logServer'], 'VAULT_ENV_LOG_SERVER'),
  row('SECRET_INIT_CPU_LIMIT', 'quantity', ['helper', 'limits', 'cpu'], 'VAULT_ENV_CPU_LIMIT'),
  row('SECRET_INIT_MEMORY_LIMIT', 'quantity', ['helper', 'limits', 'memory'], 'VAULT_ENV_MEMORY_LIMIT'),
  row('SECRET_INIT_CPU_REQUEST', 'quantity', ['helper', 'requests', 'cpu'], 'VAULT_ENV_CPU_REQUEST'),
  row('SECRET_INIT_MEMORY_REQUEST', 'quantity', ['helper', 'requests', 'memory'], 'VAULT_ENV_MEMORY_REQUEST'),
  ...newerProvider('vault'),
  ...newerProvider('bao'),
];

const vaultSecretsWebhook: readonly BankVaultsSetting[] = [
  ...identity,
  row('VAULT_ENV_DAEMON', 'bool', preset('secret-init-daemon')),
  row('VAULT_ENV_DELAY', 'duration', preset('secret-init-delay')),
  row('ENABLE_JSON_LOG', 'text', preset('secret-init-json-log')),
  row('VAULT_ENV_IMAGE', 'text', preset('secret-init-image')),
  row('VAULT_ENV_PULL_POLICY', 'pull-policy', preset('secret-init-image-pull-policy')),
  row('VAULT_ENV_LOG_SERVER', 'text', ['helper', 'logServer']),
  row('VAULT_ENV_CPU_LIMIT', 'quantity', ['helper', 'limits', 'cpu']),
  row('VAULT_ENV_MEMORY_LIMIT', 'quantity', ['helper', 'limits', 'memory']),
  row('VAULT_ENV_CPU_REQUEST', 'quantity', ['helper', 'requests', 'cpu']),
  row('VAULT_ENV_MEMORY_REQUEST', 'quantity', ['helper', 'requests', 'memory']),
  ...provider('vault'),
  row('VAULT_ENV_PASSTHROUGH', 'text', preset('vault-passthrough')),
  row('TRANSIT_KEY_ID', 'text', preset('vault-transit-key-id')),
  row('TRANSIT_PATH', 'text', preset('vault-transit-path')),
  row('TRANSIT_BATCH_SIZE', 'int', preset('vault-transit-batch-size')),
  row('SERVICE_ACCOUNT_TOKEN_VOLUME_NAME', 'text', preset('vault-service-account-token-volume-name')),
  row('LOG_LEVEL', 'text', preset('vault-log-level')),
];

/** The settings of each webhook. Sources: vault-secrets-webhook 1.23.1 and secrets-webhook 0.4.1. */
export const bankVaultsSettings: Readonly<Record<BankVaultsWebhook, readonly BankVaultsSetting[]>> = {
  'vault-secrets-webhook': vaultSecretsWebhook,
  'secrets-webhook': secretsWebhook,
};

/** What podgraft does not do, or does elsewhere: the variable, and what to know of it. */
export const bankVaultsNotes: Readonly<Record<string, string>> = {
  VAULT_TOKEN: 'podgraft writes no token into a pod, so it is left out. Pods log in with their service account.',
  BAO_TOKEN: 'podgraft writes no token into a pod, so it is left out. Pods log in with their service account.',
  DEFAULT_IMAGE_PULL_SECRET:
    'Give the pull secret to the runtime that looks images up, or list the images in policy.vault_env.images.',
  MUTATE_CONFIGMAP: 'podgraft changes pods only.',
  VAULT_AGENT_SHARE_PROCESS_NAMESPACE:
    'The webhook never reads it, so it is left out. To use it, set policy.vault_env.defaults.vault-agent-share-process-namespace.',
  VAULT_CT_SHARE_PROCESS_NAMESPACE:
    'The webhook never reads it, so it is left out. To use it, set policy.vault_env.defaults.vault-ct-share-process-namespace.',
  VAULT_LOG_LEVEL:
    'The webhook never uses it, so it is left out. To use it, set policy.vault_env.defaults.vault-log-level.',
  KUBERNETES_NAMESPACE: 'podgraft does not need to know its own namespace.',
};

/** What is read beside {@link bankVaultsSettings}: the server's own, the provider, and the addresses that pods may name. */
const others: readonly string[] = [
  ...['LISTEN_ADDRESS', 'TELEMETRY_LISTEN_ADDRESS', 'TLS_CERT_FILE', 'TLS_PRIVATE_KEY_FILE', 'LOG_LEVEL'],
  ...['PROVIDER', 'VAULT_ADDR_ALLOWLIST', 'BAO_ADDR_ALLOWLIST'],
];

/** Tells whether a migration makes anything of a variable. */
export const isBankVaultsVariable = (webhook: BankVaultsWebhook, name: string): boolean =>
  others.includes(name) ||
  Object.hasOwn(bankVaultsNotes, name) ||
  bankVaultsSettings[webhook].some(({ variable, older }) => variable === name || older === name);
