import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { evaluator, yaml } from './evaluate.ts';
import { faultOf, refusal, render, templateText } from './template-text.ts';

const accepts = (schema: string, value: JsonValue): JsonValue | undefined => {
  const run = evaluator({ $eval: 'p' }, { properties: yaml(`p: ${schema}`) });
  return run({ p: value });
};

describe('a value is refused', () => {
  test.each<[string, string, JsonValue, string, RegExp]>([
    ['of another type', '{type: string}', 1, '/p', /string/],
    ['null inside', '{type: array, items: {type: string}}', [null], '/p/0', /string/],
    ['not in the enum', '{enum: [a, b]}', 'c', '/p', /\["a","b"\]/],
    ['not the constant', '{const: true}', false, '/p', /true/],
    ['too small', '{type: integer, minimum: 1}', 0, '/p', /./],
    ['not whole', '{type: integer}', 1.5, '/p', /./],
    ['too long', '{type: string, maxLength: 2}', 'abc', '/p', /./],
    ['too short', '{type: string, minLength: 1}', '', '/p', /./],
    ['off the pattern', '{type: string, pattern: ^a$}', 'b', '/p', /./],
    [
      'an undeclared key',
      '{type: object, properties: {a: {type: string}}}',
      { 'b/~c': 1 },
      '/p/b~1~0c',
      /is not declared/,
    ],
    [
      'a key __proto__',
      '{type: object, properties: {a: {type: string}}}',
      JSON.parse('{"__proto__": 1}'),
      '/p/__proto__',
      /is not declared/,
    ],
    [
      'a key constructor',
      '{type: object, properties: {a: {type: string}}}',
      { constructor: 1 },
      '/p/constructor',
      /is not declared/,
    ],
    ['a missing key', '{type: object, required: [a], properties: {a: {type: string}}}', {}, '/p', /"a"/],
    [
      'deep inside',
      '{type: object, additionalProperties: {type: array, items: {type: object, required: [n], properties: {n: {type: integer}}}}}',
      { x: [{ n: 1 }, { n: 'a' }] },
      '/p/x/1/n',
      /./,
    ],
    [
      'a key that is no Unicode',
      '{type: object, additionalProperties: {type: string}}',
      { '\ud800': 1 },
      '/p',
      /Unicode/,
    ],
    ['no shell word', '{type: string, format: shell-word}', 'a b', '/p', /./],
    ['a line break in a shell word', '{type: string, format: shell-word}', 'a\n', '/p', /./],
    ['a shell word off its pattern', '{type: string, format: shell-word, pattern: ^a}', 'b', '/p', /./],
    ['no quantity', '{type: string, format: quantity}', '1 Gi', '/p', /no Kubernetes quantity/],
    [
      'no quantity, deep inside',
      '{$ref: podgraft/resources}',
      { limits: { cpu: 'x' } },
      '/p/limits/cpu',
      /no Kubernetes quantity/,
    ],
    ['a mount without a path', '{$ref: podgraft/volumeMount}', { name: 'a' }, '/p', /"mountPath"/],
    [
      'a mount with more',
      '{$ref: podgraft/volumeMount}',
      { name: 'a', mountPath: '/', hostPath: '/' },
      '/p/hostPath',
      /not declared/,
    ],
    ['too few items', '{type: array, items: {type: string}, minItems: 1}', [], '/p', /./],
    ['doubled items', '{type: array, items: {type: string}, uniqueItems: true}', ['a', 'a'], '/p', /./],
    [
      'a bad key',
      '{type: object, additionalProperties: {type: string}, propertyNames: {pattern: ^a}}',
      { b: '' },
      '/p',
      /./,
    ],
  ])('%s', (_, schema, value, pointer, message) => {
    const fault = faultOf(() => accepts(schema, value));
    expect(fault.code).toBe('template.parameter');
    expect(fault.message).toMatch(message);
    expect(fault.message).toContain(`the parameter ${pointer} of value`);
    expect(fault.at).toMatchObject({ file: 'value.yaml', pointer });
  });

  test('an undeclared parameter', () => {
    for (const name of ['q', '__proto__', 'toString']) {
      const run = evaluator({ $eval: 'p' }, { properties: { p: { type: 'string' } } });
      const fault = faultOf(() => run(JSON.parse(`{"${name}": 1}`)));
      expect(fault.message).toBe(`the parameter /${name} of value is not declared`);
    }
  });

  test('the fault does not repeat the value', () => {
    for (const schema of [
      '{type: integer}',
      '{enum: [a]}',
      '{type: string, maxLength: 1}',
      '{type: string, format: quantity}',
    ]) {
      expect(faultOf(() => accepts(schema, 's3cret')).message).not.toContain('s3cret');
    }
  });
});

describe('a value is taken', () => {
  test.each<[string, string, JsonValue, JsonValue?]>([
    ['of several types', '{type: [string, integer]}', 1],
    ['an empty shell word', '{type: string, format: shell-word}', ''],
    ['a shell word', '{type: string, format: shell-word}', 'aZ09_./@%+=:,-'],
    ['a text beyond the basic plane', '{type: string, maxLength: 1}', '\u{1F600}'],
    ['a quantity, made canonical', '{type: string, format: quantity}', '1024Mi', '1Gi'],
    [
      'quantities of resources',
      '{$ref: podgraft/resources}',
      { limits: { cpu: '0.5', memory: '64Mi' }, claims: [{ name: 'a' }] },
      { limits: { cpu: '500m', memory: '64Mi' }, claims: [{ name: 'a' }] },
    ],
    ['quantities in a list', '{type: array, items: {type: string, format: quantity}}', ['1000m'], ['1']],
    [
      'a key __proto__ of a map',
      '{type: object, additionalProperties: {type: string, format: quantity}}',
      JSON.parse('{"__proto__": "1000m"}'),
      JSON.parse('{"__proto__": "1"}'),
    ],
    [
      'a variable',
      '{$ref: podgraft/envVar}',
      { name: 'a', valueFrom: { secretKeyRef: { name: 's', key: 'k', optional: true } } },
    ],
    ['a mount', '{$ref: podgraft/volumeMount}', { name: 'a', mountPath: '/a', readOnly: true, subPath: 'b' }],
  ])('%s', (_, schema, value, expected) => {
    expect(JSON.stringify(accepts(schema, value))).toBe(JSON.stringify(expected ?? value));
  });
});

describe('layers', () => {
  const spec = `
parameters:
  type: object
  additionalProperties: false
  properties:
    a: {type: string, default: schema}
    b: {type: object, additionalProperties: {type: string}, default: {x: schema, y: schema}}
pod: {add: {metadata: {labels: {a: {$eval: a}}, annotations: {$eval: b}}}}
`;
  const values = (decision: JsonObject, layer: JsonObject): JsonObject =>
    Object.fromEntries(render(spec, decision, layer).pod.map(({ path, value }) => [path.at(-1) ?? '', value]));

  test.each<[JsonObject, JsonObject, JsonObject]>([
    [{}, {}, { a: 'schema', x: 'schema', y: 'schema' }],
    [{}, { a: 'configuration' }, { a: 'configuration', x: 'schema', y: 'schema' }],
    [{ a: 'decision' }, { a: 'configuration', b: { z: 'configuration' } }, { a: 'decision', z: 'configuration' }],
    [{ a: null, b: { z: 'decision' } }, { a: 'configuration' }, { z: 'decision' }],
    [{ a: 'decision' }, { a: null, b: null }, { a: 'decision' }],
    [{}, { a: null, b: null }, {}],
  ])('decision %j over configuration %j', (decision, layer, expected) => {
    expect(values(decision, layer)).toEqual(expected);
  });

  test('the configuration is checked when it is bound', () => {
    expect(faultOf(() => render(spec, { a: 'x' }, { a: 1 })).at).toMatchObject({ file: 'test.yaml', pointer: '/a' });
    expect(faultOf(() => render(spec, {}, { c: 1 })).message).toMatch(/not declared/);
  });

  test('a default is checked at load', () => {
    const fault = faultOf(() => render(spec.replace('default: schema', 'default: 5')));
    expect(fault).toMatchObject({ code: 'template.parameter', at: { pointer: '/a' } });
  });
});

describe('a schema is refused', () => {
  const text = (properties: string, beside = ''): string =>
    templateText(`parameters: {type: object, additionalProperties: false, ${beside}properties: {${properties}}}`);

  test.each<[string, string, RegExp]>([
    [
      'without parameters',
      templateText('@@pod: {}').replace('@@pod', 'pod').replace('spec:', '@@spec:'),
      /parameters are \{type: object/,
    ],
    ['an open one', templateText('@@parameters: {type: object, properties: {}}'), /parameters are \{type: object/],
    [
      'another type',
      templateText('parameters: {type: array, items: {type: string}, @@additionalProperties: false}'),
      /not known here|parameters are an object/,
    ],
    [
      'an unknown keyword',
      text('a: {type: string, @@maxLenght: 1}'),
      /"maxLenght" is not known here; known are .*maxLength/,
    ],
    ['a keyword of another type', text('a: {type: string, @@minimum: 1}'), /"minimum" is not known here/],
    ['no type', text('@@a: {}'), /say its type/],
    ['null', text('@@a: {type: "null"}'), /say its type/],
    ['a null in an enum', text('@@a: {enum: [a, null]}'), /there is no null/],
    ['an empty enum', text('@@a: {enum: []}'), /enum is a list/],
    ['an open object', text('@@a: {type: object}'), /say what the map holds/],
    ['an object that is open on purpose', text('a: {type: object, @@additionalProperties: true}'), /a schema is a map/],
    ['a list of anything', text('@@a: {type: array}'), /say what the list holds/],
    ['an unknown reference', text('a: {@@$ref: "#/x"}'), /\$ref can be podgraft\/volumeMount/],
    ['an unknown format', text('a: {type: string, @@format: email}'), /no value for "format"/],
    ['a bad pattern', text('a: {type: string, @@pattern: "("}'), /no value for "pattern"/],
    ['a bad bound', text('a: {type: string, @@maxLength: "1"}'), /no value for "maxLength"/],
    [
      'required that is not declared',
      text('a: {type: object, properties: {b: {type: string}}, required: [b, @@c]}'),
      /"c" is required but not/,
    ],
    [
      'required parameters that are not declared',
      text('a: {type: string}', 'required: [@@b], '),
      /"b" is required but not/,
    ],
    [
      'a default deeper down',
      text('a: {type: object, properties: {b: {type: string, @@default: x}}}'),
      /"default" is not known here/,
    ],
    ['a name that no path can hold', text('@@a-b: {type: string}'), /no name that a path can hold/],
    ['a name __proto__.x', text('"@@a.b": {type: string}').replace('"@@a.b"', '@@"a.b"'), /no name/],
    ['keywords for the whole', text('a: {type: string}', '@@minProperties: 1, '), /have only the keywords/],
    ['a schema that is a text', text('@@a: string'), /a schema is a map/],
    ['items that are no schema', text('a: {type: array, @@items: [string]}'), /a schema is a map/],
  ])('%s', (_, source, message) => {
    const { fault, line, column } = refusal(source);
    expect(fault.message).toMatch(message);
    expect(fault).toMatchObject({ code: 'template.schema', at: { file: 'test.yaml', line, column } });
  });
});
