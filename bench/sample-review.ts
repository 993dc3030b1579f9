// Makes reviews of a wanted size, as an API server sends them for a pod of a Deployment.
import type { JsonObject } from '../core/index.ts';

/** What a sample pod asks for: injection, or nothing at all. */
export type Wish = 'vault-agent' | 'nothing';

/** What a sample is made of. */
export interface Sample {
  readonly wish: Wish;
  /** Bytes that the body should have, reached by environment variables of the pod. */
  readonly bytes?: number;
  /** Exactly so many environment variables instead. */
  readonly variables?: number;
}

const ANNOTATIONS: Readonly<Record<Wish, JsonObject>> = {
  'vault-agent': {
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/role': 'storefront',
    'vault.hashicorp.com/agent-inject-secret-db': 'kv/data/shop/db',
    'vault.hashicorp.com/agent-inject-secret-api': 'kv/data/shop/api',
    'vault.hashicorp.com/agent-limits-cpu': '250m',
    'vault.hashicorp.com/agent-run-as-user': '1001',
  },
  nothing: { 'prometheus.io/scrape': 'true' },
};

/** Makes the bytes of a review. */
export const sampleReview = ({ wish, bytes = 0, variables }: Sample): Uint8Array => {
  const encode = (count: number): Uint8Array => new TextEncoder().encode(JSON.stringify(review(wish, count)));
  if (variables !== undefined) {
    return encode(variables);
  }
  const bare = encode(0).byteLength;
  const perVariable = encode(1).byteLength - bare + 1;
  return encode(Math.max(0, Math.round((bytes - bare) / perVariable)));
};

const TOKEN = {
  name: 'kube-api-access-x7k2p',
  readOnly: true,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
};

const review = (wish: Wish, variables: number): JsonObject => ({
  apiVersion: 'admission.k8s.io/v1',
  kind: 'AdmissionReview',
  request: {
    uid: '6f1c2d64-0d4b-4a51-9f5e-2f0e0e7c1a11',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    namespace: 'shop',
    operation: 'CREATE',
    dryRun: false,
    userInfo: { username: 'system:serviceaccount:kube-system:replicaset-controller' },
    object: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'storefront-7d4b9c5f6-', namespace: 'shop', annotations: ANNOTATIONS[wish] },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'registry.example/web:1.8.2',
            env: Array.from({ length: variables }, (_, index) => variable(index)),
            volumeMounts: [TOKEN],
            imagePullPolicy: 'IfNotPresent',
          },
        ],
        volumes: [{ name: TOKEN.name, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
        serviceAccountName: 'storefront',
      },
    },
  },
});

const variable = (index: number): JsonObject => ({
  name: `SETTING_${String(index).padStart(5, '0')}`,
  value: `value-of-setting-${index}-with-some-length`,
});
