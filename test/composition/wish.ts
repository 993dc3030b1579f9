// What a pod can ask of each system: one row a wish, and a system joins the tests by its rows.
import type { JsonObject } from '../../core/index.ts';

/** One thing to ask for. */
export interface Wish {
  readonly system: string;
  /** Tells the wishes of one system apart. */
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Variables of the pod's first container. */
  readonly variables?: readonly JsonObject[];
  /** The port that what is injected listens at, of which a pod has one. */
  readonly port?: number;
  /** Why some of the generated pods are refused even when nothing else is asked for, as the original refuses them. */
  readonly refusal?: string;
}

const prefixed = (prefix: string, annotations: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${prefix}/${key}`, value]));

const vaultAgent = (name: string, annotations: Readonly<Record<string, string>>): Wish => ({
  system: 'vault_agent',
  name,
  annotations: prefixed('vault.hashicorp.com', {
    'agent-inject': 'true',
    role: 'shop',
    'agent-inject-secret-db': 'kv/data/shop/db',
    ...annotations,
  }),
});

const talendVsi = (name: string, annotations: Readonly<Record<string, string>>): Wish => ({
  system: 'talend_vsi',
  name,
  annotations: prefixed('sidecar.vault.talend.org', { inject: 'true', ...annotations }),
  labels: { 'com.talend.application': 'orders', 'com.talend.service': 'api' },
});

const vaultEnv = (name: string, annotations: Readonly<Record<string, string>>): Wish => ({
  system: 'vault_env',
  name,
  annotations: prefixed('secrets-webhook.security.bank-vaults.io', { 'vault-role': 'shop', ...annotations }),
  variables: [{ name: 'API_KEY', value: 'vault:secret/data/shop#key' }],
});

const vaultCsi = (name: string, annotations: Readonly<Record<string, string>>): Wish => ({
  system: 'vault_csi',
  name,
  annotations: prefixed('vault-csi.podgraft.dev', { inject: 'true', ...annotations }),
});

/** The wishes of all systems. */
export const wishes: readonly Wish[] = [
  vaultAgent('sidecar', {}),
  vaultAgent('init only, first', { 'agent-pre-populate-only': 'true', 'agent-init-first': 'true' }),
  { ...vaultAgent('listener', { 'agent-cache-enable': 'true' }), port: 8200 },
  vaultAgent('own folder', { 'secret-volume-path-db': '/etc/db', 'agent-share-process-namespace': 'true' }),
  talendVsi('dynamic', {}),
  talendVsi('static', { 'secrets-type': 'static' }),
  {
    ...talendVsi('environment', { 'secrets-type': 'static', 'secrets-injection-method': 'env' }),
    refusal: 'No explicit command found for container istio-proxy',
  },
  { ...talendVsi('proxy', { mode: 'secrets,proxy' }), port: 8200 },
  talendVsi('hook', { 'secrets-hook': 'true' }),
  { ...talendVsi('job', { mode: 'job' }), refusal: 'Submitted pod should contain only one container' },
  vaultEnv('reference', {}),
  vaultEnv('login agent', { 'vault-agent': 'true' }),
  vaultEnv('agent', { 'vault-agent-configmap': 'agent' }),
  vaultEnv('consul-template', { 'vault-ct-configmap': 'templates' }),
  vaultCsi('class', { 'csi-class': 'shop-db', 'env-DB_PASSWORD': 'shop-db#password' }),
  vaultCsi('inline', { role: 'shop', 'object-db': 'secret/data/shop/db#password', 'object-perms-db': '0400' }),
];

/** The names of the systems that have wishes. */
export const systems: readonly string[] = [...new Set(wishes.map(({ system }) => system))].sort();
