// Changes in the text of a manifest: what they leave alone, and that they say what they should.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, isCollection, visit } from 'yaml';
import { ExactNumber } from '../../../cli/inject/exact-number.ts';
import { parseManifest } from '../../../cli/inject/manifest.ts';
import { writeManifest } from '../../../cli/inject/write-manifest.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../core/json.ts';

type Editable = { [key: string]: Editable } | Editable[] | string | number | boolean | null;

const change = (text: string, edit: (values: Editable[]) => void) => {
  const manifest = parseManifest(text, 'm.yaml');
  const values = manifest.documents.map(({ value }) => copy(value));
  edit(values);
  return writeManifest(manifest, values);
};

/** Copies maps and lists; what else stands in them is shared. */
const copy = (value: unknown): Editable => {
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  return isObject(value) && !(value instanceof ExactNumber)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]))
    : (value as Editable);
};

const at = (value: Editable | undefined, ...path: readonly (string | number)[]): Record<string, Editable> =>
  path.reduce<unknown>((found, step) => (found as Record<string, unknown>)[step], value) as Record<string, Editable>;

const POD = `# head
apiVersion: v1   # v
kind: Pod
metadata:
  name: 'web'
  annotations:   # none yet
spec:
  # the containers
  containers:
  # first
  - name: app   # x
    image: "a:1"
    args: ["a", 'b']
    env: {}
    command:
    - sh   # shell

    # behind
  volumes: []   # no volumes
# end
`;

describe('a block document', () => {
  test('gets new lines, and the others stay', () => {
    const { text, rewritten } = change(POD, ([pod]) => {
      at(pod, 'metadata')['annotations'] = { 'a.b/c': 'yes' };
      at(pod, 'spec', 'containers', 0)['env'] = [{ name: 'A', value: '0644' }];
      at(pod, 'spec', 'containers', 0)['volumeMounts'] = [{ name: 'x', mountPath: '/y' }];
      at(pod, 'spec', 'containers', 0, 'args')[2] = 'x: y';
      (at(pod, 'spec', 'containers', 0)['command'] as Editable[]).unshift('first');
      (at(pod, 'spec')['containers'] as Editable[]).unshift({ name: 'zero', securityContext: { drop: [] } });
      (at(pod, 'spec')['containers'] as Editable[]).push({ name: 'agent', resources: {} });
      at(pod, 'spec')['volumes'] = [{ name: 'v', emptyDir: { medium: 'Memory' } }];
      at(pod, 'spec')['shareProcessNamespace'] = true;
    });
    expect(rewritten).toEqual([]);
    expect(text).toBe(`# head
apiVersion: v1   # v
kind: Pod
metadata:
  name: 'web'
  annotations:   # none yet
    a.b/c: "yes"
spec:
  # the containers
  containers:
  - name: zero
    securityContext:
      drop: []
  # first
  - name: app   # x
    image: "a:1"
    args: ["a", 'b', "x: y"]
    env:
    - name: A
      value: "0644"
    command:
    - first
    - sh   # shell
    volumeMounts:
    - name: x
      mountPath: /y
  - name: agent
    resources: {}

    # behind
  volumes:   # no volumes
  - name: v
    emptyDir:
      medium: Memory
  shareProcessNamespace: true
# end
`);
  });

  test('with indented lists gets indented lists', () => {
    const { text } = change('a:\n  - b\n', ([value]) => {
      at(value)['c'] = [{ d: ['e'] }];
    });
    expect(text).toBe('a:\n  - b\nc:\n  - d:\n      - e\n');
  });

  test.each([
    ['without a line break at its end', 'a:\n  b: 1', 'a:\n  b: 1\n  c: x'],
    ['with a comment at its very end', 'a:\n  b: 1 # one', 'a:\n  b: 1 # one\n  c: x'],
    ['with CRLF', 'a:\r\n  b: 1\r\nd: 2\r\n', 'a:\r\n  b: 1\r\n  c: x\r\nd: 2\r\n'],
    ['with a byte order mark', '\uFEFFa:\n  b: 1\n', '\uFEFFa:\n  b: 1\n  c: x\n'],
    ['with a block text at its end', 'a:\n  b: |\n    1\n\nd: 2\n', 'a:\n  b: |\n    1\n  c: x\n\nd: 2\n'],
    ['with a marker behind it', 'a:\n  b: 1\n...\n', 'a:\n  b: 1\n  c: x\n...\n'],
    ['with a missing value', 'a:\n  b:\nd: 2\n', 'a:\n  b:\n  c: x\nd: 2\n'],
    ['with an explicit null', 'a:\n  b: ~ # n\nd: 2\n', 'a:\n  b: ~ # n\n  c: x\nd: 2\n'],
    ['in flow style', 'a: {b: 1}\n', 'a: {b: 1, c: x}\n'],
    ['in flow style over lines', 'a: {\n  b: 1,\n}\n', 'a: {\n  b: 1, c: x\n}\n'],
    ['with a multi-line text', 'a:\n  b: "1\n    2"\nd: 2\n', 'a:\n  b: "1\n    2"\n  c: x\nd: 2\n'],
  ])('%s gets a key', (_, before, after) => {
    const { text, rewritten } = change(before, ([value]) => {
      at(value, 'a')['c'] = 'x';
    });
    expect(text).toBe(after);
    expect(rewritten).toEqual([]);
  });

  test.each([
    ['a scalar', 'a: false # c\n', true, 'a: true # c\n'],
    ['a list by a list', 'a:\n- b\n- c\nd: 1\n', ['x'], 'a:\n- x\nd: 1\n'],
    ['a map by a text', 'a:\n  b: 1\nd: 1\n', 'no', 'a: "no"\nd: 1\n'],
    ['a block text', 'a: |\n  b\n\nd: 1\n', 'x', 'a: x\n\nd: 1\n'],
    ['nothing by a map', 'a: # c\nd: 1\n', { b: 'x' }, 'a: # c\n  b: x\nd: 1\n'],
    ['nothing by a text', 'a:\nd: 1\n', 'x', 'a: x\nd: 1\n'],
  ])('replaces %s', (_, before, value, after) => {
    const { text, rewritten } = change(before, ([root]) => {
      at(root)['a'] = value;
    });
    expect(text).toBe(after);
    expect(rewritten).toEqual([]);
  });
});

describe('anchors', () => {
  test('out of the way stay', () => {
    const { text } = change('a: &x {b: 1}\nc: *x\nd:\n  e: 1\n', ([value]) => {
      at(value, 'd')['f'] = 2;
    });
    expect(text).toBe('a: &x {b: 1}\nc: *x\nd:\n  e: 1\n  f: 2\n');
  });

  test('in the way have the document written anew, and only that one', () => {
    const { text, rewritten } = change('# one\na: 1\n---\n# two\na: &x {b: 1}\nc: *x\n---\n# three\n', ([, value]) => {
      at(value)['c'] = { b: 1, d: 2 };
    });
    expect(rewritten).toEqual([5]);
    expect(text).toBe('# one\na: 1\n---\n# two\na:\n  b: 1\nc:\n  b: 1\n  d: 2\n---\n# three\n');
  });

  test('that a change would reach twice do not make it do so', () => {
    const { text } = change('a: &x\n  b: 1\nc: *x\n', ([value]) => {
      at(value)['a'] = { b: 1, d: 2 };
    });
    expect(parseManifest(text, 'm').documents[0]?.value).toEqual({ a: { b: 1, d: 2 }, c: { b: 1 } });
  });
});

test('JSON stays JSON, with its indentation', () => {
  const edit = ([value]: Editable[]): void => {
    at(value)['b'] = ['x'];
  };
  expect(change('{\n\t"a": 1\n}\n', edit).text).toBe('{\n\t"a": 1,\n\t"b": [\n\t\t"x"\n\t]\n}\n');
  expect(change('{"a":1}', edit).text).toBe('{"a":1,"b":["x"]}');
});

test('JSON keeps everything that did not change, byte for byte', () => {
  const text = '{ "n": 9007199254740993,\r\n  "a": {"b": 1, "c" : [1,2]},\r\n  "e": [],  "f": "\\u0041" }\r\n';
  const { text: result } = change(text, ([value]) => {
    at(value, 'a')['d'] = 'x';
    at(value, 'a', 'c')[2] = { y: true };
    at(value)['e'] = ['z'];
  });
  expect(result).toBe(
    '{ "n": 9007199254740993,\r\n  "a": {"b": 1, "c" : [1,2,{"y":true}], "d": "x"},\r\n  "e": [\r\n    "z"\r\n  ],  "f": "\\u0041" }\r\n',
  );
});

test('every way to write JSON takes every addition', () => {
  fc.assert(
    fc.property(anyMap, fc.nat(), fc.constantFrom(undefined, 1, 2, '\t'), (value, seed, indent) => {
      const manifest = parseManifest(JSON.stringify(value, null, indent), 'm');
      const now = grow(manifest.documents[0]?.value as Editable, diceOf(seed));
      const { text, rewritten } = writeManifest(manifest, [now]);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(now)));
      expect(rewritten).toEqual([]);
      if (indent !== undefined && seed % 3 === 0) {
        // Where nothing is replaced, and nothing was empty, it reads as if written at once.
        const more = { ...(manifest.documents[0]?.value as JsonObject), added: [{ a: 1 }, []] };
        expect(writeManifest(manifest, [more]).text).toBe(JSON.stringify(more, null, indent));
      }
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
});

const word = fc.oneof(
  fc.constantFrom(
    'a',
    'yes',
    'null',
    '0644',
    '1:30',
    '- x',
    '# y',
    'a: b',
    '{{ x }}',
    '',
    ' ',
    '~',
    '2026-01-02',
    '*a',
  ),
  fc.constantFrom(
    'two\nlines',
    'tail\n\n',
    ' lead',
    '\u0085',
    '\u2028',
    '\uFEFF',
    'é',
    '😀',
    '"',
    "'",
    '\\',
    '\t',
    '\u0007',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.toWellFormed()),
);

const { value: anyValue } = fc.letrec<{ value: Editable; leaf: Editable }>((tie) => ({
  leaf: fc.oneof(
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
  ),
}));

const anyMap = fc.dictionary(word, anyValue, { minKeys: 1, maxKeys: 5 });

/** Adds keys and items here and there, and replaces a few leaves. */
const grow = (value: Editable, dice: () => number): Editable => {
  if (Array.isArray(value)) {
    const items = value.map((item) => grow(item, dice));
    return dice() < 0.4
      ? items.toSpliced(Math.floor(dice() * (items.length + 1)), 0, { new: ['x', { y: 'on' }] })
      : items;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, member]) => [key, grow(member, dice)] as const);
    return Object.fromEntries(dice() < 0.4 ? [...entries, ['new key', ['x', { y: null }]]] : entries);
  }
  return dice() < 0.1 ? 'another' : value;
};

const write = (value: JsonValue, dice: () => number): string => {
  const document = new Document(value, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Node: (_, node) => {
      if (isCollection(node) && dice() < 0.2) {
        node.flow = true;
      }
      const comment = dice();
      if (comment < 0.2) {
        node.commentBefore = ' before';
      } else if (comment < 0.4) {
        node.comment = ' behind';
      } else if (comment < 0.5) {
        node.spaceBefore = true;
      }
    },
  });
  return document.toString({ indent: dice() < 0.5 ? 2 : 4, indentSeq: dice() < 0.5, lineWidth: dice() < 0.5 ? 0 : 40 });
};

const diceOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const tryToParse = (text: string) => {
  try {
    return parseManifest(text, 'm');
  } catch {
    return undefined;
  }
};

test('every way to write a document takes every addition, and its neighbours keep every byte', () => {
  let anew = 0;
  let changed = 0;
  fc.assert(
    fc.property(anyMap, fc.nat(), (value, seed) => {
      const dice = diceOf(seed);
      const [before, behind] = ['# first\nq:   1   # q\n---\n', '---\n\n# last\nz: [ 1,2 ]\n...\n'];
      const text = before + write(value, dice) + behind;
      const manifest = tryToParse(text);
      // The library writes some comments to where they make the document another one.
      fc.pre(manifest !== undefined && isDeepStrictEqual(manifest.documents[1]?.value, value));
      const values = manifest.documents.map((document) => document.value);
      const now = values.with(1, grow(values[1] as Editable, dice));
      const written = writeManifest(manifest, now);
      expect(parseManifest(written.text, 'm').documents.map((document) => document.value)).toEqual(now);
      expect(written.text.startsWith(before)).toBe(true);
      expect(written.text.endsWith(behind)).toBe(true);
      anew += written.rewritten.length;
      changed += written.text === text ? 0 : 1;
    }),
    { seed: 20_261_121, numRuns: 300 },
  );
  expect(changed).toBeGreaterThan(100);
  expect(anew).toBe(0);
});
