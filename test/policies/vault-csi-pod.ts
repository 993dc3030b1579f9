// Pods that ask for the CSI driver's volume, reviewed by the core.
import { stringify } from 'yaml';
import {
  createInjector,
  type Injector,
  isObject,
  type JsonObject,
  type JsonValue,
  own,
  parseConfiguration,
  type Review,
} from '../../core/index.ts';
import { testBundle } from '../test-bundle.ts';

/** What the annotations begin with. */
export const PREFIX = 'vault-csi.podgraft.dev/';

/** Makes an injector with this configuration of the system. */
export const injectorWith = async (vault_csi: JsonObject): Promise<Injector> => {
  const text = stringify({ apiVersion: 'podgraft.dev/v1alpha1', kind: 'Configuration', policy: { vault_csi } });
  return createInjector({ bundle: await testBundle(), configuration: parseConfiguration(text, 'c.yaml') });
};

/** The plainest container. */
export const APP: JsonObject = { name: 'app', image: 'app:1' };

/** A pod that wants a volume; annotations stand without their prefix. */
export const podOf = (
  annotations: JsonObject,
  spec: JsonObject = {},
  metadata: JsonObject = { name: 'web-0' },
): JsonObject => ({
  metadata: {
    ...metadata,
    annotations: {
      'example.com/kept': 'yes',
      [`${PREFIX}inject`]: 'true',
      ...Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${PREFIX}${key}`, value])),
    },
  },
  spec: { containers: [APP], ...spec },
});

/** The least that a pod says to name a class. */
export const CLASS = { 'csi-class': 'db' };
/** The least that a pod says to list secrets. */
export const INLINE = { role: 'shop', 'object-db.pass': 'secret/data/shop/db#password' };

/** Reviews a pod's creation. */
export const reviewPod = async (by: Injector, object: JsonObject, request: JsonObject = {}): Promise<Review> => {
  const body = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'u',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace: 'shop',
      object,
      ...request,
    },
  };
  return by.review(new TextEncoder().encode(JSON.stringify(body)));
};

/** The value at a path; `undefined` where there is none. */
export const at = (value: JsonValue, ...path: readonly (string | number)[]): JsonValue | undefined =>
  path.reduce<JsonValue | undefined>((inner, key) => {
    if (Array.isArray(inner)) {
      return inner[Number(key)] as JsonValue | undefined;
    }
    return isObject(inner) ? own(inner, String(key)) : undefined;
  }, value);

/** What the first volume says to the driver. */
export const attributesOf = (pod: JsonObject): JsonValue | undefined =>
  at(pod, 'spec', 'volumes', 0, 'csi', 'volumeAttributes');
