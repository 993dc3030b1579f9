// Whatever the parameters hold, the structure of the result is the template's.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { compileTemplate } from '../../../core/template/compile.ts';
import { writeJson } from '../../../core/template/render-json.ts';
import type { Rendered } from '../../../core/template/rendered.ts';
import { templateText } from './template-text.ts';

const SPEC = `
parameters:
  type: object
  additionalProperties: false
  required: [text, word, items, map, wrap]
  properties:
    text: {type: string}
    word: {type: string, format: shell-word}
    note: {type: string}
    items: {type: array, items: {type: object, required: [name], properties: {name: {type: string}, note: {type: string}}}}
    map: {type: object, additionalProperties: {type: string}}
    wrap: {type: object, additionalProperties: {type: object, required: [args], properties: {args: {type: array, items: {type: string}}}}}
order: {containers: {$if: note, then: first}}
pod:
  set: {metadata: {annotations: {"\${text}/status": "\${text}", note: {$eval: note}}}}
  add:
    metadata: {labels: {$eval: map}}
    spec:
      nodeSelector: {$eval: map}
      volumes: {$map: {$eval: items}, each(i): {name: "\${i.name}", secret: {secretName: {$eval: i.note}}}}
      initContainers:
        - name: \${text}
          image: \${text}
          command: [sh, -c, "run \${word}"]
          env:
            - {name: CONFIG, value: {$base64: {$json: {text: "\${text}", list: {$map: {$eval: items}, each(i): {k: {$eval: i.name}}}, map: {$eval: map}}}}}
            - {name: "\${text}", value: {$words: ["\${text}", {$eval: note}]}}
containers:
  - each: wrap
    as: c
    set: {command: ["/run/\${word}/x"], args: {$flatten: [[a], {$eval: c.args}]}}
`;

const hostile = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'a/b~c',
    '${text}',
    '$${',
    '$(HOME)',
    '"},{"',
    '\u0000',
    '\n- name: x',
    "'; rm",
    '{{ .x }}',
    '\u2028',
    '💥',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed()),
);

const parameters: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      text: hostile,
      word: fc.string({ unit: fc.constantFrom(...'aZ0_./@%+=:,-') }),
      note: hostile,
      items: fc.array(fc.record({ name: hostile, note: hostile }, { requiredKeys: ['name'] }), { maxLength: 4 }),
      map: fc.dictionary(hostile, hostile, { maxKeys: 4 }),
      wrap: fc.dictionary(hostile, fc.record({ args: fc.array(hostile, { maxLength: 3 }) }), { maxKeys: 3 }),
    },
    { requiredKeys: ['text', 'word', 'items', 'map', 'wrap'] },
  )
  .map((given) => JSON.parse(JSON.stringify(given)) as JsonObject);

const bound = compileTemplate('test.yaml', templateText(SPEC)).bind({});

const keysOf = (value: JsonValue, into: Set<string>): Set<string> => {
  if (Array.isArray(value)) {
    for (const item of value as readonly JsonValue[]) {
      keysOf(item, into);
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      into.add(key);
      keysOf(value[key] ?? null, into);
    }
  }
  return into;
};

const WRITTEN = ['name', 'secret', 'secretName', 'image', 'command', 'env', 'value'];

const decodeConfig = (rendered: Rendered): JsonValue => {
  const piece = rendered.pod.find(({ path }) => path.at(-1) === 'initContainers');
  const container = piece?.value as { env: readonly { value: string }[] } | undefined;
  return JSON.parse(Buffer.from(container?.env[0]?.value ?? '', 'base64').toString('utf8')) as JsonValue;
};

test('no key is there that neither the template nor an object parameter has', () => {
  fc.assert(
    fc.property(parameters, (given) => {
      const { map, text } = given as { map: JsonObject; text: string };
      const known = new Set([
        ...WRITTEN,
        'spec',
        'metadata',
        'labels',
        'annotations',
        'nodeSelector',
        'volumes',
        'note',
      ]);
      known.add('initContainers').add(`${text}/status`);
      const rendered = bound.render(given);
      const found = new Set<string>();
      for (const { path, value } of rendered.pod) {
        path.forEach((key) => void found.add(key));
        keysOf(value, found);
      }
      expect([...found].filter((key) => !known.has(key) && !Object.hasOwn(map, key))).toEqual([]);
    }),
    { seed: 5, numRuns: 1_000 },
  );
});

test('values come out as they went in, and change nothing around them', () => {
  fc.assert(
    fc.property(parameters, (given) => {
      const { text, items, map, wrap } = given as {
        text: string;
        items: readonly { name: string; note?: string }[];
        map: JsonObject;
        wrap: { [name: string]: { args: readonly string[] } };
      };
      const rendered = bound.render(given);
      expect(decodeConfig(rendered)).toEqual(
        JSON.parse(writeJson({ text, list: items.map(({ name }) => ({ k: name })), map })),
      );
      const volumes = rendered.pod.filter(({ path }) => path.at(-1) === 'volumes').map(({ value }) => value);
      expect(volumes).toEqual(
        items.map(({ name, note }) => ({ name, secret: note === undefined ? {} : { secretName: note } })),
      );
      expect(rendered.containers.map(({ container }) => container)).toEqual(Object.keys(wrap));
      for (const { container, pieces } of rendered.containers) {
        expect(pieces).toHaveLength(2);
        expect(pieces[1]?.value).toHaveLength((wrap[container]?.args.length ?? 0) + 1);
      }
      expect(rendered.pod.every(({ value }) => JSON.stringify(value) !== undefined && value !== null)).toBe(true);
    }),
    { seed: 6, numRuns: 1_000 },
  );
});
