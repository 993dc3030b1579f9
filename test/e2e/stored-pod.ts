// Compares pods as the API server stored them.

import { isObject, type JsonValue, pointer } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import { canonicalQuantity } from '../../core/k8s/quantity.ts';

/** Labels that a controller makes up for the pods of one workload object. */
const GENERATED_LABELS = [
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'batch.kubernetes.io/controller-uid',
];

/**
 * Takes away what two pods made from the same manifest never share: uid, version, times, managed fields, the namespace,
 * generated names and labels, the owner's identity. The volume of the service account token gets a fixed name and, with
 * its mounts, the last place: the API server appends it, before or after the webhook, to what lacks it.
 */
export const comparable = (pod: Pod): JsonValue => {
  const { metadata = {}, spec, status } = pod;
  const labels = Object.entries(metadata.labels ?? {}).filter(([key]) => !GENERATED_LABELS.includes(key));
  const kept = {
    annotations: metadata.annotations ?? {},
    labels: Object.fromEntries(labels),
    owners: (metadata.ownerReferences ?? []).map(({ kind, controller }) => ({ kind, controller })),
    finalizers: metadata.finalizers ?? [],
  };
  return JSON.parse(JSON.stringify({ metadata: kept, spec, status }), (_key, value: JsonValue) =>
    Array.isArray(value) ? tokenLast(value) : value,
  );
};

const tokenLast = (list: readonly JsonValue[]): readonly JsonValue[] => {
  const isToken = (item: JsonValue): boolean => isObject(item) && String(item['name']).startsWith('kube-api-access-');
  const tokens = list.filter(isToken).map((item) => (isObject(item) ? { ...item, name: 'kube-api-access' } : item));
  return [...list.filter((item) => !isToken(item)), ...tokens];
};

/** Lists where `stored` lacks a value of `expected`, or has another one. Empty and absent are the same to Kubernetes. */
export const lostValues = (
  expected: JsonValue,
  stored: JsonValue | undefined,
  path: readonly (string | number)[] = [],
): string[] => {
  if (stored === undefined && isAbsent(expected, path.at(-1))) {
    return [];
  }
  if (Array.isArray(expected) && Array.isArray(stored)) {
    return expected.flatMap((item, index) => lostValues(item, stored[index], [...path, index]));
  }
  if (isObject(expected) && isObject(stored)) {
    return Object.entries(expected).flatMap(([key, value]) => lostValues(value, stored[key], [...path, key]));
  }
  if (expected === stored || isSameQuantity(expected, stored, path)) {
    return [];
  }
  return [`${pointer(path)}: ${JSON.stringify(expected)} became ${JSON.stringify(stored)}`];
};

/** Texts and collections that are empty are not stored, nor is `readOnly: false`. Any other `false` or `0` must be. */
const isAbsent = (value: JsonValue, key: string | number | undefined): boolean => {
  if (isObject(value) || Array.isArray(value)) {
    return Object.keys(value).length === 0;
  }
  return value === null || value === '' || (value === false && key === 'readOnly');
};

/** The API server writes quantities in their canonical form. */
const isSameQuantity = (
  expected: JsonValue,
  stored: JsonValue | undefined,
  path: readonly (string | number)[],
): boolean => {
  const isQuantity = path.includes('limits') || path.includes('requests') || path.includes('sizeLimit');
  return isQuantity && typeof expected === 'string' && canonicalQuantity(expected) === stored;
};
