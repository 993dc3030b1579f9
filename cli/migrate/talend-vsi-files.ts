// The part of a Talend Vault Sidecar Injector's installation that stands in its ConfigMap.
import { parse } from 'yaml';
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { readAgentScript } from './talend-vsi-script.ts';

/** What the files say, and what podgraft cannot take over; a note names the flag behind which its file stands. */
export interface FileReading {
  readonly settings: JsonObject;
  readonly notes: readonly { readonly flag: string; readonly message: string }[];
}

const NOTHING: FileReading = { settings: {}, notes: [] };

/** Reads the five files; `file` finds one by its flag. */
export const readConfigurationFiles = (file: (flag: string) => string | undefined): FileReading => {
  const readings = Object.entries(readers).map(([flag, read]) => {
    const text = file(flag);
    return text === undefined ? missing(flag) : read(text, flag);
  });
  return {
    settings: Object.assign({}, ...readings.map(({ settings }) => settings)),
    notes: readings.flatMap(({ notes }) => notes),
  };
};

const missing = (flag: string): FileReading =>
  note(flag, 'The file is not in the manifest. What it says is taken to be what the Helm chart brings.');

const note = (flag: string, message: string): FileReading => ({ settings: {}, notes: [{ flag, message }] });

/** What the chart brings, blanks aside. podgraft's own does the same. */
const PROXY =
  'cache { use_auto_auth_token = true } listener "tcp" { address = "127.0.0.1:<VSI_PROXY_PORT>" tls_disable = true }';
const BLOCK =
  'template { destination = "/opt/talend/secrets/<VSI_SECRETS_DESTINATION>" contents = <<EOH <VSI_SECRETS_TEMPLATE_CONTENT> EOH command = "<VSI_SECRETS_TEMPLATE_COMMAND_TO_RUN>" wait { min = "1s" max = "2s" } }';
const DEFAULT = (data: string): string =>
  `{{ with secret "<VSI_SECRETS_VAULT_SECRETS_PATH>" }}{{ range $k, $v := ${data} }} {{ $k }}={{ $v }} {{ end }}{{ end }}`;

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const OWN_FORM = 'It is not what the Helm chart brings. podgraft always writes what the chart does.';

const readers: Readonly<Record<string, (text: string, flag: string) => FileReading>> = {
  injectioncfgfile: (text, flag) => readInjection(text, flag),
  proxycfgfile: (text, flag) => (plain(text) === PROXY ? NOTHING : note(flag, OWN_FORM)),
  tmplblockfile: (text, flag) => (plain(text) === BLOCK ? NOTHING : note(flag, OWN_FORM)),
  tmpldefaultfile: (text, flag) => {
    if (plain(text) === DEFAULT('.Data.data')) {
      return { settings: { kvVersion: '2' }, notes: [] };
    }
    return plain(text) === DEFAULT('.Data') ? NOTHING : note(flag, OWN_FORM);
  },
  podlchooksfile: (text, flag) => readHook(text, flag),
};

const readHook = (text: string, flag: string): FileReading => {
  const postStart = at(parseYaml(text), 'postStart');
  const handler = ['exec', 'httpGet', 'tcpSocket'].find((name) => own(postStart, name) !== undefined);
  if (handler === undefined) {
    return note(flag, 'It has no postStart hook that could be read.');
  }
  return handler === 'exec' ? NOTHING : { settings: { hook: { handler } }, notes: [] };
};

const readInjection = (text: string, flag: string): FileReading => {
  const config = parseYaml(text);
  const containers = [...list(config, 'initContainers'), ...list(config, 'containers')];
  const named = (name: string): JsonObject | undefined =>
    containers.find((container) => own(container, 'name') === name);
  const agent = named('tvsi-vault-agent') ?? named('tvsi-vault-agent-init');
  if (agent === undefined) {
    return note(flag, 'It has no container tvsi-vault-agent that could be read.');
  }
  const script = readAgentScript(scriptOf(agent));
  const envInit = named('tvsi-env-init');
  const babysitter = named('tvsi-job-babysitter');
  const address = variable(agent, 'VAULT_ADDR');
  return {
    settings: {
      vault: { ...(address === undefined ? {} : { address }), ...script.vault },
      agent: { ...describe(agent), ...optional('logFormat', logFormat(agent)), ...script.agent },
      ...(envInit === undefined ? {} : { envInit: describe(envInit) }),
      ...(babysitter === undefined ? {} : { babysitter: describe(babysitter) }),
    },
    notes:
      address === undefined
        ? [{ flag, message: 'The agent has no VAULT_ADDR. Set policy.talend_vsi.vault.address.' }]
        : [],
  };
};

/** `null` takes away what podgraft has by default. */
const describe = (container: JsonObject): JsonObject => {
  const image = String(own(container, 'image') ?? '');
  const resources = own(container, 'resources');
  return {
    image,
    pullPolicy: own(container, 'imagePullPolicy') ?? (/:(?!latest$)[^/]*$/.test(image) ? 'IfNotPresent' : 'Always'),
    resources: isObject(resources) && Object.keys(resources).length > 0 ? withTexts(resources) : null,
  };
};

/** Kubernetes takes an amount as a number, too. */
const withTexts = (resources: JsonObject): JsonObject =>
  Object.fromEntries(
    ['limits', 'requests'].flatMap((list) => {
      const amounts = Object.entries(at(resources, list)).map(([name, amount]) => [name, String(amount)]);
      return amounts.length === 0 ? [] : [[list, Object.fromEntries(amounts)]];
    }),
  );

/** Vault reads it in any case; with another word the agent does not start. */
const logFormat = (agent: JsonObject): string | undefined =>
  ['json', 'standard'].find((word) => word === variable(agent, 'VAULT_LOG_FORMAT')?.trim().toLowerCase());

const optional = (key: string, value: string | undefined): JsonObject => (value === undefined ? {} : { [key]: value });

const scriptOf = (container: JsonObject): string =>
  ['command', 'args']
    .flatMap((key) => {
      const words = own(container, key);
      return Array.isArray(words) ? words.map(String) : [];
    })
    .join('\n');

const variable = (container: JsonObject, name: string): string | undefined => {
  const value = list(container, 'env').find((entry) => own(entry, 'name') === name);
  const text = value === undefined ? undefined : own(value, 'value');
  return typeof text === 'string' && text !== '' ? text : undefined;
};

const list = (object: JsonObject, key: string): readonly JsonObject[] => {
  const value = own(object, key);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

const at = (object: JsonObject, key: string): JsonObject => {
  const value = own(object, key);
  return isObject(value) ? value : {};
};

const parseYaml = (text: string): JsonObject => {
  try {
    const value = parse(text) as JsonValue;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
};
