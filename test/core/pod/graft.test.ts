import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../core/index.ts';
import { applyPatch } from '../../../core/patch/apply.ts';
import { type Graft, type Grafted, graftPod } from '../../../core/pod/graft.ts';
import type { Piece, Rendered } from '../../../core/template/rendered.ts';
import { referenceGraft } from './reference-graft.ts';

const source = { file: 'template.yaml', line: 7, column: 3 };

const piece = (verb: Piece['verb'], path: string, value: JsonValue): Piece => ({
  verb,
  path: path.split('.'),
  value,
  source,
});

const graft = (rendered: Partial<Rendered>, system = 'one'): Graft => ({
  system,
  template: 'test',
  rendered: { order: { initContainers: 'last', containers: 'last' }, pod: [], containers: [], ...rendered },
});

const pod = (spec: JsonObject, annotations?: JsonObject): JsonObject => ({
  metadata: annotations === undefined ? {} : { annotations },
  spec: { containers: [{ name: 'app' }], ...spec },
});

const operations = (grafted: Grafted): readonly JsonObject[] => {
  if ('conflict' in grafted) {
    throw new Error(grafted.conflict.message);
  }
  return grafted.operations.map(({ operation }) => operation as unknown as JsonObject);
};

const message = (grafted: Grafted): string => ('conflict' in grafted ? grafted.conflict.message : '');

describe('graftPod, what it writes', () => {
  test('adds a list that the pod lacks once, whole', () => {
    const pieces = ['a', 'b'].map((name) => piece('add', 'spec.volumes', { name, emptyDir: {} }));
    expect(operations(graftPod(pod({}), [graft({ pod: pieces })]))).toEqual([
      {
        op: 'add',
        path: '/spec/volumes',
        value: [
          { name: 'a', emptyDir: {} },
          { name: 'b', emptyDir: {} },
        ],
      },
    ]);
  });

  test('appends to a list that is there, the empty one included', () => {
    const volume = piece('add', 'spec.volumes', { name: 'a', emptyDir: {} });
    expect(operations(graftPod(pod({ volumes: [] }), [graft({ pod: [volume] })]))).toEqual([
      { op: 'add', path: '/spec/volumes/-', value: { name: 'a', emptyDir: {} } },
    ]);
  });

  test('puts first items behind the first items of earlier injections', () => {
    const order = { initContainers: 'first', containers: 'last' } as const;
    const one = graft({ order, pod: [piece('add', 'spec.initContainers', { name: 'one' })] });
    const two = graft({ order, pod: [piece('add', 'spec.initContainers', { name: 'two' })] }, 'two');
    const own = pod({ initContainers: [{ name: 'own' }] });
    const names = applyPatch(own, operations(graftPod(own, [one, two]))) as {
      spec: { initContainers: { name: string }[] };
    };
    expect(names.spec.initContainers.map(({ name }) => name)).toEqual(['one', 'two', 'own']);
  });

  test('adds missing maps once, with everything that goes into them', () => {
    const pieces = [
      piece('set', 'metadata.annotations.a/b', '1'),
      piece('set', 'metadata.annotations.c~d', '2'),
      piece('set', 'metadata.annotations.__proto__', '3'),
    ];
    const [operation, ...rest] = operations(graftPod(pod({}), [graft({ pod: pieces })]));
    expect(rest).toEqual([]);
    expect(JSON.stringify(operation)).toBe(
      '{"op":"add","path":"/metadata/annotations","value":{"a/b":"1","c~d":"2","__proto__":"3"}}',
    );
  });

  test('escapes keys in pointers', () => {
    const pieces = [piece('set', 'metadata.annotations.a/b', '1')];
    expect(operations(graftPod(pod({}, { x: 'y' }), [graft({ pod: pieces })]))).toEqual([
      { op: 'add', path: '/metadata/annotations/a~1b', value: '1' },
    ]);
  });

  test('replaces one variable and leaves the others', () => {
    const own = pod({ containers: [{ name: 'app', env: [{ name: 'A', value: 'x' }, { name: 'B' }] }] });
    const pieces = [piece('set', 'env', { name: 'A', value: 'y' }), piece('set', 'env', { name: 'C', value: 'z' })];
    expect(operations(graftPod(own, [graft({ containers: [{ container: 'app', pieces, source }] })]))).toEqual([
      { op: 'replace', path: '/spec/containers/0/env/0', value: { name: 'A', value: 'y' } },
      { op: 'add', path: '/spec/containers/0/env/-', value: { name: 'C', value: 'z' } },
    ]);
  });

  test.each([
    ['x', 'z'],
    ['y', 'z'],
  ])('replaces the last of two variables of one name, %s and %s', (...values) => {
    const own = pod({ containers: [{ name: 'app', env: values.map((value) => ({ name: 'A', value })) }] });
    const pieces = [piece('set', 'env', { name: 'A', value: 'y' })];
    const grafted = graftPod(own, [graft({ containers: [{ container: 'app', pieces, source }] })]);
    expect(operations(grafted)).toEqual([
      { op: 'replace', path: '/spec/containers/0/env/1', value: { name: 'A', value: 'y' } },
    ]);
  });

  test('matches mounts with the pod, not with each other', () => {
    const pieces = ['/x', '/x/'].map((mountPath, index) =>
      piece('add', 'volumeMounts', { name: `v${index}`, mountPath }),
    );
    const blocks = graft({ containers: [{ container: 'app', pieces, source }] });
    const grafted = operations(graftPod(pod({}), [blocks]));
    expect(grafted).toMatchObject([{ value: [{ mountPath: '/x' }, { mountPath: '/x/' }] }]);
    expect(operations(graftPod(applyPatch(pod({}), grafted) as JsonObject, [blocks]))).toEqual([]);
  });

  test('names template, file and line of each operation', () => {
    const grafted = graftPod(pod({}), [graft({ pod: [piece('add', 'spec.volumes', { name: 'a', emptyDir: {} })] })]);
    expect(grafted).toMatchObject({ operations: [{ system: 'one', template: 'test', source }] });
  });
});

describe('graftPod, what it leaves', () => {
  test.each([
    [
      'a volume that the API server defaulted',
      'spec.volumes',
      { name: 'v', secret: { secretName: 's' } },
      {
        volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 420 } }],
      },
    ],
    [
      'a container whose image another webhook changed',
      'spec.containers',
      { name: 'x', image: 'a', args: ['1'] },
      {
        containers: [{ name: 'x', image: 'b', args: ['1'], imagePullPolicy: 'Always' }],
      },
    ],
  ])('%s', (_, path, value, spec) => {
    expect(operations(graftPod(pod(spec), [graft({ pod: [piece('add', path, value)] })]))).toEqual([]);
  });

  test('a mount whose path differs by a slash and by an explicit readOnly: false', () => {
    const own = pod({
      containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/x/', readOnly: false }] }],
    });
    const pieces = [piece('add', 'volumeMounts', { name: 'v', mountPath: '/x' })];
    expect(operations(graftPod(own, [graft({ containers: [{ container: 'app', pieces, source }] })]))).toEqual([]);
  });
});

describe('graftPod, what it refuses', () => {
  test.each([
    [
      'a volume with another source',
      'spec.volumes',
      { name: 'v', emptyDir: {} },
      { volumes: [{ name: 'v', hostPath: { path: '/' } }] },
      'volume "v"',
    ],
    [
      'a volume with two sources',
      'spec.volumes',
      { name: 'v', emptyDir: {} },
      { volumes: [{ name: 'v', emptyDir: {}, hostPath: {} }] },
      'volume "v"',
    ],
    ['a container of the pod', 'spec.containers', { name: 'app', args: ['x'] }, {}, 'container "app"'],
    [
      'a name that an init container has',
      'spec.containers',
      { name: 'i' },
      { initContainers: [{ name: 'i' }] },
      'container "i"',
    ],
    [
      'a name that an ephemeral container has',
      'spec.containers',
      { name: 'e' },
      { ephemeralContainers: [{ name: 'e' }] },
      'container "e"',
    ],
    [
      'a field with another value',
      'spec.runtimeClassName',
      'a',
      { runtimeClassName: 'b' },
      'the field /spec/runtimeClassName',
    ],
  ])('%s', (_, path, value, spec, what) => {
    const text = message(graftPod(pod(spec), [graft({ pod: [piece('add', path, value)] })]));
    expect(text).toBe(
      `one (template test, template.yaml:7) adds ${what}, but the pod already has it with another value`,
    );
  });

  test('two templates that set one place to different values, naming both', () => {
    const set = (value: string, system: string) => graft({ pod: [piece('set', 'metadata.labels.x', value)] }, system);
    expect(message(graftPod(pod({}), [set('1', 'one'), set('2', 'two')]))).toContain(
      'one (template test) already has it',
    );
    expect(operations(graftPod(pod({}), [set('1', 'one'), set('1', 'two')]))).toHaveLength(1);
  });

  test('what another injection adds differently, where the pod might have been changed by others', () => {
    const add = (image: string, system: string) =>
      graft({ pod: [piece('add', 'spec.containers', { name: 'x', image, args: ['1'] })] }, system);
    expect(message(graftPod(pod({}), [add('a', 'one'), add('b', 'two')]))).toBe(
      'two (template test, template.yaml:7) adds container "x", but one (template test) already has it with another value',
    );
    expect(operations(graftPod(pod({}), [add('a', 'one'), add('a', 'two')]))).toHaveLength(1);
  });

  test.each([
    ['command', 'command'],
    ['command', 'args'],
    ['args', 'command'],
  ])('a second injection that says what a container runs: %s, then %s', (first, second) => {
    const run = (field: string, system: string) =>
      graft({ containers: [{ container: 'app', pieces: [piece('set', field, ['x'])], source }] }, system);
    expect(message(graftPod(pod({}), [run(first, 'one'), run(second, 'two')]))).toBe(
      'two (template test, template.yaml:7) sets what the container "app" runs, but one (template test) does so already',
    );
    const other = graft({ containers: [{ container: 'b', pieces: [piece('set', second, ['x'])], source }] }, 'two');
    const own = pod({ containers: [{ name: 'app' }, { name: 'b' }] });
    expect(operations(graftPod(own, [run(first, 'one'), other]))).toHaveLength(2);
  });

  test('a container of its own that mounts two volumes at one path, which the API server would refuse', () => {
    const volumeMounts = ['v', 'w'].map((name) => ({ name, mountPath: '/x' }));
    const grafts = [graft({ pod: [piece('add', 'spec.containers', { name: 'n', volumeMounts })] })];
    expect(message(graftPod(pod({}), grafts))).toBe(
      'one (template test, template.yaml:7) adds container "n", but one (template test) mounts two volumes at /x there',
    );
  });

  test('two mounts at one path in a container of the pod, from one template or from two', () => {
    const mountAt = (name: string) => piece('add', 'volumeMounts', { name, mountPath: '/x' });
    const block = (pieces: readonly Piece[], system: string) =>
      graft({ containers: [{ container: 'app', pieces, source }] }, system);
    expect(message(graftPod(pod({}), [block([mountAt('v'), mountAt('w')], 'one')]))).toContain('adds mount "/x"');
    const two = [block([mountAt('v')], 'one'), block([mountAt('w')], 'two')];
    expect(message(graftPod(pod({}), two))).toContain('one (template test) already has it');
  });

  test('a block for a container that the pod lacks or has twice, as a fault of the policy', () => {
    const block = graft({ containers: [{ container: 'x', pieces: [], source }] });
    expect(() => graftPod(pod({}), [block])).toThrow('the pod has no container "x"');
    expect(() => graftPod(pod({ containers: [{ name: 'x' }, { name: 'x' }] }), [block])).toThrow('more than one');
  });
});

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e/f', 'g~h');
const volume = name.map((key) => ({ name: key, emptyDir: { medium: 'Memory' } }));
const mount = name.map((key) => ({ name: key, mountPath: `/${key}` }));
const variable = name.map((key) => ({ name: key, value: key }));
const container = (prefix: string) =>
  fc.record(
    {
      name: name.map((key) => `${prefix}-${key}`),
      env: fc.uniqueArray(variable, { selector: (item) => item.name }),
      volumeMounts: fc.uniqueArray(mount, { selector: (item) => item.mountPath }),
    },
    { requiredKeys: ['name'] },
  );
const unique = <T extends { name: string }>(item: fc.Arbitrary<T>) =>
  fc.uniqueArray(item, { selector: ({ name: key }) => key, maxLength: 4 });

const anyPod = fc.record({
  metadata: fc.record(
    { annotations: fc.dictionary(name, fc.string()), labels: fc.dictionary(name, fc.string()) },
    { requiredKeys: [] },
  ),
  spec: fc.record(
    { containers: unique(container('own')), initContainers: unique(container('init')), volumes: unique(volume) },
    { requiredKeys: ['containers'] },
  ),
});

const placement = fc.constantFrom('first' as const, 'last' as const);
const podPiece = fc.oneof(
  volume.map((value) => piece('add', 'spec.volumes', value)),
  container('new').map((value) => piece('add', 'spec.containers', value as JsonObject)),
  container('newinit').map((value) => piece('add', 'spec.initContainers', value as JsonObject)),
  fc.tuple(name, fc.constantFrom('annotations', 'labels')).map(([key, map]) => ({
    ...piece('set', `metadata.${map}.x`, key),
    path: ['metadata', map, key],
  })),
  fc.constant(piece('set', 'spec.shareProcessNamespace', true)),
);
const containerPiece = fc.oneof(
  mount.map((value) => piece('add', 'volumeMounts', value)),
  variable.map((value) => piece('set', 'env', value)),
  fc.constant(piece('set', 'args', ['x'])),
  fc.constant(piece('set', 'lifecycle.preStop', { exec: { command: ['y'] } })),
);

const podWithGrafts = anyPod.chain((own) => {
  const names = [...own.spec.containers, ...(own.spec.initContainers ?? [])].map((item) => item.name);
  const block =
    names.length === 0
      ? fc.constant([])
      : fc.array(
          fc.record({
            container: fc.constantFrom(...names),
            pieces: fc.array(containerPiece),
            source: fc.constant(source),
          }),
          { maxLength: 3 },
        );
  const one = (system: string) =>
    fc
      .record({
        order: fc.record({ initContainers: placement, containers: placement }),
        pod: fc.array(podPiece),
        containers: block,
      })
      .map((rendered) => graft(rendered, system));
  return fc.tuple(fc.constant(own as unknown as JsonObject), fc.tuple(one('one'), one('two')));
});

describe('graftPod, its laws over generated pods and templates', () => {
  test('the operations, applied, give the grafted pod; the pod itself stays as it was', () => {
    fc.assert(
      fc.property(podWithGrafts, ([own, grafts]) => {
        const before = JSON.stringify(own);
        const grafted = graftPod(own, grafts);
        fc.pre(!('conflict' in grafted));
        expect(applyPatch(own, operations(grafted))).toEqual(referenceGraft(own, grafts));
        expect(JSON.stringify(own)).toBe(before);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test('grafting the grafted pod changes nothing', () => {
    fc.assert(
      fc.property(podWithGrafts, ([own, grafts]) => {
        const grafted = graftPod(own, grafts);
        fc.pre(!('conflict' in grafted));
        const again = applyPatch(own, operations(grafted)) as JsonObject;
        expect(operations(graftPod(again, grafts))).toEqual([]);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });
});
