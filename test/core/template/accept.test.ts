// The quick look at a value may only ever say yes where the validator does.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { compileAccept } from '../../../core/template/accept.ts';
import { readSchema } from '../../../core/template/parameter-schema.ts';
import { createRefuse } from '../../../core/template/refuse.ts';
import { compileSchema } from '../../../core/template/schema.ts';

const refuse = createRefuse(() => ({ file: 'schema.yaml' }));

const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonObject>(
      { type: 'string' },
      { type: 'string', minLength: 1 },
      { type: 'string', maxLength: 1 },
      { type: 'string', pattern: '^a' },
      { type: 'string', format: 'shell-word' },
      { type: 'string', format: 'quantity' },
      { type: 'number', minimum: 0 },
      { type: 'number', exclusiveMaximum: 1 },
      { type: 'number', multipleOf: 2 },
      { type: 'integer', maximum: 1 },
      { type: 'boolean' },
      { type: ['string', 'integer'], maximum: 1, maxLength: 1 },
      { enum: ['a', 1, true] },
      { const: 'a' },
      { $ref: 'podgraft/volumeMount' },
    ),
    tie('schema').map((items) => ({ type: 'array', items })),
    tie('schema').map((items) => ({ type: 'array', items, maxItems: 1 })),
    tie('schema').map((additionalProperties) => ({ type: 'object', additionalProperties })),
    tie('schema').map((a) => ({ type: 'object', required: ['a'], properties: { a, __proto__x: { type: 'string' } } })),
    fc.tuple(tie('schema'), tie('schema')).map(([a, rest]) => ({
      type: 'object',
      properties: { a },
      additionalProperties: rest,
    })),
  ),
}));

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>('', 'a', 'b', 'a b', '\u{1F600}', 'ab', 0, 1, 2, -1, 0.5, true, false, null, {}, []),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor', 'name', 'mountPath'), tie('value'), {
      maxKeys: 3,
    }),
  ),
}));

const parsed = value.map((each) => JSON.parse(JSON.stringify(each)) as JsonValue);

test('what it accepts is valid, and it accepts something', () => {
  let accepted = 0;
  fc.assert(
    fc.property(schema, parsed, (raw, each) => {
      const read = readSchema(raw, refuse, []);
      if (compileAccept(read)(each)) {
        accepted += 1;
        expect(compileSchema(read)(each)).toEqual([]);
      }
    }),
    { seed: 7, numRuns: 5_000 },
  );
  expect(accepted).toBeGreaterThan(200);
});

test.each<[JsonObject, JsonValue]>([
  [{ type: 'string', maxLength: 3 }, 'abc'],
  [{ type: 'integer', minimum: 0, maximum: 9 }, 5],
  [{ enum: ['a', 'b'] }, 'b'],
  [
    {
      type: 'object',
      required: ['a'],
      properties: { a: { type: 'array', items: { type: 'string', format: 'shell-word' } } },
    },
    { a: ['x'] },
  ],
  [{ $ref: 'podgraft/resources' }, { limits: { cpu: '1' } }],
])('%j is recognised without the validator', (raw, each) => {
  expect(compileAccept(readSchema(raw, refuse, []))(each)).toBe(true);
});
