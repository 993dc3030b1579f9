// The operators are JSON-e's: where every parameter is present, both say the same.
import fc from 'fast-check';
import jsone from 'json-e';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { evaluator } from './evaluate.ts';

/** Parameters of every kind. JSON-e takes 0, "", [] and {} for no, so those that `$if` asks are none of these. */
const properties: JsonObject = {
  text: { type: 'string' },
  number: { type: 'number' },
  flag: { type: 'boolean' },
  asked: { enum: ['x', 1, true, false] },
  list: { type: 'array', items: { type: 'string' } },
  lists: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
  map: { type: 'object', additionalProperties: { type: 'string' } },
  inner: {
    type: 'object',
    required: ['text', 'flag', 'list'],
    properties: {
      text: { type: 'string' },
      flag: { type: 'boolean' },
      list: { type: 'array', items: { type: 'string' } },
    },
  },
};

const anyText = fc.string({ unit: 'grapheme', maxLength: 6 });
const anyNumber = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => value + 0),
);

const parameters: fc.Arbitrary<JsonObject> = fc.record({
  text: anyText,
  number: anyNumber,
  flag: fc.boolean(),
  asked: fc.constantFrom<JsonValue>('x', 1, true, false),
  list: fc.array(anyText, { maxLength: 4 }),
  lists: fc.array(fc.array(anyNumber, { maxLength: 3 }), { maxLength: 3 }),
  map: fc.dictionary(anyText, anyText, { maxKeys: 3, noNullPrototype: true }),
  inner: fc.record({ text: anyText, flag: fc.boolean(), list: fc.array(anyText, { maxLength: 3 }) }),
});

/** Texts that neither language takes for more than they are. */
const plain = fc.string({
  unit: fc.constantFrom('a', ' ', '$', '(', ')', '}', '"', '\n', 'é', '.', '\\'),
  maxLength: 5,
});
const key = fc.string({ unit: fc.constantFrom('a', 'b', '_', '/', '"', '.'), minLength: 1, maxLength: 3 });
const condition = fc.constantFrom('flag', 'asked', 'inner.flag');

const choice = (path: string, yes: JsonValue, no?: JsonValue): JsonObject =>
  Object.fromEntries([['$if', path], ['then', yes], ...(no === undefined ? [] : [['else', no]])]);

/** Templates in the shared subset, with the names that loops bind. */
const template = (depth: number, names: readonly string[]): fc.Arbitrary<JsonValue> => {
  const hole = fc.constantFrom('text', 'flag', 'inner.text', ...names);
  const text = fc
    .array(
      fc.oneof(
        plain.map((part) => part.replace(/\$$/, '')),
        hole.map((path) => `\${${path}}`),
        fc.constant('$${'),
      ),
      {
        maxLength: 4,
      },
    )
    .map((parts) => parts.join('').replaceAll(/\$+(?=\$\{)/g, '$'));
  const leaf: fc.Arbitrary<JsonValue> = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constantFrom('text', 'number', 'list', 'map', 'inner', 'inner.list', ...names).map((path) => ({ $eval: path })),
  );
  if (depth === 0) {
    return leaf;
  }
  const below = template(depth - 1, names);
  const list = fc.oneof(
    fc.array(below, { maxLength: 3 }),
    fc.constantFrom('list', 'inner.list').map((path) => ({ $eval: path })),
  );
  const name = `x${depth}`;
  return fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(below, { maxLength: 3 }),
    fc.dictionary(key, below, { maxKeys: 3, noNullPrototype: true }),
    fc.tuple(condition, below, below).map(([path, yes, no]) => choice(path, yes, no)),
    fc.tuple(condition, below).map(([path, yes]) => choice(path, yes)),
    fc.record({ $flatten: fc.array(list, { maxLength: 3 }) }),
    fc.constant({ $flatten: { $eval: 'lists' } }),
    // JSON-e writes the text {} for what is not there; here there is no text then.
    fc.record({ $json: fc.oneof(leaf, fc.array(below, { maxLength: 3 })) }),
    fc
      .tuple(fc.constantFrom('list', 'inner.list'), template(depth - 1, [...names, name]))
      .map(([path, body]) => ({ $map: { $eval: path }, [`each(${name})`]: body })),
  );
};

test('what json-e renders of a generated template, podgraft renders', () => {
  fc.assert(
    fc.property(template(3, []), parameters, (value, given) => {
      const ours = evaluator([value], { properties })(JSON.parse(JSON.stringify(given)) as JsonObject);
      expect(ours).toEqual(jsone([value] as never, JSON.parse(JSON.stringify(given)) as never));
    }),
    { seed: 11, numRuns: 3_000 },
  );
});
