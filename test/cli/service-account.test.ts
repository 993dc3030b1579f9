// ServiceAccount admission, and that a manifest injected beforehand ends as the same pod as one injected by the webhook.
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createPod } from '../../cli/inject/created-pod.ts';
import { findWorkloads } from '../../cli/inject/workload.ts';
import { admitServiceAccount } from '../../cli/service-account.ts';
import {
  createInjector,
  type Injector,
  isObject,
  type JsonObject,
  type JsonValue,
  own,
  parseConfiguration,
} from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { readGoldenCases } from '../golden/golden-case.ts';
import { testBundle } from '../test-bundle.ts';

const PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const MOUNT = { name: 'kube-api-access-podgraft', readOnly: true, mountPath: PATH };

const podOf = (spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default', annotations },
  spec,
});

const specOf = (pod: JsonObject): Record<string, JsonValue> => ({ ...(own(pod, 'spec') as JsonObject) });

describe('admission', () => {
  test('gives an account, a token volume, and a mount to each container without one', () => {
    const own = { name: 'mine', mountPath: PATH };
    const spec = specOf(
      admitServiceAccount(
        podOf({
          initContainers: [{ name: 'i' }],
          containers: [
            { name: 'a', volumeMounts: [{ name: 'x', mountPath: '/x' }] },
            { name: 'b', volumeMounts: [own] },
          ],
          volumes: [{ name: 'x', emptyDir: {} }],
        }),
      ).pod,
    );
    expect(spec['serviceAccountName']).toBe('default');
    expect(spec['initContainers']).toEqual([{ name: 'i', volumeMounts: [MOUNT] }]);
    expect(spec['containers']).toEqual([
      { name: 'a', volumeMounts: [{ name: 'x', mountPath: '/x' }, MOUNT] },
      { name: 'b', volumeMounts: [own] },
    ]);
    expect(spec['volumes']).toEqual([
      { name: 'x', emptyDir: {} },
      expect.objectContaining({ name: 'kube-api-access-podgraft', projected: expect.anything() }),
    ]);
  });

  test('takes a volume with its own prefix for its own', () => {
    const volumes = [{ name: 'kube-api-access-abc', emptyDir: {} }];
    const spec = specOf(admitServiceAccount(podOf({ containers: [{ name: 'a' }], volumes })).pod);
    expect(spec['volumes']).toEqual(volumes);
    expect(spec['containers']).toEqual([{ name: 'a', volumeMounts: [{ ...MOUNT, name: 'kube-api-access-abc' }] }]);
  });

  test('honours automountServiceAccountToken, and an account that is named', () => {
    const spec = { automountServiceAccountToken: false, serviceAccountName: 'me', containers: [{ name: 'a' }] };
    expect(specOf(admitServiceAccount(podOf(spec)).pod)).toEqual(spec);
    const old = { automountServiceAccountToken: false, serviceAccount: 'me', containers: [] };
    expect(specOf(admitServiceAccount(podOf(old)).pod)).toEqual({ ...old, serviceAccountName: 'me' });
  });

  test('adds no volume where every container has a mount', () => {
    const containers = [{ name: 'a', volumeMounts: [{ name: 'mine', mountPath: PATH }] }];
    expect(specOf(admitServiceAccount(podOf({ containers })).pod)).toEqual({
      containers,
      serviceAccountName: 'default',
    });
  });

  test('knows that null is nothing, and leaves ephemeral containers and pull secrets alone', () => {
    const spec = {
      initContainers: null,
      volumes: null,
      containers: [{ name: 'a', volumeMounts: [{ name: 'mine', mountPath: PATH }] }],
      ephemeralContainers: [{ name: 'e' }],
      imagePullSecrets: [{ name: 's' }],
      serviceAccountName: 'new',
      serviceAccount: 'old',
    };
    expect(specOf(admitServiceAccount(podOf(spec)).pod)).toEqual({ ...spec, initContainers: [] });
  });

  test('leaves the mirror of a static pod alone', () => {
    const pod = podOf({ containers: [{ name: 'a' }] }, { 'kubernetes.io/config.mirror': 'x' });
    expect(admitServiceAccount(pod).pod).toBe(pod);
  });

  test.each([
    { containers: {} },
    { containers: ['a'] },
    { containers: [{ name: 'a', volumeMounts: 'x' }] },
    { containers: [], volumes: [null] },
  ])('leaves what the API server refuses alone: %j', (spec) => {
    const pod = podOf(spec as unknown as JsonObject);
    expect(admitServiceAccount(pod).pod).toBe(pod);
  });
});

const inject = async (injector: Injector, pod: JsonObject): Promise<JsonObject | undefined> => {
  const request = {
    uid: '1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    operation: 'CREATE',
    namespace: 'default',
    object: pod,
  };
  const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
  const review = await injector.review(new TextEncoder().encode(body));
  const operations = review.operations.map(({ operation }) => ({ ...operation }));
  return review.outcome === 'injected' ? (applyPatch(pod, operations) as JsonObject) : undefined;
};

/** As the API server does: admission, the webhook, and admission once more because the webhook changed the pod. */
const throughWebhook = async (injector: Injector, pod: JsonObject): Promise<JsonObject | undefined> => {
  const injected = await inject(injector, admitServiceAccount(pod).pod);
  return injected === undefined ? undefined : admitServiceAccount(injected).pod;
};

/** As `podgraft inject` does, and then the API server, without a webhook. */
const throughManifest = async (injector: Injector, pod: JsonObject): Promise<JsonObject | undefined> => {
  const [workload] = findWorkloads(pod);
  if (workload === undefined) {
    throw new Error('the pod is not found');
  }
  const created = createPod(workload, { namespace: 'default', serviceAccount: true });
  const injected = await inject(injector, created.pod);
  return injected === undefined ? undefined : admitServiceAccount(created.restore(injected)).pod;
};

const withoutToken = (pod: JsonObject): JsonObject => {
  const isToken = (item: JsonValue): boolean =>
    isObject(item) && (String(own(item, 'name')).startsWith('kube-api-access-') || own(item, 'mountPath') === PATH);
  const text = JSON.stringify(pod, (_, value: JsonValue) => {
    if (!Array.isArray(value) || !value.some(isToken)) {
      return value;
    }
    const rest = value.filter((item: JsonValue) => !isToken(item));
    return rest.length === 0 ? undefined : rest;
  });
  return JSON.parse(text) as JsonObject;
};

/** The order of mounts and volumes means nothing to Kubernetes. */
const tokenLast = (pod: JsonObject | undefined): unknown =>
  JSON.parse(JSON.stringify(pod ?? null), (_, value: JsonValue) => {
    const isToken = (item: JsonValue): boolean =>
      isObject(item) && String(own(item, 'name')).startsWith('kube-api-access-');
    return Array.isArray(value) ? [...value.filter((item) => !isToken(item)), ...value.filter(isToken)] : value;
  });

/** Every combination of the values of each key. */
const every = (choices: Readonly<Record<string, readonly unknown[]>>): readonly Record<string, JsonValue>[] =>
  Object.entries(choices).reduce<readonly Record<string, JsonValue>[]>(
    (some, [key, values]) => some.flatMap((one) => values.map((value) => ({ ...one, [key]: value as JsonValue }))),
    [{}],
  );

describe('the way through a manifest', () => {
  const configuration = parseConfiguration(
    'apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\npolicy: {vault_agent: {defaults: {service: "https://v:8200"}}}\n',
    'c.yaml',
  );
  const injector = testBundle().then((bundle) => createInjector({ bundle, configuration }));
  const pods = readGoldenCases('vault-k8s').flatMap(({ id, request, config }) => {
    const { object } = request;
    return object !== undefined && own(object, 'kind') === 'Pod' && config.flags.length <= 3 ? [{ id, object }] : [];
  });

  test('ends where the way through the webhook ends, for every recorded pod', async () => {
    const one = await injector;
    let [injected, inOrder] = [0, 0];
    for (const { id, object } of pods) {
      const metadata = { ...(own(object, 'metadata') as JsonObject), namespace: 'default' };
      const spec = own(object, 'spec');
      const pod = withoutToken({ ...object, metadata, ...(isObject(spec) ? {} : { spec: {} }) });
      const [webhook, manifest] = [await throughWebhook(one, pod), await throughManifest(one, pod)];
      expect(tokenLast(manifest), id).toEqual(tokenLast(webhook));
      inOrder += isDeepStrictEqual(manifest, webhook) ? 1 : 0;
      injected += webhook === undefined ? 0 : 1;
    }
    expect(injected).toBeGreaterThan(80);
    // The others mount no token that admission brought, so the API server adds it behind what was injected.
    expect(inOrder).toBeGreaterThan(injected * 0.9);
  });

  const annotations = {
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/role': 'r',
    'vault.hashicorp.com/agent-inject-containers': 'a',
  };

  test('ends there, too, whatever the pod says of its account and its token', async () => {
    const one = await injector;
    const mounts = [undefined, [{ name: 'mine', mountPath: PATH }], [{ name: 'kube-api-access-abc', mountPath: PATH }]];
    const outcomes = { injected: 0, denied: 0 };
    for (const spec of every({
      automountServiceAccountToken: [undefined, true, false],
      account: [{}, { serviceAccountName: 'me' }, { serviceAccount: 'me' }],
      mounts,
      init: [undefined, null, [{ name: 'i' }], [{ name: 'i', volumeMounts: mounts[1] }]],
      volumes: [undefined, [{ name: 'kube-api-access-abc', emptyDir: {} }]],
      others: [{}, { ephemeralContainers: [{ name: 'e' }], imagePullSecrets: [{ name: 's' }] }],
    })) {
      const { account, mounts: volumeMounts, init, others, ...rest } = spec;
      const pod = JSON.parse(
        JSON.stringify(
          podOf(
            {
              ...rest,
              ...(account as object),
              ...(others as object),
              initContainers: init as JsonValue,
              containers: [{ name: 'a', volumeMounts: volumeMounts as JsonValue }, { name: 'b' }],
            },
            annotations,
          ),
        ),
      ) as JsonObject;
      const [webhook, manifest] = [await throughWebhook(one, pod), await throughManifest(one, pod)];
      expect(tokenLast(manifest), JSON.stringify(pod)).toEqual(tokenLast(webhook));
      outcomes[webhook === undefined ? 'denied' : 'injected'] += 1;
    }
    expect(outcomes.injected).toBeGreaterThan(100);
    expect(outcomes.denied).toBeGreaterThan(20);
  });

  test('keeps mounts only in containers that got others', async () => {
    const pod = podOf({ containers: [{ name: 'a' }, { name: 'b' }] }, annotations);
    const [workload] = findWorkloads(pod);
    const created = workload && createPod(workload, { namespace: 'default', serviceAccount: true });
    const injected = created && (await inject(await injector, created.pod));
    const spec = specOf((injected && created?.restore(injected)) ?? {});
    const [a, b, agent] = spec['containers'] as readonly JsonObject[];
    expect(a?.['volumeMounts']).toEqual([MOUNT, { name: 'vault-secrets', mountPath: '/vault/secrets' }]);
    expect(b).toEqual({ name: 'b' });
    expect(agent?.['volumeMounts']).toContainEqual(MOUNT);
    expect(spec).not.toHaveProperty('serviceAccountName');
  });

  test('keeps nothing of the token where nothing injected mounts it', async () => {
    const named = { name: 'vault-token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
    const pod = podOf(
      { containers: [{ name: 'a', volumeMounts: [{ name: 'vault-token', mountPath: '/t' }] }], volumes: [named] },
      { ...annotations, 'vault.hashicorp.com/agent-service-account-token-volume-name': 'vault-token' },
    );
    const [workload] = findWorkloads(pod);
    const created = workload && createPod(workload, { namespace: 'default', serviceAccount: true });
    const injected = created && (await inject(await injector, created.pod));
    expect(injected).toBeDefined();
    expect(JSON.stringify((injected && created?.restore(injected)) ?? {})).not.toContain('kube-api-access');
  });
});
