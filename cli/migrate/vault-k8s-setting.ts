// The settings of the vault-k8s agent injector: flag, variable, default, and where podgraft keeps the same thing.

/** Where a setting goes: a default for an annotation, or something that vault-k8s.ts treats by its name. */
type Target = { readonly annotation: string } | { readonly special: string };

/** One setting of the original. Source: vault-k8s 1.7.6, `agent-inject --help` and its environment variables. */
export interface VaultK8sSetting {
  /** The flag, without dashes; some settings have only a variable. */
  readonly flag?: string;
  /** The names under which the environment is asked, first one that is set wins. */
  readonly variables: readonly string[];
  readonly kind: 'text' | 'bool' | 'int' | 'float' | 'duration';
  /** The original's default, as text. podgraft's is the same. */
  readonly preset: string;
  /** The original takes its default for an empty value too. */
  readonly emptyIsPreset?: true;
  readonly target: Target;
}

const prefix = 'AGENT_INJECT_';

/** A variable that the original's library finds under the prefix alone. */
const plain = (name: string): readonly string[] => [`${prefix}${name}`];

/** A variable spelled out whole in the original: its library first puts the prefix before it once more. */
const doubled = (name: string): readonly string[] => [`${prefix}${prefix}${name}`, `${prefix}${name}`];

/** A variable that is also read without the prefix. */
const bare = (name: string): readonly string[] => [`${prefix}${name}`, name];

const annotation = (suffix: string): Target => ({ annotation: suffix });
const special = (name: string): Target => ({ special: name });

/** Every setting, in the order in which the original checks their values. */
export const vaultK8sSettings: readonly VaultK8sSetting[] = [
  { flag: 'listen', variables: plain('LISTEN'), kind: 'text', preset: ':8080', target: special('listen') },
  { flag: 'log-level', variables: plain('LOG_LEVEL'), kind: 'text', preset: 'info', target: special('logLevel') },
  {
    flag: 'log-format',
    variables: plain('LOG_FORMAT'),
    kind: 'text',
    preset: 'standard',
    target: special('logFormat'),
  },
  {
    flag: 'template-config-exit-on-retry-failure',
    variables: plain('TEMPLATE_CONFIG_EXIT_ON_RETRY_FAILURE'),
    kind: 'bool',
    preset: 'true',
    target: annotation('template-config-exit-on-retry-failure'),
  },
  {
    flag: 'template-static-secret-render-interval',
    variables: doubled('TEMPLATE_STATIC_SECRET_RENDER_INTERVAL'),
    kind: 'text',
    preset: '',
    target: annotation('template-static-secret-render-interval'),
  },
  {
    variables: doubled('TEMPLATE_MAX_CONNECTIONS_PER_HOST'),
    kind: 'int',
    preset: '0',
    target: annotation('template-max-connections-per-host'),
  },
  {
    variables: doubled('TEMPLATE_LEASE_RENEWAL_THRESHOLD'),
    kind: 'float',
    preset: '',
    target: special('leaseRenewalThreshold'),
  },
  { flag: 'tls-auto', variables: bare('TLS_AUTO'), kind: 'text', preset: '', target: special('tlsAuto') },
  {
    flag: 'tls-auto-hosts',
    variables: bare('TLS_AUTO_HOSTS'),
    kind: 'text',
    preset: '',
    target: special('tlsAutoHosts'),
  },
  {
    flag: 'tls-ca-cert-file',
    variables: bare('TLS_CA_CERT_FILE'),
    kind: 'text',
    preset: '',
    target: special('tlsCaCertFile'),
  },
  { flag: 'tls-cert-file', variables: bare('TLS_CERT_FILE'), kind: 'text', preset: '', target: special('tlsCertFile') },
  { flag: 'tls-key-file', variables: bare('TLS_KEY_FILE'), kind: 'text', preset: '', target: special('tlsKeyFile') },
  {
    flag: 'vault-image',
    variables: plain('VAULT_IMAGE'),
    kind: 'text',
    preset: 'hashicorp/vault:2.0.4',
    emptyIsPreset: true,
    target: annotation('agent-image'),
  },
  { flag: 'vault-address', variables: plain('VAULT_ADDR'), kind: 'text', preset: '', target: annotation('service') },
  {
    flag: 'vault-cacert-bytes',
    variables: doubled('VAULT_CACERT_BYTES'),
    kind: 'text',
    preset: '',
    target: special('caCertBytes'),
  },
  {
    flag: 'proxy-address',
    variables: plain('PROXY_ADDR'),
    kind: 'text',
    preset: '',
    target: annotation('proxy-address'),
  },
  {
    flag: 'vault-auth-type',
    variables: plain('VAULT_AUTH_TYPE'),
    kind: 'text',
    preset: 'kubernetes',
    emptyIsPreset: true,
    target: annotation('auth-type'),
  },
  {
    flag: 'vault-auth-path',
    variables: plain('VAULT_AUTH_PATH'),
    kind: 'text',
    preset: 'auth/kubernetes',
    target: annotation('auth-path'),
  },
  {
    flag: 'vault-namespace',
    variables: plain('VAULT_NAMESPACE'),
    kind: 'text',
    preset: '',
    target: annotation('namespace'),
  },
  {
    flag: 'revoke-on-shutdown',
    variables: plain('REVOKE_ON_SHUTDOWN'),
    kind: 'bool',
    preset: 'false',
    target: annotation('agent-revoke-on-shutdown'),
  },
  {
    flag: 'run-as-user',
    variables: doubled('RUN_AS_USER'),
    kind: 'text',
    preset: '100',
    emptyIsPreset: true,
    target: annotation('agent-run-as-user'),
  },
  {
    flag: 'run-as-group',
    variables: doubled('RUN_AS_GROUP'),
    kind: 'text',
    preset: '1000',
    emptyIsPreset: true,
    target: annotation('agent-run-as-group'),
  },
  {
    flag: 'run-as-same-user',
    variables: doubled('RUN_AS_SAME_USER'),
    kind: 'bool',
    preset: 'false',
    target: annotation('agent-run-as-same-user'),
  },
  {
    flag: 'set-security-context',
    variables: doubled('SET_SECURITY_CONTEXT'),
    kind: 'bool',
    preset: 'true',
    target: annotation('agent-set-security-context'),
  },
  {
    flag: 'telemetry-path',
    variables: plain('TELEMETRY_PATH'),
    kind: 'text',
    preset: '',
    target: special('telemetryPath'),
  },
  {
    flag: 'use-leader-elector',
    variables: plain('USE_LEADER_ELECTOR'),
    kind: 'bool',
    preset: 'false',
    target: special('leaderElector'),
  },
  {
    flag: 'default-template',
    variables: plain('DEFAULT_TEMPLATE'),
    kind: 'text',
    preset: 'map',
    target: annotation('agent-inject-default-template'),
  },
  {
    flag: 'cpu-request',
    variables: doubled('CPU_REQUEST'),
    kind: 'text',
    preset: '250m',
    target: annotation('agent-requests-cpu'),
  },
  {
    flag: 'memory-request',
    variables: doubled('MEM_REQUEST'),
    kind: 'text',
    preset: '64Mi',
    target: annotation('agent-requests-mem'),
  },
  {
    flag: 'ephemeral-storage-request',
    variables: doubled('EPHEMERAL_REQUEST'),
    kind: 'text',
    preset: '',
    target: annotation('agent-requests-ephemeral'),
  },
  {
    flag: 'cpu-limit',
    variables: doubled('CPU_LIMIT'),
    kind: 'text',
    preset: '500m',
    target: annotation('agent-limits-cpu'),
  },
  {
    flag: 'memory-limit',
    variables: doubled('MEM_LIMIT'),
    kind: 'text',
    preset: '128Mi',
    target: annotation('agent-limits-mem'),
  },
  {
    flag: 'ephemeral-storage-limit',
    variables: doubled('EPHEMERAL_LIMIT'),
    kind: 'text',
    preset: '',
    target: annotation('agent-limits-ephemeral'),
  },
  {
    flag: 'tls-min-version',
    variables: bare('TLS_MIN_VERSION'),
    kind: 'text',
    preset: 'tls12',
    target: special('tlsMinVersion'),
  },
  {
    flag: 'tls-cipher-suites',
    variables: bare('TLS_CIPHER_SUITES'),
    kind: 'text',
    preset: '',
    target: special('tlsCipherSuites'),
  },
  {
    flag: 'auth-min-backoff',
    variables: doubled('AUTH_MIN_BACKOFF'),
    kind: 'duration',
    preset: '',
    target: annotation('auth-min-backoff'),
  },
  {
    flag: 'auth-max-backoff',
    variables: doubled('AUTH_MAX_BACKOFF'),
    kind: 'duration',
    preset: '',
    target: annotation('auth-max-backoff'),
  },
  {
    flag: 'disable-idle-connections',
    variables: plain('DISABLE_IDLE_CONNECTIONS'),
    kind: 'text',
    preset: '',
    target: annotation('agent-disable-idle-connections'),
  },
  {
    flag: 'disable-keep-alives',
    variables: plain('DISABLE_KEEP_ALIVES'),
    kind: 'text',
    preset: '',
    target: annotation('agent-disable-keep-alives'),
  },
];
