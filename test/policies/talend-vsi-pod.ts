// Pods that ask for the Talend injector's agent, injected by the core.
import { type AdmissionResponseReview, type JsonObject, own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { configuredInjector } from '../configured-injector.ts';
import { decodePatch } from '../golden/answer.ts';
import { podReviewBody } from '../pod-review.ts';
import { objectsAt } from './pod-part.ts';

/** What a test asks for. Annotations stand without their prefix. */
export interface Wish {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: JsonObject;
  readonly configuration?: JsonObject;
}

/** What came of it. */
export interface Injected {
  readonly response: AdmissionResponseReview['response'];
  readonly pod: JsonObject;
}

const PREFIX = 'sidecar.vault.talend.org/';

/** The container of the plainest pod. */
export const APP: JsonObject = {
  name: 'app',
  image: 'app:1',
  command: ['/srv/app'],
  volumeMounts: [{ name: 'account', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
};

/** Makes a function that injects pods under one configuration. */
export const createTalendInjector = async (
  configuration: JsonObject = {},
): Promise<(wish: Wish) => Promise<Injected>> => {
  const injector = await configuredInjector({ talend_vsi: configuration });
  return async (wish) => {
    const object = podOf(wish);
    const { response: review } = await injector.review(podReviewBody(object));
    const { response } = review;
    const pod = response.allowed ? applyPatch(object, decodePatch(review)) : object;
    return { response, pod: pod as JsonObject };
  };
};

const podOf = ({ annotations = {}, spec = {} }: Wish): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'app',
    labels: { 'com.talend.application': 'orders', 'com.talend.service': 'api' },
    annotations: {
      'example.com/kept': 'yes',
      [`${PREFIX}inject`]: 'true',
      ...Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value])),
    },
  },
  spec: { containers: [APP], volumes: [{ name: 'account', emptyDir: {} }], ...spec },
});

/** A container's variables as its process sees them: `$$` has become `$`, and no reference is one. */
export const variablesOf = (container: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    objectsAt(container, 'env').map((variable) => [
      String(own(variable, 'name')),
      expand(String(own(variable, 'value') ?? '')),
    ]),
  );

/** What the kubelet makes of a text in which nothing may be meant as a reference. */
const expand = (text: string): string =>
  text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (found) => {
    if (found !== '$$') {
      throw new Error(`the kubelet would look for the variable in ${text}`);
    }
    return '$';
  });

/** The text of the agent's configuration. */
export const agentConfigTextOf = (container: JsonObject): string =>
  Buffer.from(variablesOf(container)['VSI_AGENT_CONFIG'] ?? '', 'base64').toString('utf8');

/** The agent's configuration, as the agent reads it. */
export const agentConfigOf = (container: JsonObject): JsonObject =>
  JSON.parse(agentConfigTextOf(container)) as JsonObject;

/** The words of a container's command. */
export const commandOf = (container: JsonObject): readonly string[] =>
  (own(container, 'command') ?? []) as readonly string[];
