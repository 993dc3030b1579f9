// What the API server sends when a pod is created.
import type { JsonObject, JsonValue } from '../core/index.ts';

/** The review of a pod's creation in the namespace `shop`; `request` goes over its fields. */
export const podReview = (object: JsonValue, request: JsonObject = {}): JsonObject => ({
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
});

/** The same as bytes. */
export const podReviewBody = (object: JsonValue, request: JsonObject = {}): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(podReview(object, request)));
