// A broken template is always a fault with a place, never a crash.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fault } from '../../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../../core/json.ts';
import { compileTemplate } from '../../../core/template/compile.ts';
import { yaml } from './evaluate.ts';
import { templateText } from './template-text.ts';

const VALID = yaml(
  templateText(`
parameters:
  type: object
  additionalProperties: false
  required: [text, wrap]
  properties:
    text: {type: string, maxLength: 9}
    flag: {type: boolean, default: true}
    items: {type: array, items: {type: object, required: [name], properties: {name: {type: string}}}}
    mount: {$ref: podgraft/volumeMount}
    wrap: {type: object, additionalProperties: {type: object, required: [args], properties: {args: {type: array, items: {type: string}}}}}
fragments:
  volume: {name: "\${v}", emptyDir: {medium: Memory}}
order: {containers: {$if: flag, then: first, else: last}}
pod:
  set: {metadata: {annotations: {"\${text}/a": "\${text}"}}}
  add:
    spec:
      volumes: {$flatten: [[{$use: volume, with: {v: a}}], {$map: {$eval: items}, each(i): {$use: volume, with: {v: "\${i.name}"}}}]}
      securityContext: {$if: flag, then: {runAsUser: 5}}
      containers:
        - name: x
          command: [sh, -c, {$words: [run, {$if: flag, then: -v}]}]
          env: [{name: C, value: {$base64: {$json: {a: {$eval: text}}}}}]
          volumeMounts: [{$eval: mount}]
containers:
  - each: wrap
    as: c
    set: {command: [/run], args: {$eval: c.args}}
`).replace('default: true', 'title: none'),
);

const WORDS = [
  ...['$eval', '$if', '$map', '$flatten', '$words', '$json', '$base64', '$use', 'each(i)', 'then', 'else', 'with'],
  ...['text', 'flag', 'items', 'i.name', 'wrap', 'c.args', 'volume', '${text}', '${', '$${x', '__proto__', 'toString'],
  ...['constructor', '', 'command', 'args', 'name', 'type', 'properties', 'enum', '$ref', 'podgraft/envVar', 'string'],
];

const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(...WORDS, 0, -1, 1.5, true, false, null, {}, []),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...WORDS), tie('value'), { maxKeys: 3 }),
  ),
}));

type Mutation = readonly [at: number, key: string, value: JsonValue];

/** Puts a value, or a key and a value, somewhere into a document. */
const mutate = (document: JsonValue, [at, key, into]: Mutation): JsonValue => {
  let count = -1;
  const visit = (node: JsonValue): JsonValue => {
    count += 1;
    if (count === at) {
      return typeof node === 'object' && node !== null && !Array.isArray(node) && key !== ''
        ? { ...node, [key]: into }
        : into;
    }
    if (Array.isArray(node)) {
      return node.map(visit);
    }
    return typeof node === 'object' && node !== null
      ? Object.fromEntries(Object.entries(node).map(([name, inner]) => [name, visit(inner)]))
      : node;
  };
  return visit(document);
};

const count = (node: JsonValue): number =>
  typeof node === 'object' && node !== null
    ? Object.values(node).reduce<number>((sum, inner) => sum + count(inner), 1)
    : 1;

const PARAMETERS: JsonObject = {
  text: 't',
  flag: true,
  items: [{ name: 'n' }],
  mount: { name: 'm', mountPath: '/' },
  wrap: { app: { args: ['a'] } },
};

const outcome = (document: JsonValue): string => {
  try {
    const template = compileTemplate('t.yaml', JSON.stringify(document));
    template.bind({}).render(PARAMETERS);
    return 'rendered';
  } catch (thrown) {
    if (!(thrown instanceof Fault) || !thrown.code.startsWith('template.')) {
      throw thrown;
    }
    expect(thrown.code === 'template.size' || thrown.at?.file === 't.yaml').toBe(true);
    expect(['template.parameter', 'template.size'].includes(thrown.code) || (thrown.at?.line ?? 0) > 0).toBe(true);
    return thrown.code;
  }
};

test('the template itself renders', () => {
  expect(outcome(VALID)).toBe('rendered');
});

test('a template with something else somewhere renders or is refused', () => {
  const seen = new Map<string, number>();
  const mutation = fc.tuple(fc.nat(count(VALID) - 1), fc.constantFrom('', ...WORDS), value);
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 2 }), (mutations) => {
      const code = outcome(mutations.reduce<JsonValue>(mutate, VALID));
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }),
    { seed: 9, numRuns: 2_000 },
  );
  for (const code of [
    'rendered',
    'template.form',
    'template.path',
    'template.schema',
    'template.guard',
    'template.field',
  ]) {
    expect(seen.get(code), code).toBeGreaterThan(0);
  }
});
