// Pods with references to secrets, injected by the core with facts of the test's own.
import { stringify } from 'yaml';
import {
  type AdmissionResponseReview,
  createInjector,
  type FindFacts,
  isObject,
  type JsonObject,
  type JsonValue,
  own,
  parseConfiguration,
} from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import { testBundle } from '../test-bundle.ts';

/** What a test asks for. Annotations stand with the newer prefix, unless their names have a slash. */
export interface Wish {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: JsonObject;
}

/** What came of it. */
export interface Injected {
  readonly response: AdmissionResponseReview['response'];
  readonly pod: JsonObject;
  readonly operations: number;
  readonly codes: readonly string[];
}

/** Injects pods under one configuration. */
export type Inject = (wish: Wish | { readonly pod: JsonObject }) => Promise<Injected>;

const PREFIX = 'secrets-webhook.security.bank-vaults.io/';

/** The container of the plainest pod. */
export const APP: JsonObject = {
  name: 'app',
  image: 'registry.shop/app:1',
  command: ['/srv/app'],
  args: ['--port', '$(PORT)'],
  env: [{ name: 'PASSWORD', value: 'vault:kv/data/db#password' }],
  volumeMounts: [{ name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
};

/** Makes a function that injects pods. */
export const createVaultEnvInjector = async (
  configuration: JsonObject = {},
  findFacts?: FindFacts,
): Promise<Inject> => {
  const text = stringify({
    apiVersion: 'podgraft.dev/v1alpha1',
    kind: 'Configuration',
    policy: { vault_env: configuration },
  });
  const bundle = await testBundle();
  const injector = await createInjector({ bundle, configuration: parseConfiguration(text, 'c'), findFacts });
  return async (wish) => {
    const object = 'pod' in wish ? wish.pod : podOf(wish);
    const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: requestOf(object) };
    const { response: review, codes, operations } = await injector.review(encode(body));
    const { response } = review;
    const pod = response.allowed ? applyPatch(object, decodePatch(review)) : object;
    const own = codes.filter(({ system }) => system === 'vault_env' || system === 'podgraft');
    return {
      response,
      pod: pod as JsonObject,
      operations: operations.length,
      codes: own.map(({ system, code }) => `${system}/${code}`),
    };
  };
};

const encode = (value: JsonValue): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const podOf = ({ annotations = {}, spec = {} }: Wish): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'app-0',
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [key.includes('/') ? key : `${PREFIX}${key}`, value]),
    ),
  },
  spec: { containers: [APP], volumes: [{ name: 'account', emptyDir: {} }], serviceAccountName: 'shop-app', ...spec },
});

const requestOf = (object: JsonObject): JsonObject => ({
  uid: 'u',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  operation: 'CREATE',
  namespace: 'shop',
  object,
});

/** The members of a list that are objects; none where there is no list. */
export const objectsAt = (object: JsonObject, ...path: readonly string[]): readonly JsonObject[] => {
  const list = path.reduce<JsonValue | undefined>(
    (value, key) => (isObject(value) ? own(value, key) : undefined),
    object,
  );
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** A container or init container of a pod, by its name. */
export const containerOf = (pod: JsonObject, name: string): JsonObject => {
  const all = [...objectsAt(pod, 'spec', 'initContainers'), ...objectsAt(pod, 'spec', 'containers')];
  const found = all.find((container) => own(container, 'name') === name);
  if (found === undefined) {
    throw new Error(`the pod has no container ${name}`);
  }
  return found;
};

/** A container's variables, as they are written. */
export const variablesOf = (container: JsonObject): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries(
    objectsAt(container, 'env').map((variable) => [String(own(variable, 'name')), own(variable, 'value') ?? '']),
  );
