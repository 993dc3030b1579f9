import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../core/json.ts';
import { closeExpansion, escapeExpansions } from '../../../core/template/escape.ts';
import { render } from './template-text.ts';

/** What the kubelet makes of a text, as k8s.io/kubernetes/third_party/forked/golang/expansion does. */
const expand = (text: string, variables: JsonObject = {}): string =>
  text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (found: string, name: string | undefined) =>
    name === undefined ? '$' : String(variables[name] ?? found),
  );

const tricky = fc.string({ unit: fc.constantFrom('$', '(', ')', 'A', '{'), maxLength: 8 });

describe('escaping', () => {
  test.each([
    ['$(A)', '$$(A)'],
    ['$$(A)', '$$$$(A)'],
    ['a$$b', 'a$$b'],
    ['p$w(d', 'p$w(d'],
    ['$', '$'],
  ])('%s is written %s', (text, written) => {
    expect(escapeExpansions(text)).toBe(written);
  });

  test('no text reads a variable', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        expect(expand(escapeExpansions(text), { A: 'SECRET', '': 'SECRET' })).not.toContain('SECRET');
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  test('two texts in a row read no variable', () => {
    fc.assert(
      fc.property(tricky, tricky, (one, two) => {
        const text = closeExpansion(escapeExpansions(one)) + escapeExpansions(two);
        expect(expand(text, { A: 'SECRET', '': 'SECRET' })).not.toContain('SECRET');
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  test('a text without runs of $ comes out as it went in', () => {
    fc.assert(
      fc.property(
        tricky.filter((text) => !/\$\$(?!\$*\()/.test(text)),
        (text) => {
          expect(expand(escapeExpansions(text), { A: 'SECRET' })).toBe(text);
        },
      ),
      { seed: 3, numRuns: 2_000 },
    );
  });
});

describe('$( in what a parameter gives', () => {
  const spec = `
parameters:
  type: object
  additionalProperties: false
  required: [text, own, list, owns, env, given, each]
  properties:
    text: {type: string}
    own: {type: string, format: kubelet}
    list: {type: array, items: {type: string}}
    owns: {type: array, items: {type: string, format: kubelet}}
    env: {type: array, items: {type: object, required: [name], properties: {name: {type: string}, value: {type: string}}}}
    given: {type: array, items: {$ref: podgraft/envVar}}
    each: {type: object, additionalProperties: {type: object, required: [args], properties: {args: {type: array, items: {type: string}}}}}
    map: {type: object, additionalProperties: {type: string}}
pod:
  set: {metadata: {annotations: {text: "\${text}"}}}
  add:
    spec:
      volumes: [{name: v, configMap: {name: "\${text}"}}]
      containers:
        - name: x
          image: \${text}
          command: {$flatten: [[run, "$(CONST) \${text}", "\${own}", {$words: ["\${text}", {$eval: text}]}], {$eval: list}, {$map: {$eval: list}, each(x): {$eval: x}}]}
          args: {$flatten: [{$eval: owns}, [{$json: {"a$(K)": "\${text}", m: {$eval: map}}}, {$base64: "\${text}"}, {$if: text, then: "\${text}\${own}\${text}(B)"}]]}
          env:
            $flatten:
              - [{name: A, value: "\${text}"}, {name: B, value: {$eval: own}}, {name: "\${text}", value: "$(A)"}]
              - {$eval: env}
              - {$eval: given}
          livenessProbe: {exec: {command: [run, "\${text}"]}}
          lifecycle: {preStop: {exec: {command: [run, "\${text}"]}}}
          workingDir: \${text}
containers:
  - each: each
    as: c
    set: {command: [run], args: {$eval: c.args}}
    add: {env: [{name: T, value: "\${text}"}]}
`;
  const rendered = render(spec, {
    text: '$(T)',
    own: '$(O)',
    list: ['$(L)', '$'],
    owns: ['$(S)'],
    env: [{ name: '$(N)', value: '$(V)' }, { name: 'n' }],
    given: [{ name: 'g', value: '$(G)' }],
    each: { app: { args: ['$(E)'] } },
    map: { '$(M)': '$(M)' },
  });
  const container = rendered.pod.find(({ path }) => path.at(-1) === 'containers')?.value as JsonObject;

  test('is doubled in command, args and the commands of probes', () => {
    expect(container['command']).toEqual(['run', '$(CONST) $$(T)', '$(O)', '$$(T) $$(T)', '$$(L)', '$', '$$(L)', '$']);
    expect(container['livenessProbe']).toEqual({ exec: { command: ['run', '$$(T)'] } });
    expect(rendered.containers[0]?.pieces[1]).toMatchObject({ path: ['args'], value: ['$$(E)'] });
  });

  test('is doubled in JSON, keys included, and not below base64', () => {
    expect(container['args']).toEqual([
      '$(S)',
      '{"a$(K)":"$$(T)","m":{"$$(M)":"$$(M)"}}',
      btoa('$(T)'),
      '$$(T)$(O)$$(T)(B)',
    ]);
  });

  test('is doubled in the values of variables only, and not in those of the pod', () => {
    expect(container['env']).toEqual([
      { name: 'A', value: '$$(T)' },
      { name: 'B', value: '$(O)' },
      { name: '$(T)', value: '$(A)' },
      { name: '$(N)', value: '$$(V)' },
      { name: 'n' },
      { name: 'g', value: '$(G)' },
    ]);
    expect(rendered.containers[0]?.pieces[2]).toMatchObject({ path: ['env'], value: { name: 'T', value: '$$(T)' } });
  });

  test('stays where the kubelet expands nothing', () => {
    expect(container['lifecycle']).toEqual({ preStop: { exec: { command: ['run', '$(T)'] } } });
    expect(container['workingDir']).toBe('$(T)');
    expect(container['image']).toBe('$(T)');
    expect(rendered.pod[0]).toMatchObject({ path: ['metadata', 'annotations', 'text'], value: '$(T)' });
  });
});

test('a hole that ends in $ does not open what follows it', () => {
  const spec = `
parameters:
  type: object
  additionalProperties: false
  required: [a, b]
  properties: {a: {type: string}, b: {type: string}}
pod: {add: {spec: {containers: [{name: x, env: [{name: E, value: "\${a}(HOME) \${a}\${b} \${a}"}]}]}}}
`;
  const piece = render(spec, { a: '$', b: '(HOME)' }).pod[0];
  const value = JSON.stringify(piece?.value);
  expect(value).toContain('"$$(HOME) $$(HOME) $"');
  expect(expand('$$(HOME) $$(HOME) $', { HOME: 'SECRET' })).toBe('$(HOME) $(HOME) $');
});
