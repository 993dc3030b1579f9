import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../../core/json.ts';
import { resolveNulls } from '../../../core/k8s/nulls.ts';
import { checkPodShape } from '../../../core/k8s/shape.ts';

const wrong = 'json: cannot unmarshal';
const pod = (spec: unknown, metadata: unknown = { name: 'p' }): JsonObject =>
  JSON.parse(JSON.stringify({ metadata, spec }));
const container = (fields: object): JsonObject =>
  pod({
    containers: [
      { name: 'a', image: 'i' },
      { name: 'b', ...fields },
    ],
  });

describe('a wrong type is named in the words of Kubernetes, with its place', () => {
  test.each<[string, JsonObject, string]>([
    [
      'an annotation',
      pod({}, { annotations: { fine: '', 'a/b~c': true } }),
      `${wrong} bool into Go struct field ObjectMeta.metadata.annotations of type string (/metadata/annotations/a~1b~0c)`,
    ],
    [
      'containers that are an object',
      pod({ containers: { name: 'x' } }),
      `${wrong} object into Go struct field PodSpec.spec.containers of type []v1.Container (/spec/containers)`,
    ],
    [
      'metadata',
      { metadata: [] },
      `${wrong} array into Go struct field Pod.metadata of type v1.ObjectMeta (/metadata)`,
    ],
    ['spec', { spec: 'x' }, `${wrong} string into Go struct field Pod.spec of type v1.PodSpec (/spec)`],
    [
      'labels',
      pod({}, { labels: 'x' }),
      `${wrong} string into Go struct field ObjectMeta.metadata.labels of type map[string]string (/metadata/labels)`,
    ],
    [
      'a label',
      pod({}, { labels: { a: 1 } }),
      `${wrong} number into Go struct field ObjectMeta.metadata.labels of type string (/metadata/labels/a)`,
    ],
    [
      'a name',
      pod({}, { name: 7 }),
      `${wrong} number into Go struct field ObjectMeta.metadata.name of type string (/metadata/name)`,
    ],
    [
      'a variable',
      container({ env: [{ name: 'A' }, { name: 'B', value: 5 }] }),
      `${wrong} number into Go struct field EnvVar.spec.containers.env.value of type string (/spec/containers/1/env/1/value)`,
    ],
    [
      'an item that is null',
      pod({ containers: [null] }),
      `${wrong} null into Go struct field PodSpec.spec.containers of type v1.Container (/spec/containers/0)`,
    ],
    [
      'an annotation that is null',
      pod({}, { annotations: { a: null } }),
      `${wrong} null into Go struct field ObjectMeta.metadata.annotations of type string (/metadata/annotations/a)`,
    ],
  ])('%s', (_name, value, message) => {
    expect(checkPodShape(value)).toBe(message);
  });
});

describe('whatever the systems read has its type', () => {
  const expectRefused = (value: JsonObject, place: string): void => {
    const message = checkPodShape(value);
    expect(message).toMatch(/^json: cannot unmarshal /);
    expect(message?.endsWith(`(${place})`), message).toBe(true);
  };

  test.each([
    ['command', 'x'],
    ['command/0', [1]],
    ['args/1', ['a', {}]],
    ['image', 1],
    ['name', false],
    ['env', {}],
    ['env/0', ['A=B']],
    ['env/0/name', [{ name: 1 }]],
    ['env/0/valueFrom', [{ name: 'A', valueFrom: 'x' }]],
    ['env/0/valueFrom/secretKeyRef', [{ name: 'A', valueFrom: { secretKeyRef: [] } }]],
    ['env/0/valueFrom/secretKeyRef/key', [{ name: 'A', valueFrom: { secretKeyRef: { key: 0 } } }]],
    ['envFrom/0/prefix', [{ prefix: 1 }]],
    ['envFrom/0/configMapRef', [{ configMapRef: 'x' }]],
    ['volumeMounts/0/mountPath', [{ name: 'v', mountPath: {} }]],
    ['volumeMounts/0/readOnly', [{ name: 'v', readOnly: 'true' }]],
    ['ports/0/containerPort', [{ containerPort: '80' }]],
    ['ports/0/containerPort', [{ containerPort: 80.5 }]],
    ['securityContext', true],
    ['securityContext/runAsUser', { runAsUser: '100' }],
    ['securityContext/capabilities/drop', { capabilities: { drop: 'ALL' } }],
    ['livenessProbe/exec/command', { exec: { command: 'true' } }],
    ['readinessProbe/httpGet/port', { httpGet: { port: true } }],
    ['lifecycle/preStop/exec', { preStop: { exec: [] } }],
    ['resources/limits/cpu', { limits: { cpu: true } }],
    ['resources/limits', { limits: [] }],
    ['restartPolicy', 1],
    ['image', null],
    ['name', null],
    ['stdin', null],
    ['command/0', [null]],
  ])('containers: %s', (place, value) => {
    const [field = '', ...rest] = place.split('/');
    const tail = [field, ...rest].join('/');
    expectRefused(container({ [field]: value }), `/spec/containers/1/${tail}`);
    expectRefused(pod({ initContainers: [{ name: 'b', [field]: value }] }), `/spec/initContainers/0/${tail}`);
    expectRefused(pod({ ephemeralContainers: [{ name: 'b', [field]: value }] }), `/spec/ephemeralContainers/0/${tail}`);
  });

  test.each([
    ['volumes', {}],
    ['volumes/0', ['v']],
    ['volumes/0/name', [{ name: 1 }]],
    ['volumes/0/projected/sources', [{ name: 'v', projected: { sources: {} } }]],
    [
      'volumes/0/projected/sources/0/serviceAccountToken/path',
      [{ projected: { sources: [{ serviceAccountToken: { path: 1 } }] } }],
    ],
    ['volumes/0/csi/volumeAttributes/a', [{ csi: { volumeAttributes: { a: 1 } } }]],
    ['serviceAccountName', 1],
    ['serviceAccountName', null],
    ['automountServiceAccountToken', 'false'],
    ['shareProcessNamespace', 'yes'],
    ['securityContext/runAsUser', { runAsUser: {} }],
    ['imagePullSecrets/0/name', [{ name: 1 }]],
    ['restartPolicy', true],
    ['terminationGracePeriodSeconds', '30'],
    ['terminationGracePeriodSeconds', null],
    ['nodeSelector/a', { a: true }],
  ])('spec: %s', (place, value) => {
    expectRefused(pod({ [place.split('/')[0] ?? '']: value }), `/spec/${place}`);
  });

  test.each<[string, JsonObject]>([
    ['/status', { status: [] }],
    ['/status/phase', { status: { phase: 1 } }],
    ['/metadata/generateName', { metadata: { generateName: 1 } }],
    ['/metadata/namespace', { metadata: { namespace: {} } }],
    ['/metadata/ownerReferences', { metadata: { ownerReferences: 1 } }],
    ['/kind', { kind: 1 }],
  ])('%s', (place, value) => {
    expectRefused(value, place);
  });
});

describe('what Kubernetes accepts passes', () => {
  test.each<[string, unknown]>([
    ['nothing', {}],
    [
      'null objects, maps, lists and times',
      {
        metadata: { annotations: null, labels: null, creationTimestamp: null },
        spec: { containers: null, volumes: null, securityContext: null },
        status: null,
      },
    ],
    [
      'nulls that Kubernetes itself writes',
      { spec: { containers: [{ name: 'a', livenessProbe: { grpc: { port: 1, service: null } } }] } },
    ],
    ['null metadata and spec', { metadata: null, spec: null }],
    [
      'fields it does not know',
      { extra: 1, spec: { nonsense: {}, containers: [{ name: 'a', nope: [] }] }, status: { conditions: 7 } },
    ],
    ['free-form parts', { metadata: { managedFields: [{ fieldsV1: { 'f:spec': 1 } }] } }],
    [
      'quantities as numbers',
      { spec: { containers: [{ name: 'a', resources: { limits: { cpu: 2, memory: '1Gi' } } }] } },
    ],
    [
      'keys with a meaning to JavaScript',
      JSON.parse('{"__proto__":{"spec":1},"metadata":{"annotations":{"__proto__":"x","constructor":"y"}}}'),
    ],
  ])('%s', (_name, value) => {
    expect(checkPodShape(value as JsonObject)).toBeUndefined();
  });

  test('a special key is checked like any other', () => {
    const value = JSON.parse('{"metadata":{"annotations":{"__proto__":1}}}') as JsonObject;
    expect(checkPodShape(value)).toContain('(/metadata/annotations/__proto__)');
  });

  test('golden pods', () => {
    const root = new URL('../../golden/vault-k8s/', import.meta.url);
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(100);
    const refused = files.filter((file) => {
      const { request, podAfter } = parse(readFileSync(new URL(file, root), 'utf8')) as Record<string, JsonObject>;
      const after = typeof podAfter === 'object' ? podAfter : {};
      return (
        checkPodShape((request?.['object'] ?? {}) as JsonObject) !== undefined || checkPodShape(after) !== undefined
      );
    });
    expect(refused.sort()).toEqual(['refusals/annotation-not-text.yaml', 'refusals/object-wrong-types.yaml']);
  });
});

describe('resolveNulls', () => {
  test('a pod without nulls is returned itself', () => {
    const value = container({ env: [{ name: 'A', value: '' }], resources: { limits: { cpu: '1' } } });
    expect(resolveNulls(value)).toBe(value);
  });

  test('nulls are read as the API server reads them', () => {
    const value = JSON.parse(
      '{"metadata":{"creationTimestamp":null,"annotations":{"a":null,"__proto__":null}},"x":null,"status":{"y":null},"spec":{"volumes":null,"containers":[null,{"name":"a","image":null,"command":[null,"b"],"resources":{"limits":{"cpu":null}},"nope":[null]}]}}',
    ) as JsonObject;
    const resolved = resolveNulls(value);
    expect(JSON.stringify(resolved)).toBe(
      '{"metadata":{"annotations":{"a":"","__proto__":""}},"status":{"y":null},"spec":{"containers":[{},{"name":"a","command":["","b"],"resources":{"limits":{"cpu":"0"}},"nope":[null]}]}}',
    );
    expect(checkPodShape(resolved)).toBeUndefined();
  });

  test('wrong types are left for the check', () => {
    const value = pod({ containers: { a: null }, volumes: 'x' }, { annotations: [null] });
    expect(checkPodShape(resolveNulls(value))).toContain('metadata.annotations');
  });
});
