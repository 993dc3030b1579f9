// Pods that ask for the CSI driver's volume, reviewed by the core.
import { type Injector, isObject, type JsonObject, type JsonValue, own, type Review } from '../../core/index.ts';
import { configuredInjector } from '../configured-injector.ts';
import { podReviewBody } from '../pod-review.ts';

/** What the annotations begin with. */
export const PREFIX = 'vault-csi.podgraft.dev/';

/** Makes an injector with this configuration of the system. */
export const injectorWith = (vault_csi: JsonObject): Promise<Injector> => configuredInjector({ vault_csi });

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
export const reviewPod = (by: Injector, object: JsonObject, request: JsonObject = {}): Promise<Review> =>
  by.review(podReviewBody(object, request));

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
