// The operator's files that the cases of the Talend injector were recorded with, as far as its README tells of them.
import { stringify } from 'yaml';

/** What an operator set. */
export interface Profile {
  readonly address: string;
  readonly agentImage: string;
  readonly agentPullPolicy: string;
  readonly envImage: string;
  readonly envPullPolicy: string;
  readonly jobImage: string;
  readonly jobPullPolicy: string;
  readonly resources?: object;
  readonly jobResources: object;
  readonly kubernetesPath: string;
  readonly approlePath: string;
  readonly roleIdFile: string;
  readonly secretIdFile: string;
  readonly logFormat: string;
  readonly logLevel: string;
  readonly skipVerify: boolean;
}

const amounts = (cpu: string, memory: string): object => ({ cpu, memory });

const chart: Profile = {
  address: 'https://vault.platform.svc:8200',
  agentImage: 'vault:1.6.5',
  agentPullPolicy: 'Always',
  envImage: 'talend/vault-sidecar-injector:latest',
  envPullPolicy: 'IfNotPresent',
  jobImage: 'everpeace/curl-jq:latest',
  jobPullPolicy: 'Always',
  resources: { limits: amounts('200m', '80Mi'), requests: amounts('160m', '65Mi') },
  jobResources: { limits: amounts('120m', '25Mi'), requests: amounts('100m', '20Mi') },
  kubernetesPath: 'auth/kubernetes',
  approlePath: 'auth/approle',
  roleIdFile: 'approle_roleid',
  secretIdFile: 'approle_secretid',
  logFormat: 'json',
  logLevel: 'info',
  skipVerify: false,
};

const { resources: _, ...bare } = chart;

const tuned: Profile = {
  ...bare,
  address: 'http://vault.lab.example:8200',
  agentImage: 'registry.lab.example/vault:1.13.3',
  agentPullPolicy: 'IfNotPresent',
  envImage: 'registry.lab.example/vsi:7.2.1',
  envPullPolicy: 'Always',
  jobImage: 'registry.lab.example/curl-jq:1.0',
  jobPullPolicy: 'IfNotPresent',
  jobResources: { limits: amounts('50m', '32Mi'), requests: amounts('10m', '16Mi') },
  kubernetesPath: 'auth/k8s-lab',
  approlePath: 'auth/approle-lab',
  roleIdFile: 'rid.txt',
  secretIdFile: 'sid.txt',
  logFormat: 'standard',
  logLevel: 'debug',
  skipVerify: true,
};

/** All profiles. */
export const profiles: readonly Profile[] = [chart, tuned];

/** The profile of a case. */
export const profileOf = (files: unknown): Profile => (files === 'config/tuned' ? tuned : chart);

/** The ConfigMap of an installation, with scripts of our own where the original's are not recorded. */
export const configMap = (profile: Profile): Readonly<Record<string, string>> => ({
  'injectionconfig.yaml': stringify({
    initContainers: [
      container('tvsi-env-init', [profile.envImage, profile.envPullPolicy], profile.resources, []),
      agent('tvsi-vault-agent-init', profile),
    ],
    containers: [
      container('tvsi-job-babysitter', [profile.jobImage, profile.jobPullPolicy], profile.jobResources, []),
      agent('tvsi-vault-agent', profile),
    ],
  }),
  'proxyconfig.hcl':
    'cache {\n    use_auto_auth_token = true\n}\n\nlistener "tcp" {\n    address = "127.0.0.1:<VSI_PROXY_PORT>"\n    tls_disable = true\n}\n',
  'templateblock.hcl':
    'template {\n    destination = "/opt/talend/secrets/<VSI_SECRETS_DESTINATION>"\n    contents = <<EOH\n    <VSI_SECRETS_TEMPLATE_CONTENT>\n    EOH\n    command = "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>"\n    wait {\n        min = "1s"\n        max = "2s"\n    }\n}\n',
  'templatedefault.tmpl':
    '{{ with secret "<VSI_SECRETS_VAULT_SECRETS_PATH>" }}{{ range $k, $v := .Data }}\n{{ $k }}={{ $v }}\n{{ end }}{{ end }}\n',
  'podlifecyclehooks.yaml': stringify({ postStart: { exec: { command: ['sh', '-c', 'true'] } } }),
  'httphook.yaml': stringify({ postStart: { httpGet: { path: '/ready', port: 8080 } } }),
});

/** The flags that name these files. */
export const fileFlags: readonly string[] = [
  '-injectioncfgfile=/etc/vsi/injectionconfig.yaml',
  '-proxycfgfile=/etc/vsi/proxyconfig.hcl',
  '-tmplblockfile=/etc/vsi/templateblock.hcl',
  '-tmpldefaultfile=/etc/vsi/templatedefault.tmpl',
  '-podlchooksfile=/etc/vsi/podlifecyclehooks.yaml',
];

const container = (
  name: string,
  [image, imagePullPolicy]: readonly [string, string],
  resources: object | undefined,
  env: readonly object[],
): object => ({ name, image, imagePullPolicy, resources, env });

const agent = (name: string, profile: Profile): object => ({
  ...container(name, [profile.agentImage, profile.agentPullPolicy], profile.resources, [
    { name: 'VAULT_ADDR', value: profile.address },
    { name: 'VAULT_LOG_FORMAT', value: profile.logFormat },
  ]),
  command: ['sh', '-c', script(profile)],
});

const script = (profile: Profile): string => `
method "kubernetes" { mount_path = "${profile.kubernetesPath}" }
method "approle" {
  mount_path = "${profile.approlePath}"
  role_id_file_path = "/opt/talend/secrets/${profile.roleIdFile}"
  secret_id_file_path = "/opt/talend/secrets/${profile.secretIdFile}"
}
agent -log-level=${profile.logLevel} ${profile.skipVerify ? '-tls-skip-verify' : ''}
`;
