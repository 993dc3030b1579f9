// podgraft migrate: from the Deployment of the Helm chart to a configuration that podgraft starts with.
import { expect, test } from 'vitest';
import { createInjector, parseConfiguration } from '../../core/index.ts';
import { readSettings } from '../../runtimes/node/read-settings.ts';
import { testBundle } from '../test-bundle.ts';
import { type Ran, runCli } from './fake-terminal.ts';

/** As the chart writes it, with an external certificate, metrics, two replicas, and variables of one's own. */
const CHART = `---
# Source: vault/templates/injector-serviceaccount.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: vault-agent-injector
---
# Source: vault/templates/injector-deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: vault-agent-injector
  namespace: vault
spec:
  replicas: 2
  template:
    spec:
      serviceAccountName: "vault-agent-injector"
      containers:
        - name: sidecar-injector
          image: "hashicorp/vault-k8s:1.7.6"
          env:
            - name: AGENT_INJECT_LISTEN
              value: :8080
            - name: AGENT_INJECT_LOG_LEVEL
              value: debug
            - name: AGENT_INJECT_VAULT_ADDR
              value: http://vault.vault.svc:8200
            - name: AGENT_INJECT_VAULT_AUTH_PATH
              value: auth/kubernetes
            - name: AGENT_INJECT_VAULT_IMAGE
              value: "hashicorp/vault:2.0.4"
            - name: AGENT_INJECT_TLS_CERT_FILE
              value: "/etc/webhook/certs/tls.crt"
            - name: AGENT_INJECT_TLS_KEY_FILE
              value: "/etc/webhook/certs/tls.key"
            - name: AGENT_INJECT_LOG_FORMAT
              value: standard
            - name: AGENT_INJECT_REVOKE_ON_SHUTDOWN
              value: "false"
            - name: AGENT_INJECT_CPU_REQUEST
              value: "250m"
            - name: AGENT_INJECT_CPU_LIMIT
              value: ""
            - name: AGENT_INJECT_MEM_LIMIT
              value: "256Mi"
            - name: AGENT_INJECT_DEFAULT_TEMPLATE
              value: "map"
            - name: AGENT_INJECT_TEMPLATE_CONFIG_EXIT_ON_RETRY_FAILURE
              value: "true"
            - name: AGENT_INJECT_USE_LEADER_ELECTOR
              value: "true"
            - name: AGENT_INJECT_TELEMETRY_PATH
              value: "/metrics"
            - name: NAMESPACE
              valueFrom:
                fieldRef:
                  fieldPath: metadata.namespace
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: CLUSTER
              value: blue
            - name: AGENT_INJECT_VAULT_NAMESPACE
              value: admin/$(CLUSTER)
            - name: AGENT_INJECT_VAULT_CACERT_BYTES
              valueFrom:
                secretKeyRef: {name: ca, key: ca.crt}
          args:
            - agent-inject
            - 2>&1
`;

const migrate = (stdin: string, ...args: readonly string[]): Promise<Ran> =>
  runCli(['migrate', 'vault-k8s', '-f', '-', ...args], { stdin });

test('the chart’s Deployment becomes a configuration with its notes', async () => {
  const { code, stdout, stderr } = await migrate(CHART);
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "# The settings of a vault-k8s injector, for podgraft. What is not here is as it was by default.
    # With authentication off, whoever reaches podgraft may ask it; docs/authentication.md says what else there is.
    #
    # What has no counterpart, or differs:
    # - AGENT_INJECT_LOG_FORMAT: podgraft writes its log as lines of JSON only.
    # - AGENT_INJECT_TELEMETRY_PATH: podgraft serves metrics by plain HTTP on a port of their own, at /metrics. Their names differ.
    # - AGENT_INJECT_USE_LEADER_ELECTOR: podgraft needs no leader: its replicas make nothing that they would share.
    # - AGENT_INJECT_VAULT_CACERT_BYTES: The manifest does not carry its value (valueFrom). Give it with --env NAME=VALUE and migrate again.
    apiVersion: podgraft.dev/v1alpha1
    kind: Configuration
    server:
      authentication: "off"
      logLevel: debug
      listen: ":8080"
      metricsListen: ":9464"
      certificateFile: /etc/webhook/certs/tls.crt
      keyFile: /etc/webhook/certs/tls.key
    policy:
      vault_agent:
        defaults:
          service: http://vault.vault.svc:8200
          namespace: admin/blue
          agent-limits-mem: 256Mi
    "
  `);
  expect(stderr.split('\n').map((line) => line.replace(/^(<stdin>:\d+: \S+): .*/, '$1'))).toMatchInlineSnapshot(`
    [
      "<stdin>:37: AGENT_INJECT_LOG_FORMAT",
      "<stdin>:53: AGENT_INJECT_TELEMETRY_PATH",
      "<stdin>:51: AGENT_INJECT_USE_LEADER_ELECTOR",
      "<stdin>:67: AGENT_INJECT_VAULT_CACERT_BYTES",
      "",
    ]
  `);
});

test('what is printed starts podgraft', async () => {
  const { stdout } = await migrate(CHART, '--env', 'AGENT_INJECT_VAULT_CACERT_BYTES=-----BEGIN CERTIFICATE-----\nx\n');
  const configuration = parseConfiguration(stdout, 'podgraft.yaml');
  expect(readSettings({}, {}, configuration)).toMatchObject({ logLevel: 'debug', listen: { port: 8080 } });
  await expect(createInjector({ bundle: await testBundle(), configuration })).resolves.toBeDefined();
  expect(stdout).toContain('caCertBytes: "-----BEGIN CERTIFICATE-----\\nx\\n"');
  expect(stdout).not.toContain('CACERT');
});

test('a variable of the command line that nobody knows is named', async () => {
  const options = ['NOPE=1', 'AGENT_INJECT_NOPE=1', 'AGENT_INJECT_LOG_FORMAT=json'].flatMap((text) => ['--env', text]);
  const { code, stdout, stderr } = await migrate(CHART, ...options);
  expect(code).toBe(0);
  for (const name of ['NOPE', 'AGENT_INJECT_NOPE']) {
    const note = `${name}: vault-k8s knows no such variable and ignores it, so it is left out.\n`;
    expect(stderr.split('--env: ').filter((line) => line.startsWith(note))).toHaveLength(1);
    expect(stdout).toContain(`# - ${note}`);
  }
  expect(stderr).not.toContain('LOG_FORMAT');
});

test('an argument has a line of its own', async () => {
  const text = CHART.replace('- 2>&1', '- --log-format\n            - standard\n            - x\n            - -late');
  const { stderr } = await migrate(text.replace(/- name: AGENT_INJECT_LOG_FORMAT\n.*\n */, ''));
  expect(stderr).toMatch(/<stdin>:70: -log-format: /);
  expect(stderr).toMatch(/<stdin>:73: -late: It stands behind the argument "x"/);
});

test.each<[string, string, string]>([
  [
    'no injector',
    'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n',
    '<stdin>: no container runs "agent-inject"',
  ],
  ['two injectors', `${CHART}${CHART}`, '<stdin>:81: a second container runs "agent-inject"'],
  [
    'an address from elsewhere',
    CHART.replace('value: http://vault.vault.svc:8200', 'valueFrom: {configMapKeyRef: {name: a, key: b}}'),
    '<stdin>:9: the address of Vault is not in the manifest; give it with --env AGENT_INJECT_VAULT_ADDR=…',
  ],
  [
    'what vault-k8s refuses',
    CHART.replace('value: "map"', 'value: xml'),
    '<stdin>:9: vault-k8s would not start: Invalid default flag type: xml',
  ],
])('%s is an error', async (_, text, message) => {
  const { code, stdout, stderr } = await migrate(text);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
});

test('flags in command or args are read, with variables in them', async () => {
  const { stdout } = await migrate(
    `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
      - name: injector
        command: [/vault-k8s, agent-inject]
        args: [-log-format=json, "-vault-address=https://$(HOST):8200", -cpu-limit=, $$(HOST)]
        env: [{name: HOST, value: vault.example}]
`,
  );
  expect(stdout).toBe(`# The settings of a vault-k8s injector, for podgraft. What is not here is as it was by default.
# With authentication off, whoever reaches podgraft may ask it; docs/authentication.md says what else there is.
apiVersion: podgraft.dev/v1alpha1
kind: Configuration
server:
  authentication: "off"
  listen: ":8080"
policy:
  vault_agent:
    defaults:
      service: https://vault.example:8200
      agent-limits-cpu: ""
`);
});

test('a name with a line break stays within the comments', async () => {
  const { stdout } = await migrate(CHART.replace('name: CLUSTER', 'name: "AGENT_INJECT_X\\nserver: {listen: evil}"'));
  expect(parseConfiguration(stdout, 'c').server['listen']).toBe(':8080');
});
