import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../core/template/compile.ts';
import { faultOf, pieces, refusal, render, templateText } from './template-text.ts';

const PARAMETERS = `
parameters:
  type: object
  additionalProperties: false
  properties:
    name: {type: string, default: vault}
    first: {type: boolean, default: false}
    side: {enum: [first, last]}
    env: {type: array, items: {type: object, required: [name, value], properties: {name: {type: string}, value: {type: string}}}}
    resources: {$ref: podgraft/resources}
    marks: {type: object, additionalProperties: {type: string}}
    wrap:
      type: object
      additionalProperties:
        type: object
        required: [path]
        properties: {path: {type: string}, hook: {type: boolean}}
`;

const renderSections = (sections: string, parameters: Parameters<typeof render>[1] = {}) =>
  render(`${PARAMETERS.trim()}\n${sections.trim()}`, parameters);

describe('pieces of the pod', () => {
  test('lists that are matched by a key are taken apart, all other lists are one value', () => {
    const rendered = renderSections(`
pod:
  add:
    spec:
      volumes:
        - {name: a, emptyDir: {}}
        - {$if: first, then: {name: b, emptyDir: {}}}
      imagePullSecrets: [{name: x}, {name: y}]
      tolerations: []
      nodeSelector: {}
    metadata:
      labels: {l: m}
`);
    expect(pieces(rendered)).toEqual([
      ['add', 'spec.volumes', { name: 'a', emptyDir: {} }],
      ['add', 'spec.imagePullSecrets', [{ name: 'x' }, { name: 'y' }]],
      ['add', 'spec.tolerations', []],
      ['add', 'spec.nodeSelector', {}],
      ['add', 'metadata.labels.l', 'm'],
    ]);
  });

  test('set comes before add, and absent members leave no piece', () => {
    const rendered = renderSections(
      `
pod:
  add: {metadata: {annotations: {b: x}}, spec: {dnsConfig: {$if: first, then: {nameservers: [a]}}}}
  set: {metadata: {annotations: {a: {$eval: side}, c: y}}}
`,
      { first: false },
    );
    expect(pieces(rendered)).toEqual([
      ['set', 'metadata.annotations.c', 'y'],
      ['add', 'metadata.annotations.b', 'x'],
    ]);
  });

  test('what a parameter hands on is taken apart like what is written', () => {
    const rendered = renderSections(
      `
pod:
  set: {metadata: {annotations: {$eval: marks}}}
  add: {spec: {resources: {$eval: resources}}}
`,
      { marks: JSON.parse('{"a/b": "1", "__proto__": "2"}'), resources: { limits: { cpu: '0.5' }, requests: {} } },
    );
    expect(rendered.pod.map(({ verb, path, value }) => [verb, path, value])).toEqual([
      ['set', ['metadata', 'annotations', 'a/b'], '1'],
      ['set', ['metadata', 'annotations', '__proto__'], '2'],
      ['add', ['spec', 'resources', 'limits', 'cpu'], '500m'],
      ['add', ['spec', 'resources', 'requests'], {}],
    ]);
  });

  test('a piece knows the line it came from, that of the fragment included', () => {
    const rendered = renderSections(`
pod:
  add:
    spec:
      volumes:
        - {name: a, emptyDir: {}}
        - {$use: volume}
fragments:
  volume:
    name: b
    emptyDir: {}
`);
    const text = templateText(`${PARAMETERS.trim()}\n`).split('\n').length;
    expect(rendered.pod.map(({ source }) => source)).toEqual([
      { file: 'test.yaml', line: text + 4, column: 13 },
      { file: 'test.yaml', line: text + 7, column: 5 },
    ]);
  });
});

describe('containers blocks', () => {
  const sections = `
containers:
  - each: wrap
    as: c
    set:
      command: ["/opt/\${name2}/run"]
      lifecycle: {$if: c.hook, then: {postStart: {exec: {command: [a]}}, preStop: {sleep: {seconds: 5}}}}
      livenessProbe: {exec: {command: [b]}}
    add:
      env:
        $flatten:
          - [{name: P, value: "\${c.path}"}]
          - {$eval: env}
      volumeMounts: [{name: v, mountPath: /v}]
`.replace('${name2}', 'x');

  test('one graft a container, set before add, items of lists one by one', () => {
    const rendered = renderSections(sections, {
      wrap: { web: { path: '/a', hook: true }, '1': { path: '/b' } },
      env: [{ name: 'Q', value: 'q' }],
    });
    expect(rendered.containers.map(({ container }) => container).sort()).toEqual(['1', 'web']);
    const web = rendered.containers.find(({ container }) => container === 'web');
    expect(web?.pieces.map(({ verb, path, value }) => [verb, path.join('.'), value])).toEqual([
      ['set', 'command', ['/opt/x/run']],
      ['set', 'lifecycle.postStart', { exec: { command: ['a'] } }],
      ['set', 'lifecycle.preStop', { sleep: { seconds: 5 } }],
      ['set', 'livenessProbe.exec.command', ['b']],
      ['add', 'env', { name: 'P', value: '/a' }],
      ['add', 'env', { name: 'Q', value: 'q' }],
      ['add', 'volumeMounts', { name: 'v', mountPath: '/v' }],
    ]);
    const other = rendered.containers.find(({ container }) => container === '1');
    expect(other?.pieces.some(({ path }) => path[0] === 'lifecycle')).toBe(false);
  });

  test('no parameter, no graft', () => {
    expect(renderSections(sections).containers).toEqual([]);
  });

  test('a container called __proto__ is a container', () => {
    const rendered = renderSections(sections, { wrap: JSON.parse('{"__proto__": {"path": "/p"}}') });
    expect(rendered.containers.map(({ container }) => container)).toEqual(['__proto__']);
    expect(rendered.containers[0]?.pieces).toContainEqual(
      expect.objectContaining({ path: ['env'], value: { name: 'P', value: '/p' } }),
    );
  });
});

describe('order', () => {
  test.each([
    ['', 'last', 'last'],
    ['order: {initContainers: first}', 'first', 'last'],
    ['order: {containers: {$if: first, then: last, else: first}}', 'last', 'first'],
    ['order: {containers: {$eval: side}}', 'last', 'last'],
  ])('%s', (sections, initContainers, containers) => {
    expect(renderSections(sections).order).toEqual({ initContainers, containers });
  });
});

describe('a document is refused', () => {
  const valid = templateText(`${PARAMETERS.trim()}\n`);
  test.each<[string, string, string, RegExp]>([
    ['a list', '@@- a', 'form', /the file is not a map/],
    ['an unknown key', `@@status: {}\n${valid}`, 'form', /"status" is not known here/],
    [
      'another kind',
      valid.replace('kind: InjectionTemplate', '@@kind: Template'),
      'form',
      /kind is not InjectionTemplate/,
    ],
    ['another version', valid.replace('apiVersion: podgraft.dev/v1alpha1', '@@apiVersion: v2'), 'form', /apiVersion/],
    ['a bad name', valid.replace('{name: example}', '{@@name: Example}'), 'form', /DNS label/],
    ['metadata beside the name', valid.replace('{name: example}', '{name: example, @@labels: {}}'), 'form', /"labels"/],
    [
      'no spec',
      '@@apiVersion: podgraft.dev/v1alpha1\nkind: InjectionTemplate\nmetadata: {name: x}\n',
      'form',
      /spec is not a map/,
    ],
    ['an unknown section', `${valid}  @@pods: {}`, 'form', /"pods" is not known here; known are parameters/],
    ['an unknown verb', `${valid}  pod: {@@remove: {}}`, 'form', /"remove"/],
    ['an unknown list to order', `${valid}  order: {@@volumes: first}`, 'form', /"volumes"/],
    ['an order that is neither', `${valid}  order: {@@containers: middle}`, 'form', /first or last/],
    ['an order that may be anything', `${valid}  order: {@@containers: {$eval: name}}`, 'form', /first or last/],
    ['containers that are a map', `${valid}  @@containers: {}`, 'form', /not a list of blocks/],
    ['a block that is a text', `${valid}  containers: [@@x]`, 'form', /a block is/],
    ['an unknown key of a block', `${valid}  containers: [{each: wrap, as: c, @@merge: {}}]`, 'form', /"merge"/],
    ['each that is no map', `${valid}  containers: [{@@each: name, as: c}]`, 'form', /each names no map/],
    [
      'each that is closed',
      `${valid.replace('      wrap:', '      other: {type: object, properties: {a: {type: string}}}\n      wrap:')}  containers: [{@@each: other, as: c}]`,
      'form',
      /each names no map/,
    ],
    ['as that is taken', `${valid}  containers: [{each: wrap, @@as: name}]`, 'form', /as is a new name/],
    ['as that is missing', `${valid}  containers: [@@{each: wrap}]`, 'form', /as is a new name/],
    ['a fragment that nothing uses', `${valid}  fragments: {@@a: 1}`, 'form', /nothing uses the fragment "a"/],
    ['fragments that are a list', `${valid}  @@fragments: []`, 'form', /not a map/],
    [
      'a hole in a fragment, at the fragment',
      `${valid}  fragments:\n    a:\n      b: [{@@$eval: nope}]\n  pod: {add: {metadata: {annotations: {x: {$json: {$use: a}}}}}}`,
      'path',
      /"nope" is not declared/,
    ],
    ['YAML that is broken', `${valid}  pod: {add: @@&x {}}`.replace('&x {}', '&x {}'), 'yaml', /anchors/],
  ])('%s', (_, text, code, message) => {
    const { fault, line, column } = refusal(text);
    expect(fault.message).toMatch(message);
    expect(fault.code).toBe(`template.${code}`);
    expect(fault.at).toMatchObject({ file: 'test.yaml', line });
    expect(Math.abs((fault.at?.column ?? 0) - column)).toBeLessThanOrEqual(code === 'yaml' ? 3 : 0);
  });
});

describe('a template', () => {
  test('says its name, file and the schema of its parameters', () => {
    const template = compileTemplate('a/b.yaml', templateText(PARAMETERS.trim()));
    expect(template).toMatchObject({ name: 'example', file: 'a/b.yaml' });
    expect(template.parameters.schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(JSON.stringify(template.parameters.schema)).not.toContain('$ref');
  });

  test('renders again and again, and alike', () => {
    const template = compileTemplate(
      't',
      templateText(`${PARAMETERS.trim()}\npod: {add: {metadata: {labels: {a: {$eval: name}}}}}`),
    );
    const bound = template.bind({});
    expect(pieces(bound.render({ name: 'x' }))).toEqual([['add', 'metadata.labels.a', 'x']]);
    expect(pieces(bound.render({}))).toEqual([['add', 'metadata.labels.a', 'vault']]);
    expect(pieces(bound.render({ name: null }))).toEqual([]);
    expect(pieces(template.bind({ name: 'y' }).render({}))).toEqual([['add', 'metadata.labels.a', 'y']]);
  });

  test('a parameter that is required and missing is a fault', () => {
    const text = PARAMETERS.replace(
      'additionalProperties: false',
      'additionalProperties: false\n  required: [side, name]',
    );
    const template = compileTemplate('t', templateText(text.trim()));
    expect(template.bind({ side: 'last' }).render({}).pod).toEqual([]);
    expect(faultOf(() => template.bind({}).render({}))).toMatchObject({
      code: 'template.parameter',
      message: 'the parameter /side of example is required and missing',
      at: { file: 't', pointer: '/side' },
    });
    expect(faultOf(() => template.bind({ side: 'last' }).render({ name: null })).at).toMatchObject({
      pointer: '/name',
    });
  });
});
