// What is volatile in the answers of vault-k8s, brought into one order on both sides.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

const AWS = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_DEFAULT_REGION', 'AWS_REGION'];

/**
 * Shows VAULT_CONFIG decoded with its templates sorted, names the volumes of own folders by their path instead of
 * their random number, and sorts the four AWS variables.
 */
export const normaliseVaultPod = (pod: JsonObject): JsonValue => {
  const renamed = renameOwnFolders(pod);
  const spec = own(renamed, 'spec');
  if (!isObject(spec)) {
    return renamed;
  }
  const containers = ['containers', 'initContainers']
    .filter((list) => own(spec, list) !== undefined)
    .map((list) => [list, items(own(spec, list)).map(normaliseContainer)]);
  const volumes = own(spec, 'volumes');
  return {
    ...renamed,
    spec: {
      ...spec,
      ...Object.fromEntries(containers),
      ...(volumes === undefined ? {} : { volumes: sortRun(items(volumes), isOwnFolder) }),
    },
  };
};

const items = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const normaliseContainer = (container: JsonObject): JsonObject => {
  const env = sortRun(items(own(container, 'env')).map(decodeConfig), (item) =>
    AWS.includes(String(own(item, 'name'))),
  );
  return withMounts(own(container, 'env') === undefined ? container : { ...container, env });
};

const withMounts = (container: JsonObject): JsonObject => {
  const mounts = own(container, 'volumeMounts');
  return mounts === undefined ? container : { ...container, volumeMounts: sortRun(items(mounts), isOwnFolder) };
};

const isOwnFolder = (item: JsonObject): boolean => String(own(item, 'name')).startsWith('vault-secrets-custom@');

/** Sorts the members that a test picks among the places that they hold. */
const sortRun = (list: readonly JsonObject[], isMember: (item: JsonObject) => boolean): readonly JsonObject[] => {
  const members = list.filter(isMember).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  let next = 0;
  return list.map((item) => {
    if (!isMember(item)) {
      return item;
    }
    next += 1;
    return members[next - 1] as JsonObject;
  });
};

/** Base64 of `{"auto_auth"`: a pod's JSON Patch may have renamed the container, or the variable. */
const CONFIG = 'eyJhdXRvX2F1dGgi';

const decodeConfig = (variable: JsonObject): JsonObject => {
  const value = own(variable, 'value');
  if (typeof value !== 'string' || !value.startsWith(CONFIG)) {
    return variable;
  }
  const config = JSON.parse(Buffer.from(value, 'base64').toString('utf8')) as JsonObject;
  const template = own(config, 'template');
  const sorted = items(template).toSorted((a, b) => (templateKey(a) < templateKey(b) ? -1 : 1));
  return { ...variable, value: { ...config, ...(template === undefined ? {} : { template: sorted }) } };
};

const templateKey = (template: JsonObject): string =>
  `${String(own(template, 'destination'))}\n${String(own(template, 'contents'))}`;

const renameOwnFolders = (pod: JsonObject): JsonObject => {
  const paths = new Map<string, string>();
  const text = JSON.stringify(pod);
  for (const [, name, path] of text.matchAll(/\{"name":"(vault-secrets-custom-\d+)","mountPath":"([^"]*)"\}/g)) {
    if (name !== undefined && path !== undefined) {
      paths.set(name, path);
    }
  }
  const renamed = text.replaceAll(/"(vault-secrets-custom-\d+)"/g, (whole, name: string) => {
    const path = paths.get(name);
    return path === undefined ? whole : `"vault-secrets-custom@${path}"`;
  });
  return JSON.parse(renamed) as JsonObject;
};
