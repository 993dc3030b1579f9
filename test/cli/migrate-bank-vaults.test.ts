// podgraft migrate bank-vaults: from the Deployment of a Helm chart to a configuration that podgraft starts with.
import { expect, test } from 'vitest';
import { bankVaultsConfiguration } from '../../cli/migrate/bank-vaults.ts';
import { createInjector, parseConfiguration } from '../../core/index.ts';
import { readSettings } from '../../runtimes/node/read-settings.ts';
import { testBundle } from '../test-bundle.ts';
import { runCli } from './fake-terminal.ts';

/** As the chart writes it. */
const CHART = `---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: vault-secrets-webhook
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: vault-secrets-webhook
spec:
  template:
    spec:
      containers:
        - name: vault-secrets-webhook
          image: "ghcr.io/bank-vaults/vault-secrets-webhook:v1.23.1"
          env:
            - name: TLS_CERT_FILE
              value: /var/serving-cert/tls.crt
            - name: TLS_PRIVATE_KEY_FILE
              value: /var/serving-cert/tls.key
            - name: LISTEN_ADDRESS
              value: ":8443"
            - name: VAULT_ENV_IMAGE
              value: ghcr.io/bank-vaults/vault-env:v1.23.0
            - name: VAULT_ADDR
              value: https://vault.vault.svc:8200
            - name: VAULT_ADDR_ALLOWLIST
              value: "https://vault-b:8200, ,"
            - name: RUN_AS_USER
              value: "0x3e8"
            - name: VAULT_CLIENT_TIMEOUT
              value: soon
            - name: VAULT_TOKEN
              valueFrom:
                secretKeyRef: {name: token, key: token}
            - name: VAULT_ROLE
              valueFrom:
                configMapKeyRef: {name: settings, key: role}
`;

const bodyOf = (stdout: string): string => stdout.replace(/^#.*\n/gm, '');

test('prints a configuration that podgraft starts with', async () => {
  const { code, stdout, stderr } = await runCli(['migrate', 'bank-vaults', '-f', '-'], { stdin: CHART });
  expect(code).toBe(0);
  expect(bodyOf(stdout)).toBe(`apiVersion: podgraft.dev/v1alpha1
kind: Configuration
server:
  authentication: "off"
  listen: ":8443"
  certificateFile: /var/serving-cert/tls.crt
  keyFile: /var/serving-cert/tls.key
policy:
  vault_env:
    provider: vault
    helper:
      name: vault-env
    defaults:
      run-as-user: "1000"
      secret-init-image: ghcr.io/bank-vaults/vault-env:v1.23.0
      vault-addr: https://vault.vault.svc:8200
      vault-client-timeout: "0s"
    addresses:
      - https://vault-b:8200
    lookups:
      references: always
`);
  expect(stderr).toContain(':32: VAULT_CLIENT_TIMEOUT: The webhook cannot read its value and takes 0s instead.\n');
  expect(stderr).toContain(':37: VAULT_ROLE: The manifest does not carry its value (valueFrom).');
  expect(stderr).toContain(':15: Secrets, ConfigMaps, custom resources: podgraft changes pods only.');
  const configuration = parseConfiguration(stdout, 'podgraft.yaml');
  await createInjector({ bundle: await testBundle(), configuration });
  expect(readSettings({}, {}, configuration)).toMatchObject({ listen: { port: 8443 } });
});

test('takes values that the manifest does not carry', async () => {
  const options = ['--env', 'VAULT_ROLE={{ .namespace }}', '--env', 'LOG_LEVEL=debug'];
  const { stdout, stderr } = await runCli(['migrate', 'bank-vaults', '-f', '-', ...options], { stdin: CHART });
  expect(stdout).toContain('vault-role: "{{ .namespace }}"');
  expect(stdout).toContain('  logLevel: debug\n');
  expect(stdout).toContain('vault-log-level: debug');
  expect(stderr).not.toContain('VAULT_ROLE');
  const noted = await runCli(['migrate', 'bank-vaults', '-f', '-', '--env', 'NOPE=1', '--env', 'RUN_AS_USER=x'], {
    stdin: CHART,
  });
  expect(noted.stdout).toContain('# - NOPE: The webhook knows no such variable, so it is left out.\n');
  expect(noted.stderr).toContain('--env: NOPE: The webhook knows no such variable, so it is left out.\n');
  expect(noted.stderr).toContain('--env: RUN_AS_USER: The webhook cannot read its value and takes 0 instead.\n');
});

test('knows the successor by its image, wherever it comes from', async () => {
  const successor = CHART.replace(
    'ghcr.io/bank-vaults/vault-secrets-webhook:v1.23.1',
    'mirror:5000/x/secrets-webhook@sha256:0a',
  );
  const { stdout } = await runCli(['migrate', 'bank-vaults', '-f', '-'], { stdin: successor });
  expect(stdout).toContain('name: secret-init');
  expect(stdout).toContain('provider: ""');
});

test('says what it was not given', async () => {
  const { code, stderr } = await runCli(['migrate', 'bank-vaults', '-f', '-'], { stdin: 'kind: Pod\n' });
  expect(code).toBe(1);
  expect(stderr).toContain(
    'no container runs vault-secrets-webhook or secrets-webhook; give the Deployment of the webhook',
  );
  const twice = await runCli(['migrate', 'bank-vaults', '-f', '-'], { stdin: `${CHART}${CHART}` });
  expect(twice.code).toBe(1);
  expect(twice.stderr).toContain('a second container runs');
});

const policyOf = (env: Readonly<Record<string, string>>) =>
  bankVaultsConfiguration('secrets-webhook', env).configuration['policy'];

test('a helper image that is not named stays the one of the webhook', () => {
  expect(policyOf({})).toEqual({
    vault_env: {
      provider: '',
      helper: { name: 'secret-init' },
      defaults: { 'secret-init-image': 'ghcr.io/bank-vaults/secret-init:latest' },
      lookups: { references: 'always' },
    },
  });
  expect(bankVaultsConfiguration('vault-secrets-webhook', {}).configuration['policy']).toMatchObject({
    vault_env: { provider: 'vault', defaults: { 'secret-init-image': 'ghcr.io/bank-vaults/vault-env:latest' } },
  });
});

test('an older name goes over a newer one, an empty value says nothing', () => {
  expect(policyOf({ TRANSIT_PATH: 'old', VAULT_TRANSIT_PATH: 'new', BAO_TRANSIT_PATH: 'bao' })).toMatchObject({
    vault_env: { defaults: { 'vault-transit-path': 'old', 'bao-transit-path': 'bao' } },
  });
  expect(policyOf({ TRANSIT_PATH: '', VAULT_TRANSIT_PATH: 'new' })).toMatchObject({
    vault_env: { defaults: { 'vault-transit-path': 'new' } },
  });
});

test('values are read as the webhook reads them', () => {
  const { configuration, notes } = bankVaultsConfiguration('secrets-webhook', {
    TLS_CERT_FILE: 'x',
    RUN_AS_GROUP: '010',
    RUN_AS_USER: 'root',
    RUN_AS_NON_ROOT: 'yes',
    READONLY_ROOT_FS: 'T',
    SECRET_INIT_DELAY: '5',
    SECRET_INIT_CPU_LIMIT: 'lots',
    SECRET_INIT_MEMORY_LIMIT: '0.25Gi',
    VAULT_IMAGE_PULL_POLICY: 'never',
    VAULT_CT_PULL_POLICY: 'sometimes',
    VAULT_TRANSIT_BATCH_SIZE: '+7',
    VAULT_ALLOW_PRIVATE_ADDR: 'true',
    BAO_ALLOW_PRIVATE_ADDR: 'false',
    VAULT_ADDR_ALLOWLIST: 'https://a',
    BAO_ADDR_ALLOWLIST: 'https://b',
  });
  expect(configuration['policy']).toMatchObject({
    vault_env: {
      helper: { name: 'secret-init', limits: { memory: '0.25Gi' } },
      defaults: {
        'run-as-group': '8',
        'run-as-user': '0',
        'run-as-non-root': 'false',
        'readonly-root-fs': 'true',
        'secret-init-delay': '5ns',
        'vault-image-pull-policy': 'never',
        'vault-ct-pull-policy': 'IfNotPresent',
        'vault-transit-batch-size': '7',
      },
      allowPrivateAddresses: true,
      addresses: ['https://a', 'https://b'],
    },
  });
  expect(notes.map(({ setting }) => setting)).toEqual([
    'Secrets, ConfigMaps, custom resources',
    'RUN_AS_NON_ROOT',
    'RUN_AS_USER',
    'SECRET_INIT_CPU_LIMIT',
    'VAULT_CT_PULL_POLICY',
  ]);
});

test('names what has no counterpart', () => {
  const { configuration, notes } = bankVaultsConfiguration('secrets-webhook', {
    PROVIDER: 'aws',
    VAULT_TOKEN: 'root',
    DEFAULT_IMAGE_PULL_SECRET: 'regcred',
  });
  expect(configuration['policy']).toMatchObject({ vault_env: { provider: '' } });
  expect(JSON.stringify(configuration)).not.toContain('root"');
  expect(notes.map(({ setting }) => setting)).toEqual([
    'Secrets, ConfigMaps, custom resources',
    'TLS_CERT_FILE',
    'PROVIDER',
    'VAULT_TOKEN',
    'DEFAULT_IMAGE_PULL_SECRET',
  ]);
});
