// Brings what the Talend injector and podgraft inject into one form: what each container is, and what its agent is told.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';
import { type Profile, profiles } from './talend-vsi-settings.ts';

const AGENTS = ['tvsi-vault-agent-init', 'tvsi-vault-agent'];
const INJECTED = [...AGENTS, 'tvsi-env-init', 'tvsi-job-babysitter'];

/**
 * Leaves the pod's own containers and volumes as they are, and shows of an injected container what a pod's owner can
 * notice: its name, image, resources and mounts, and what the agent in it does. Of the annotations only the mark stays:
 * the original loses all others, which its README does not ask anyone to compare.
 */
export const normaliseTalendPod = (pod: JsonObject | null): JsonValue => {
  const spec = pod === null ? undefined : own(pod, 'spec');
  if (pod === null || !isObject(spec)) {
    return 'the patch cannot be applied';
  }
  const containers = ['containers', 'initContainers']
    .filter((list) => own(spec, list) !== undefined)
    .map((list) => [list, items(own(spec, list)).map((item) => (isInjected(item) ? summarise(item) : item))]);
  return { ...pod, metadata: withMark(pod), spec: { ...spec, ...Object.fromEntries(containers) } };
};

/** An app's own container may have such a name too, but no variable of ours or mount of the shared volume. */
const isInjected = (container: JsonObject): boolean =>
  INJECTED.includes(String(own(container, 'name'))) &&
  String(own(container, 'image')).length > 0 &&
  hasScript(container);

const hasScript = (container: JsonObject): boolean => Array.isArray(own(container, 'command'));

const withMark = (pod: JsonObject): JsonObject => {
  const { annotations, ...metadata } = own(pod, 'metadata') as JsonObject;
  const marks = Object.entries(isObject(annotations) ? annotations : {}).filter(([key]) => /(^|\/)status$/.test(key));
  return { ...metadata, marks: marks.map(([, value]) => value as JsonValue) };
};

const items = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const summarise = (container: JsonObject): JsonObject => {
  const pick = ['name', 'image', 'imagePullPolicy', 'volumeMounts', 'restartPolicy'];
  const kept = Object.fromEntries(
    pick.flatMap((key) => (own(container, key) === undefined ? [] : [[key, own(container, key) as JsonValue]])),
  );
  const resources = own(container, 'resources');
  return {
    ...kept,
    resources: isObject(resources) ? resources : {},
    stops: own(container, 'lifecycle') !== undefined,
    does: AGENTS.includes(String(own(container, 'name'))) ? agentOf(container) : variablesOf(container),
  };
};

const envOf = (container: JsonObject): ReadonlyMap<string, string> =>
  new Map(items(own(container, 'env')).map((item) => [String(own(item, 'name')), String(own(item, 'value') ?? '')]));

const variablesOf = (container: JsonObject): JsonObject => {
  const watched = envOf(container).get('VSI_JOB_CNT_NAME');
  return watched === undefined ? {} : { watches: watched };
};

const agentOf = (container: JsonObject): JsonObject => {
  const env = envOf(container);
  const config = env.get('VSI_AGENT_CONFIG');
  return config === undefined
    ? recordedAgent(container, env)
    : ownAgent(container, env, JSON.parse(Buffer.from(config, 'base64').toString('utf8')) as JsonObject);
};

/** The original's script is not recorded; what it says follows from the operator's settings. */
const recordedAgent = (container: JsonObject, env: ReadonlyMap<string, string>): JsonObject => {
  const profile = profiles.find(({ address }) => address === env.get('VAULT_ADDR')) as Profile;
  const isInit = String(own(container, 'name')) === 'tvsi-vault-agent-init';
  const method = isInit ? 'kubernetes' : String(env.get('VSI_VAULT_AUTH_METHOD'));
  return {
    address: profile.address,
    logFormat: String(env.get('VAULT_LOG_FORMAT')),
    logLevel: profile.logLevel,
    skipVerify: profile.skipVerify,
    once: isInit,
    endsWithJob: env.get('VSI_JOB_WORKLOAD') === 'true',
    login: method === 'approle' ? appRoleLogin(profile) : kubernetesLogin(profile, String(env.get('VSI_VAULT_ROLE'))),
    proxy: recordedProxy(env.get('VSI_PROXY_CONFIG_PLACEHOLDER') ?? ''),
    templates: recordedTemplates(env.get('VSI_SECRETS_TEMPLATES_PLACEHOLDER') ?? ''),
  };
};

const kubernetesLogin = (profile: Profile, role: string): JsonObject => ({
  type: 'kubernetes',
  mount_path: profile.kubernetesPath,
  config: { role, token_path: '/var/run/secrets/talend/vault-sidecar-injector/serviceaccount/token' },
});

const appRoleLogin = (profile: Profile): JsonObject => ({
  type: 'approle',
  mount_path: profile.approlePath,
  config: {
    role_id_file_path: `/opt/talend/secrets/${profile.roleIdFile}`,
    secret_id_file_path: `/opt/talend/secrets/${profile.secretIdFile}`,
    remove_secret_id_file_after_reading: false,
  },
});

const recordedProxy = (hcl: string): JsonObject => {
  const address = /address = "([^"]*)"/.exec(hcl)?.[1];
  return address === undefined ? {} : { cache: { use_auto_auth_token: true }, listener: listener(address) };
};

const listener = (address: string): JsonValue => [{ type: 'tcp', address, tls_disable: true }];

const BLOCK =
  /template \{\n {4}destination = "(.*)"\n {4}contents = <<EOH\n([\s\S]*?) {4}EOH\n {4}command = "(.*)"\n {4}wait \{\n {8}min = "(\w+)"\n {8}max = "(\w+)"\n {4}\}\n\}\n/g;

const recordedTemplates = (hcl: string): JsonValue => {
  if (hcl.replaceAll(BLOCK, '').trim() !== '') {
    throw new Error(`this is more than template blocks: ${hcl}`);
  }
  return [...hcl.matchAll(BLOCK)].map(([, destination = '', contents = '', command = '', min = '', max = '']) => ({
    destination,
    contents,
    command,
    wait: { min, max },
  }));
};

const ownAgent = (container: JsonObject, env: ReadonlyMap<string, string>, config: JsonObject): JsonObject => {
  const { auto_auth: login, template = [], ...proxy } = config;
  const script = JSON.stringify(own(container, 'command'));
  return {
    address: String(env.get('VAULT_ADDR')),
    logFormat: String(env.get('VAULT_LOG_FORMAT')),
    logLevel: String(env.get('VAULT_LOG_LEVEL')),
    skipVerify: env.get('VAULT_SKIP_VERIFY') === 'true',
    once: script.includes('-exit-after-auth'),
    endsWithJob: script.includes('vault-sidecars-signal-terminate'),
    login: own(login as JsonObject, 'method') ?? {},
    proxy,
    templates: items(template).map((item) => ({ command: '', ...item })),
  };
};
