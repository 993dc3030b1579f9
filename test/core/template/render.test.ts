import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { evaluator, yaml } from './evaluate.ts';
import { faultOf } from './template-text.ts';

const properties = yaml(`
text: {type: string}
other: {type: string}
number: {type: number}
flag: {type: boolean}
list: {type: array, items: {type: string}}
lists: {type: array, items: {type: array, items: {type: string}}}
items:
  type: array
  items: {type: object, required: [name], properties: {name: {type: string}, on: {type: boolean}, note: {type: string}}}
map: {type: object, additionalProperties: {type: string}}
inner: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}
`);

const fragments = yaml(`
greet: hello \${who}
pair: [{$eval: first}, {$eval: second}]
twice: {$flatten: [{$use: pair}, {$use: pair}]}
named: {name: {$eval: item.name}, more: {$if: extra, then: {$eval: extra}}}
`);

const evaluate = (text: string, parameters: JsonObject, required: readonly string[] = []): JsonValue | undefined =>
  evaluator(yaml(text)['v'] ?? null, { properties, required, fragments })(parameters);

const all = { text: 'T', number: 2.5, flag: true, list: ['a', 'b'], inner: { a: 'A' } };

describe('a form yields', () => {
  test.each<[string, string, JsonObject, JsonValue | undefined]>([
    ['a constant', 'v: {a: 1, b: [true, "x"], c: {}, d: []}', {}, { a: 1, b: [true, 'x'], c: {}, d: [] }],
    [
      'a key __proto__ as a key',
      'v: {__proto__: 1, constructor: "${text}"}',
      all,
      JSON.parse('{"__proto__":1,"constructor":"T"}'),
    ],
    ['a text with holes', 'v: "<${text}-${number}-${flag}>"', all, '<T-2.5-true>'],
    ['a text with a path', 'v: "${inner.a}"', all, 'A'],
    ['a literal ${', 'v: "$${HOME} $HOME $(X) $$ ${text}"', all, '${HOME} $HOME $(X) $$ T'],
    ['dollars before an escape', 'v: "$$${text}"', all, '$${text}'],
    ['a key with an escape', 'v: {"$${a}": 1}', {}, { '${a}': 1 }],
    ['a value, its type kept', 'v: [{$eval: number}, {$eval: flag}, {$eval: list}]', all, [2.5, true, ['a', 'b']]],
    ['nothing for an absent value, in a map', 'v: {a: {$eval: other}, b: 1}', all, { b: 1 }],
    ['nothing for an absent value, in a list', 'v: [1, {$eval: other}, {$eval: inner.b}]', all, [1]],
    ['an empty map when all is absent', 'v: {a: {$eval: other}}', all, {}],
    ['then for what is present', 'v: {$if: text, then: yes, else: no}', all, 'yes'],
    ['else for what is absent', 'v: {$if: other, then: yes, else: no}', all, 'no'],
    ['else for false', 'v: {$if: flag, then: yes, else: no}', { flag: false }, 'no'],
    ['then for 0', 'v: {$if: number, then: yes, else: no}', { number: 0 }, 'yes'],
    ['then for an empty text', 'v: {$if: text, then: yes, else: no}', { text: '' }, 'yes'],
    ['then for an empty list', 'v: {$if: list, then: yes, else: no}', { list: [] }, 'yes'],
    ['then for an empty map', 'v: {$if: map, then: yes, else: no}', { map: {} }, 'yes'],
    ['nothing without else', 'v: {a: {$if: other, then: 1}, l: [{$if: other, then: 1}]}', all, { l: [] }],
    ['one result an item', 'v: {$map: {$eval: list}, each(x): "<${x}>"}', all, ['<a>', '<b>']],
    [
      'no result where the body yields nothing',
      'v: {$map: {$eval: items}, each(x): {$if: x.on, then: "${x.name}"}}',
      { items: [{ name: 'a', on: true }, { name: 'b' }, { name: 'c', on: false }] },
      ['a'],
    ],
    ['nothing for a map over nothing', 'v: {a: {$map: {$eval: list}, each(x): 1}}', {}, {}],
    [
      'a map in a map',
      'v: {$map: {$eval: lists}, each(x): {$map: {$eval: x}, each(y): "${y}${text}"}}',
      { ...all, lists: [['1'], [], ['2', '3']] },
      [['1T'], [], ['2T', '3T']],
    ],
    [
      'a map over what is written out',
      'v: {$map: [{n: a, k: "$(X)"}, {$if: other, then: {n: b, k: b}}, {n: "${text}", k: c}], each(x): "${x.n}${x.k}"}',
      all,
      ['a$(X)', 'Tc'],
    ],
    [
      'a map over a choice',
      'v: {$map: {$if: flag, then: [1, 2], else: [3]}, each(x): {n: {$eval: x}}}',
      { flag: false },
      [{ n: 3 }],
    ],
    [
      'booleans that may be absent, mapped',
      'v: {$map: [false, {$if: flag, then: {$eval: flag}, else: {$eval: flag}}], each(x): "${x}"}',
      { flag: false },
      ['false', 'false'],
    ],
    [
      'lists joined',
      'v: {$flatten: [[1], {$eval: list}, {$eval: other2}, []]}'.replace('{$eval: other2}, ', ''),
      all,
      [1, 'a', 'b'],
    ],
    ['lists joined, one level', 'v: {$flatten: [[[1]], {$eval: lists}]}', { lists: [['a']] }, [[1], ['a']]],
    ['lists joined, absent ones left out', 'v: {$flatten: [[1], {$eval: list}]}', {}, [1]],
    [
      'a list of lists from a parameter, joined',
      'v: {$flatten: {$eval: lists}}',
      { lists: [['a'], ['b', 'c']] },
      ['a', 'b', 'c'],
    ],
    [
      'words',
      'v: {$words: [run, {$if: flag, then: "-f"}, "${text}", {$eval: other}, {$eval: number}]}',
      all,
      'run -f T 2.5',
    ],
    ['words of a list', 'v: {$words: {$eval: list}}', all, 'a b'],
    ['words of nothing', 'v: {$words: [{$eval: other}]}', {}, ''],
    [
      'JSON text, keys sorted',
      'v: {$json: {b: 1, a: [{z: "${text}", y: {$eval: map}}], "\\"": {$eval: other}}}',
      { text: '"\n', map: JSON.parse('{"b":"<&>","a":"\\u2028","__proto__":"p"}') },
      '{"a":[{"y":{"__proto__":"p","a":"\u2028","b":"<&>"},"z":"\\"\\n"}],"b":1}',
    ],
    [
      'JSON text of lists and choices',
      'v: {$json: [{$eval: list}, {$if: flag, then: [1, {$if: other, then: 2}], else: 3}, {$map: {$eval: list}, each(x): {x: {$eval: x}}}]}',
      all,
      '[["a","b"],[1],[{"x":"a"},{"x":"b"}]]',
    ],
    ['nothing for the JSON of nothing', 'v: {a: {$json: {$eval: other}}}', {}, {}],
    [
      'base64 of a text',
      'v: {$base64: "${text}"}',
      { text: 'a€\u{1F600}' },
      Buffer.from('a€\u{1F600}').toString('base64'),
    ],
    ['base64 of JSON', 'v: {$base64: {$json: {a: {$eval: number}}}}', { number: 1 }, 'eyJhIjoxfQ=='],
    ['a fragment with names bound', 'v: {$use: greet, with: {who: "${text}!"}}', all, 'hello T!'],
    ['a fragment of fragments', 'v: {$use: twice, with: {first: 1, second: {$eval: text}}}', all, [1, 'T', 1, 'T']],
    [
      'a fragment with an optional name',
      'v: {$map: {$eval: items}, each(item): {$use: named, with: {extra: {$eval: item.note}}}}',
      { items: [{ name: 'a', note: 'n' }, { name: 'b' }] },
      [{ name: 'a', more: 'n' }, { name: 'b' }],
    ],
    [
      'a path into a bound map',
      'v: {$use: named, with: {item: {name: x, other: y}, extra: false}}',
      all,
      { name: 'x' },
    ],
    [
      'a path into a bound choice',
      'v: {$use: named, with: {item: {$if: flag, then: {name: x}, else: {name: y}}, extra: {$if: flag, then: z}}}',
      { flag: false },
      { name: 'y' },
    ],
    [
      'what was bound to nothing',
      'v: {$use: named, with: {item: {name: x}, extra: {$eval: other}}}',
      all,
      { name: 'x' },
    ],
  ])('%s', (_, text, parameters, expected) => {
    expect(evaluate(text, parameters, Object.keys(parameters))).toEqual(expected);
    expect(evaluate(`v: {$json: {w: ${text.slice(3)}}}`, parameters, Object.keys(parameters))).toBe(
      sortedJson(expected === undefined ? {} : { w: expected }),
    );
  });

  test('a text inside an $if on an optional parameter', () => {
    expect(evaluate('v: [{$if: text, then: "<${text}>"}, {$if: inner.b, then: "<${inner.b}${inner.a}>"}]', {})).toEqual(
      [],
    );
    expect(evaluate('v: [{$if: inner, then: "<${inner.a}>"}]', { inner: { a: 'x' } })).toEqual(['<x>']);
  });

  test('a member called like something of Object.prototype is absent, not inherited', () => {
    const schema = {
      o: { type: 'object', properties: { toString: { type: 'string' }, constructor: { type: 'string' } } },
    };
    const value = { a: { $eval: 'o.toString' }, b: { $eval: 'o.constructor' } };
    expect(evaluator(value, { properties: schema })({ o: {} })).toEqual({});
  });
});

const sortedJson = (value: JsonValue): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.defineProperties(
          {},
          Object.fromEntries(
            Object.entries(inner)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([key, member]) => [key, { value: member, enumerable: true }]),
          ),
        )
      : inner,
  );

describe('a form is refused', () => {
  test.each<[string, string, string, RegExp]>([
    ['null', 'v: [null]', 'form', /no null/],
    ['an unknown operator', 'v: {$evil: text}', 'form', /no operator.*\$eval/],
    ['two operators', 'v: {$eval: text, $json: 1}', 'form', /beside \$eval/],
    ['a key beside an operator', 'v: {$eval: text, default: 1}', 'form', /"default" cannot stand beside \$eval/],
    ['$if without then', 'v: {$if: text}', 'form', /needs then/],
    ['$map without each', 'v: {$map: [1]}', 'form', /each\(x\)/],
    ['each with a bad name', 'v: {$map: [1], each(a b): 1}', 'form', /each\(x\)/],
    ['each that hides a parameter', 'v: {$map: [1], each(text): 1}', 'form', /"text" is a parameter/],
    ['$map of a text', 'v: {$map: "${text}", each(x): 1}', 'form', /this is a text, not a list/],
    ['$map of a map', 'v: {$map: {$eval: map}, each(x): 1}', 'form', /this is a map, not a list/],
    ['$flatten of a text', 'v: {$flatten: [[1], a]}', 'form', /this is a text, not a list/],
    ['$flatten of a list of texts', 'v: {$flatten: {$eval: list}}', 'form', /joins lists/],
    ['$words of lists', 'v: {$words: [a, {$eval: list}]}', 'form', /joins texts/],
    ['$base64 of a number', 'v: {$base64: {$eval: number}}', 'form', /this is a number, not a text/],
    ['a list in a text', 'v: "${list}"', 'form', /"list" is a list/],
    ['a map in a text', 'v: "${inner}"', 'form', /"inner" is a map/],
    ['an undeclared path', 'v: "${nope}"', 'path', /"nope" is not declared; declared are text/],
    ['an undeclared step', 'v: {$eval: inner.c}', 'path', /"inner" declares no "c"; it declares a, b/],
    ['a step into a text', 'v: {$eval: text.a}', 'path', /"text" declares no "a"/],
    ['a step into a map of any keys', 'v: {$eval: map.a}', 'path', /"map" declares no "a"/],
    ['a path called like something of Object.prototype', 'v: {$eval: toString}', 'path', /not declared/],
    ['an index', 'v: {$eval: list.0}', 'form', /no path/],
    ['an expression', 'v: "${text + 1}"', 'form', /no path/],
    ['a shell variable', 'v: "${TEXT:-x}"', 'form', /no path.*literal/],
    ['an empty hole', 'v: "${}"', 'form', /no path/],
    ['a hole that is not closed', 'v: "${text"', 'form', /not closed/],
    ['a path that is no text', 'v: {$eval: 1}', 'form', /no path/],
    ['an optional path in a text', 'v: "${other}"', 'path', /"other" may be absent; put the text inside/],
    ['an optional path in else', 'v: {$if: other, then: 1, else: "${other}"}', 'path', /may be absent/],
    ['an optional step in a text', 'v: {$if: inner, then: "${inner.b}"}', 'path', /"inner.b" may be absent/],
    [
      'an optional bound value in a text',
      'v: {$use: greet, with: {who: {$if: flag, then: x}}}',
      'path',
      /"who" may be absent/,
    ],
    ['an unknown fragment', 'v: {$use: nope}', 'path', /no fragment "nope"; fragments are greet/],
    ['a fragment called like something of Object.prototype', 'v: {$use: constructor}', 'path', /no fragment/],
    ['a fragment without its names', 'v: {$use: greet}', 'path', /"who" is not declared/],
    ['a binding that hides a parameter', 'v: {$use: greet, with: {who: a, text: b}}', 'form', /"text" cannot be bound/],
    ['with that is no map', 'v: {$use: greet, with: [a]}', 'form', /with is a map/],
  ])('%s', (_, text, code, message) => {
    const required = Object.keys(properties).filter((name) => name !== 'other');
    const fault = faultOf(() => evaluate(text, {}, required));
    expect(fault.code).toBe(`template.${code}`);
    expect(fault.message).toMatch(message);
  });

  test('fragments that use themselves', () => {
    const self = yaml('a: {$use: b}\nb: [{$use: a}]');
    expect(faultOf(() => evaluator({ $use: 'a' }, { properties: {}, fragments: self })).message).toMatch(/uses itself/);
  });

  test('fragments that double each other', () => {
    const bomb: Record<string, JsonValue> = { f0: ['x'] };
    for (let index = 1; index < 16; index += 1) {
      const use = { $use: `f${index - 1}` };
      bomb[`f${index}`] = { $flatten: Array.from({ length: 10 }, () => use) };
    }
    expect(faultOf(() => evaluator({ $use: 'f15' }, { properties: {}, fragments: bomb })).code).toBe('template.size');
  });

  test('bound values that double each other', () => {
    const bomb: Record<string, JsonValue> = { f0: [{ $eval: 'x' }, { $eval: 'x' }] };
    for (let index = 1; index < 15; index += 1) {
      bomb[`f${index}`] = { $use: `f${index - 1}`, with: { x: [{ $eval: 'x' }, { $eval: 'x' }, { $eval: 'x' }] } };
    }
    const value = { $use: 'f14', with: { x: ['a'] } };
    expect(faultOf(() => evaluator(value, { properties: {}, fragments: bomb })).code).toBe('template.size');
  });

  test('fragments nested too deep', () => {
    const chain: Record<string, JsonValue> = { f0: 1 };
    for (let index = 1; index < 5_000; index += 1) {
      chain[`f${index}`] = [{ $use: `f${index - 1}` }];
    }
    expect(faultOf(() => evaluator({ $use: 'f4999' }, { properties: {}, fragments: chain })).code).toBe(
      'template.size',
    );
  });
});

describe('a rendering is bounded', () => {
  const list = Array.from({ length: 200 }, () => 'x');

  test('loops in loops', () => {
    const value = {
      $map: { $eval: 'list' },
      'each(a)': {
        $map: { $eval: 'list' },
        'each(b)': { $map: { $eval: 'list' }, 'each(c)': { $map: { $eval: 'list' }, 'each(d)': 1 } },
      },
    };
    expect(faultOf(() => evaluator(value, { properties })({ list })).code).toBe('template.size');
  });

  test('a large value, repeated', () => {
    const value = Array.from({ length: 100 }, () => '${text}');
    const run = evaluator(value, { properties });
    expect(faultOf(() => run({ text: 'x'.repeat(100_000) })).code).toBe('template.size');
    expect(run({ text: 'x'.repeat(1_000) })).toHaveLength(100);
    const whole = evaluator([{ $eval: 'list' }, { $eval: 'list' }, { $eval: 'list' }], { properties });
    expect(faultOf(() => whole({ list: ['x'.repeat(2_000_000)] })).code).toBe('template.size');
  });
});
