// Pods with references to secrets, injected by the core with facts of the test's own.
import {
  type AdmissionResponseReview,
  type FindFacts,
  type JsonObject,
  type JsonValue,
  own,
} from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { configuredInjector } from '../configured-injector.ts';
import { decodePatch } from '../golden/answer.ts';
import { podReviewBody } from '../pod-review.ts';
import { objectsAt } from './pod-part.ts';

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
  const injector = await configuredInjector({ vault_env: configuration }, findFacts);
  return async (wish) => {
    const object = 'pod' in wish ? wish.pod : podOf(wish);
    const { response: review, codes, operations } = await injector.review(podReviewBody(object));
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

/** A container's variables, as they are written. */
export const variablesOf = (container: JsonObject): Readonly<Record<string, JsonValue>> =>
  Object.fromEntries(
    objectsAt(container, 'env').map((variable) => [String(own(variable, 'name')), own(variable, 'value') ?? '']),
  );
