import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Injector, type JsonObject, own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { createPolicy } from '../../core/policy/opa.ts';
import { compileSchema } from '../../core/template/schema.ts';
import { decodePatch } from '../golden/answer.ts';
import { defaultPod } from '../golden/default-pod.ts';
import { testBundle } from '../test-bundle.ts';
import { APP, at, attributesOf, CLASS, INLINE, injectorWith, PREFIX, podOf, reviewPod } from './vault-csi-pod.ts';

const read = (path: string): string => readFileSync(new URL(`../../policies/${path}`, import.meta.url), 'utf8');

let injector: Injector;

beforeAll(async () => {
  injector = await injectorWith({});
});

/** The pod after its review, which has to be allowed. */
const injected = async (object: JsonObject, by: Injector = injector): Promise<JsonObject> => {
  const { response } = await reviewPod(by, object);
  expect(response.response).toMatchObject({ allowed: true });
  return applyPatch(object, decodePatch(response)) as JsonObject;
};

const codesOf = async (object: JsonObject, by: Injector = injector): Promise<readonly string[]> =>
  (await reviewPod(by, object)).codes.filter(({ system }) => system === 'vault_csi').map(({ code }) => code);

describe('what a pod gets', () => {
  test('a pod without volumes and mounts', async () => {
    const pod = await injected(podOf(CLASS));
    expect(pod).toEqual({
      metadata: {
        name: 'web-0',
        annotations: {
          'example.com/kept': 'yes',
          [`${PREFIX}inject`]: 'true',
          [`${PREFIX}csi-class`]: 'db',
          [`${PREFIX}status`]: 'injected',
        },
      },
      spec: {
        containers: [
          { ...APP, volumeMounts: [{ name: 'vault-csi', mountPath: '/mnt/secrets-store', readOnly: true }] },
        ],
        volumes: [
          {
            name: 'vault-csi',
            csi: {
              driver: 'secrets-store.csi.k8s.io',
              readOnly: true,
              volumeAttributes: { secretProviderClass: 'db' },
            },
          },
        ],
      },
    });
  });

  test('each thing is an operation of its own, behind what is there', async () => {
    const app = { ...APP, volumeMounts: [{ name: 'data', mountPath: '/data' }], env: [{ name: 'A', value: '1' }] };
    const pod = podOf({ ...CLASS, 'env-DB': 's#k' }, { containers: [app], volumes: [{ name: 'data', emptyDir: {} }] });
    expect((await reviewPod(injector, pod)).operations.map(({ operation: { op, path } }) => `${op} ${path}`)).toEqual([
      'add /spec/containers/0/volumeMounts/-',
      'add /spec/containers/0/env/-',
      'add /spec/volumes/-',
      'add /metadata/annotations/vault-csi.podgraft.dev~1status',
    ]);
  });

  test('the objects as the provider reads them, modes as numbers', async () => {
    const pod = await injected(
      podOf({ ...INLINE, 'object-perms-db.pass': '0400', 'object-all': 'kv/all', 'auth-path': 'auth/k8s-eu' }),
    );
    expect(attributesOf(pod)).toEqual({
      secretProviderClass: 'vault-inline',
      roleName: 'shop',
      vaultAuthMountPath: 'k8s-eu',
      objects:
        '[{"objectName":"all","secretPath":"kv/all"},' +
        '{"filePermission":256,"objectName":"db.pass","secretKey":"password","secretPath":"secret/data/shop/db"}]',
    });
  });

  test('variables from the Secret of the class', async () => {
    const pod = await injected(podOf({ ...CLASS, 'env-DB_PASSWORD': 'shop-db#password' }));
    expect(at(pod, 'spec', 'containers', 0, 'env')).toEqual([
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'shop-db', key: 'password', optional: false } } },
    ]);
  });

  test('one of two containers, and an init container by its name', async () => {
    const spec = { containers: [APP, { name: 'other' }], initContainers: [{ name: 'migrate' }] };
    const mounted = async (annotations: JsonObject): Promise<readonly (string | undefined)[]> => {
      const pod = await injected(podOf({ ...CLASS, ...annotations }, spec));
      return ['containers', 'initContainers'].flatMap((list) =>
        (at(pod, 'spec', list) as JsonObject[])
          .filter((container) => own(container, 'volumeMounts') !== undefined)
          .map(({ name }) => String(name)),
      );
    };
    expect(await mounted({})).toEqual(['app', 'other']);
    expect(await mounted({ containers: 'other' })).toEqual(['other']);
    expect(await mounted({ containers: 'app, migrate' })).toEqual(['app', 'migrate']);
  });

  test('a volume of the same class that the pod has is used', async () => {
    const csi = { driver: 'secrets-store.csi.k8s.io', readOnly: true, volumeAttributes: { secretProviderClass: 'db' } };
    const pod = await injected(podOf(CLASS, { volumes: [{ name: 'own', csi }] }));
    expect(at(pod, 'spec', 'volumes')).toEqual([{ name: 'own', csi }]);
    expect(at(pod, 'spec', 'containers', 0, 'volumeMounts', 0, 'name')).toBe('own');
  });

  test('a name is yet to be generated, and the namespace stands in the request alone', async () => {
    const { outcome } = await reviewPod(injector, podOf(CLASS, {}, { generateName: 'web-' }));
    expect(outcome).toBe('injected');
  });

  test('a dry run gets the same answer', async () => {
    const [wet, dry] = [
      await reviewPod(injector, podOf(INLINE)),
      await reviewPod(injector, podOf(INLINE), { dryRun: true }),
    ];
    expect(dry.operations).toEqual(wet.operations);
  });

  test('no container is added, so a job ends by itself', async () => {
    const pod = await injected(podOf(CLASS, { restartPolicy: 'Never' }));
    expect(at(pod, 'spec', 'containers')).toHaveLength(1);
    expect(at(pod, 'spec', 'initContainers')).toBeUndefined();
  });

  test('the order of annotations makes no difference', async () => {
    const annotations = { ...INLINE, 'object-a': 'kv/a', 'object-z': 'kv/z', 'object-perms-a': '0600' };
    const turned = Object.fromEntries(Object.entries(annotations).toReversed());
    expect(attributesOf(await injected(podOf(turned)))).toEqual(attributesOf(await injected(podOf(annotations))));
  });
});

describe('a second review', () => {
  test.each([
    ['by class', { ...CLASS, 'env-DB': 's#k' }],
    ['by list', INLINE],
  ])('%s, after the API server has filled in its defaults', async (_, annotations) => {
    const pod = defaultPod(await injected(podOf(annotations)));
    const again = await reviewPod(injector, pod);
    expect(again.operations).toEqual([]);
    expect(again.codes).toContainEqual({ system: 'vault_csi', code: 'already_injected' });
  });

  test('also where pods may not give parameters themselves', async () => {
    const strict = await injectorWith({ podAttributes: 'deny', allowedRoles: { shop: ['shop'] } });
    const annotations = {
      ...INLINE,
      objects:
        '[{"objectName":"x/y","secretPath":"kv/\\u00e9\\"","secretArgs":{"__proto__":"1","b":2}, "method":"PUT"}]',
    };
    const pod = await injected(podOf(annotations), strict);
    expect(await codesOf(defaultPod(pod), strict)).toEqual(['already_injected']);
    const forged = JSON.parse(JSON.stringify(pod).replaceAll('secret/data/shop/db', 'secret/data/other')) as JsonObject;
    const own = { ...pod, spec: (forged as { spec: JsonObject }).spec };
    expect(await codesOf(own, strict)).toEqual(['attributes_forbidden']);
  });

  test('a pod that was copied with its annotations, but without the volume, is injected', async () => {
    const pod = await injected(podOf({ ...CLASS, status: 'injected' }));
    expect(at(pod, 'spec', 'volumes')).toHaveLength(1);
  });
});

describe('what is refused', () => {
  test.each([
    ['neither a class nor objects', {}, 'way_missing'],
    ['a class and objects', { ...CLASS, 'object-a': 'kv/a' }, 'ways_exclusive'],
    ['one file twice', { ...INLINE, 'agent-inject-secret-db.pass': 'kv/a' }, 'objects_duplicated'],
    ['.. in a file', { role: 'r', objects: '[{"objectName":"../a","secretPath":"kv/a"}]' }, 'file_invalid'],
    ['an AppRole login', { ...CLASS, auth: 'approle' }, 'auth_unsupported'],
    ['variables without a class', { ...INLINE, 'env-A': 's#k' }, 'env_needs_class'],
    ['a template', { ...INLINE, 'secrets-template': '{{ }}' }, 'sidecar_only'],
    ['a slip of the pen', { ...INLINE, 'objct-a': 'kv/a' }, 'annotation_unknown'],
  ])('%s', async (_, annotations, code) => {
    const { outcome, codes, response } = await reviewPod(injector, podOf(annotations));
    expect([outcome, codes]).toEqual(['denied', [{ system: 'vault_csi', code }]]);
    expect(response.response.status?.message).not.toBe('');
  });
});

describe('the tables agree with what they feed', () => {
  const tables = parse(read('vault_csi/tables.yaml')) as {
    readonly names: JsonObject;
    readonly prefixes: JsonObject;
    readonly sidecarOnly: { readonly names: JsonObject; readonly prefixes: JsonObject };
  };

  test('the page tells of every annotation', () => {
    const page = read('vault_csi/README.md');
    const written = [
      ...[tables.names, tables.sidecarOnly.names].flatMap(Object.keys),
      ...Object.keys(tables.prefixes).map((prefix) => `${prefix}${prefix === 'env-' ? 'VARIABLE' : 'FILE'}`),
      ...Object.keys(tables.sidecarOnly.prefixes).map((prefix) => `${prefix}*`),
    ].filter((name) => name !== 'object-perms-FILE');
    expect(written.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('every code that the policy gives has a sentence, and none is left over', () => {
    const files = ['decision', 'problems', 'vocabulary_problems', 'class_problems', 'pod_problems', 'login_problems'];
    const more = ['objects_problems', 'entry_problems', 'variables_problems'];
    const text = [...files, ...more].map((file) => read(`vault_csi/${file}.rego`)).join('\n');
    const given = [...text.matchAll(/_(?:say|skip)\(\s*"(\w+)"/g)].map(([, code]) => code);
    const codes = parse(read('vault_csi/codes.yaml')) as JsonObject;
    expect(new Set(Object.keys(codes))).toEqual(new Set([...given, 'class', 'inline']));
  });

  test('the decision has the shape that the schema states', async () => {
    const { module, data } = await testBundle();
    const policy = await createPolicy({ module, data });
    const checkDecision = compileSchema(JSON.parse(read('schemas/decision.json')) as JsonObject);
    for (const annotations of [CLASS, INLINE, {}, { ...CLASS, 'env-A': 's#k' }]) {
      const body = JSON.stringify({ request: { operation: 'CREATE', namespace: 'shop', object: podOf(annotations) } });
      const decision = await policy.evaluate(new TextEncoder().encode(body), 'podgraft/decision');
      expect(checkDecision(decision as JsonObject)).toEqual([]);
    }
  });
});
