import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Fault } from '../../../core/errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../../../core/json.ts';
import { applyContainerPatch, applyPatch } from '../../../core/patch/apply.ts';

interface Vector {
  readonly container?: JsonObject;
  readonly patch: readonly JsonValue[] | null;
  readonly out?: JsonObject;
  readonly error?: string;
}

const [header = '', ...lines] = readFileSync(new URL('./evanphx.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const base = (JSON.parse(header) as { container: JsonObject }).container;
const vectors = lines.map((line) => JSON.parse(line) as Vector);

/** Go leaves out what is empty where we leave it as it was patched; Kubernetes reads both alike. */
const withoutEmpty = (value: JsonValue): JsonValue => {
  if (Array.isArray(value)) {
    return (value as JsonValue[]).map(withoutEmpty);
  }
  if (!isObject(value)) {
    return value;
  }
  const members = Object.entries(value).map(([key, member]): [string, JsonValue] => [key, withoutEmpty(member)]);
  const full = ([, member]: [string, JsonValue]): boolean =>
    !['""', 'false', '0', '[]', '{}', 'null'].includes(JSON.stringify(member));
  return Object.fromEntries(members.filter(full));
};

/** Texts from inside Go's JSON library are compared up to the type's name, which ours gives a place behind. */
const stem = (error: string | undefined): string | undefined =>
  error
    ?.replace(/^(json: cannot unmarshal \w+).* into (Go [^ ]+( [^ ]+ [^ ]+)?) of type .*$/s, '$1 into $2')
    .replace(': %!w(<nil>)', '');

describe('applyContainerPatch does as the engine of vault-k8s does', () => {
  test(`${vectors.length} recorded patches`, () => {
    expect(vectors.length).toBeGreaterThan(700);
    expect(vectors.filter((vector) => vector.out !== undefined).length).toBeGreaterThan(100);
    const wrong = vectors.flatMap((vector) => {
      const result = applyContainerPatch(vector.container ?? base, vector.patch ?? []);
      const got = 'error' in result ? stem(result.error) : withoutEmpty(result.container);
      const want = vector.out === undefined ? stem(vector.error) : withoutEmpty(vector.out);
      return JSON.stringify(sorted(got)) === JSON.stringify(sorted(want)) ? [] : [{ patch: vector.patch, got, want }];
    });
    expect(wrong).toEqual([]);
  });
});

const sorted = (value: JsonValue | undefined): JsonValue | undefined => {
  if (Array.isArray(value)) {
    return (value as JsonValue[]).map((item) => sorted(item) ?? null);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, member]) => [key, sorted(member) ?? null]),
      )
    : value;
};

interface Golden {
  readonly request: { readonly object: { readonly metadata: { readonly annotations: Record<string, string> } } };
  readonly response: { readonly message: string | null };
  readonly podAfter?: { readonly spec: Record<'containers' | 'initContainers', readonly JsonObject[]> };
}

describe('the golden cases of vault-k8s', () => {
  const root = new URL('../../golden/vault-k8s/json-patch/', import.meta.url);
  const read = (file: string): Golden => parse(readFileSync(new URL(file, root), 'utf8')) as Golden;
  const files = readdirSync(root);
  // The other cases are refused by the policy, before there is a list of operations.
  const applied = files.filter((file) => !read(file).response.message?.includes('error parsing JSON patch'));

  test('there are some', () => {
    expect(files).toHaveLength(16);
    expect(applied).toHaveLength(13);
  });

  // The agents as the original makes them for a pod that asks for nothing but injection.
  const { containers, initContainers } = read('unknown-field.yaml').podAfter?.spec ?? {};
  const { livenessProbe: _patched, ...sidecar } = containers?.find(({ name }) => name === 'vault-agent') ?? {};
  const init = initContainers?.find(({ name }) => name === 'vault-agent-init') ?? {};
  // Mounts and the agent's configuration differ by pod.
  const comparable = ({ volumeMounts: _mounts, ...container }: JsonObject): string =>
    JSON.stringify(sorted(container)).replace(/"ey[\w=]+"/, '"…"');

  test.each(applied)('%s', (file) => {
    const { request, response, podAfter } = read(file);
    const { annotations } = request.object.metadata;
    const ofInit = annotations['vault.hashicorp.com/agent-init-json-patch'];
    const text = ofInit ?? annotations['vault.hashicorp.com/agent-json-patch'] ?? '';
    const result = applyContainerPatch(ofInit === undefined ? sidecar : init, JSON.parse(text) as JsonValue[]);
    if ('error' in result) {
      const [message] = `error creating patch for agent: ${result.error}`.split(' (/');
      expect(message).toBe(response.message);
      return;
    }
    const list = podAfter?.spec[ofInit === undefined ? 'containers' : 'initContainers'] ?? [];
    expect(list.map(comparable)).toContain(comparable(result.container));
  });
});

const parsed = (text: string): JsonValue[] => JSON.parse(text) as JsonValue[];
const errorOf = (operations: readonly JsonValue[], container: JsonObject = base): string => {
  const result = applyContainerPatch(container, operations);
  return 'error' in result ? result.error : '';
};

describe('hostile patches', () => {
  test('neither argument is changed', () => {
    const operations = parsed(
      '[{"op":"add","path":"/ports","value":[{"containerPort":1}]},{"op":"add","path":"/ports/0/name","value":"x"},{"op":"copy","from":"/ports/0","path":"/ports/-"},{"op":"replace","path":"/ports/1/name","value":"y"},{"op":"remove","path":"/env/0"}]',
    );
    const before = [structuredClone(base), structuredClone(operations)];
    const result = applyContainerPatch(base, operations);
    expect('container' in result && result.container['ports']).toEqual([
      { containerPort: 1, name: 'x' },
      { containerPort: 1, name: 'y' },
    ]);
    expect([base, operations]).toEqual(before);
  });

  test.each([
    '/__proto__',
    '/__proto__/polluted',
    '/constructor/prototype/polluted',
    '/env/__proto__/polluted',
    '/resources/__proto__/polluted',
    '/env/constructor/prototype',
    '/__proto__~1x/__proto__',
  ])('%s leads nowhere', (path) => {
    for (const op of ['add', 'replace', 'remove', 'test']) {
      expect(errorOf([{ op, path, value: { polluted: true } }])).toMatch(/^failed to apply JSON patch: /);
      expect(errorOf([{ op: 'copy', from: '/env', path }])).toMatch(/^failed to apply JSON patch: /);
      expect(errorOf([{ op: 'move', from: path, path: '/x' }])).toMatch(/^failed to apply JSON patch: /);
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('a value with special keys pollutes nothing and vanishes', () => {
    const result = applyContainerPatch(
      base,
      parsed(
        '[{"op":"add","path":"/x","value":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"hasOwnProperty":1}},{"op":"test","path":"/x/hasOwnProperty","value":1},{"op":"copy","from":"/x","path":"/y"},{"op":"add","path":"/resources/limits","value":{"__proto__":"1"}}]',
      ),
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify('container' in result && result.container['resources'])).toContain('{"__proto__":"1"}');
    expect(Object.keys('container' in result ? result.container : {})).not.toContain('x');
  });

  test('a comparison with special keys fails without harm', () => {
    const value = JSON.parse('{"hasOwnProperty":1,"__proto__":null}') as JsonObject;
    expect(errorOf([{ op: 'test', path: '/resources', value }])).toContain('test failed');
  });

  test('copies cannot grow without end', () => {
    const grow = Array.from({ length: 60 }, () => ({ op: 'copy', from: '/env', path: '/env/-' }));
    expect(errorOf(grow)).toMatch(/Unable to complete the copy, .* exceeding the limit 1048576$/);
  });

  test('what nests too deep is refused', () => {
    let path = '/a';
    const operations: JsonValue[] = [
      { op: 'add', path, value: JSON.parse(`${'{"a":'.repeat(900)}1${'}'.repeat(900)}`) },
    ];
    for (let depth = 900; depth < 20_000; depth = 2 * depth - 10) {
      path = '/a'.repeat(depth);
      operations.push({ op: 'copy', from: '/a', path });
    }
    expect(errorOf(operations)).toContain('exceeded max depth');
  });

  test.each<[string, JsonValue[], string]>([
    [
      'not an object',
      [{ op: 'test', path: '' }, 'x'],
      'failed to decode JSON patch: json: cannot unmarshal string into',
    ],
    ['a list', [[]], 'failed to decode JSON patch: json: cannot unmarshal array into'],
    ['null', [null], 'failed to apply JSON patch: Unexpected kind: unknown'],
    ['an inherited name', [{ op: 'toString', path: '/x' }], 'failed to apply JSON patch: Unexpected kind: toString'],
    ['a path that is a number', [{ op: 'add', path: 1 }], 'failed to apply JSON patch: add operation failed to decode'],
  ])('an operation that is %s', (_name, operations, error) => {
    expect(errorOf(operations).startsWith(error), errorOf(operations)).toBe(true);
  });
});

describe('applyPatch', () => {
  test('applies RFC 6902 and changes neither argument', () => {
    const document = { a: [1, { b: 2 }], c: 'x' };
    const operations = [
      { op: 'test', path: '/a/0', value: 1 },
      { op: 'add', path: '/a/-', value: { d: [] } },
      { op: 'add', path: '/a/2/d/0', value: 'y' },
      { op: 'move', from: '/c', path: '/e~1~0' },
      { op: 'copy', from: '/a/1', path: '/f' },
      { op: 'remove', path: '/a/0' },
    ];
    const before = structuredClone([document, operations]);
    expect(applyPatch(document, operations)).toEqual({ a: [{ b: 2 }, { d: ['y'] }], 'e/~': 'x', f: { b: 2 } });
    expect([document, operations]).toEqual(before);
  });

  test.each([
    ['a missing parent', [{ op: 'add', path: '/x/y', value: 1 }]],
    ['a missing key', [{ op: 'replace', path: '/x', value: 1 }]],
    ['a missing item', [{ op: 'remove', path: '/a/5' }]],
    ['a failed test', [{ op: 'test', path: '/a', value: 1 }]],
    ['a negative index', [{ op: 'add', path: '/a/-1', value: 1 }]],
    ['no operation', [null]],
    ['an unknown operation', [{ op: 'merge', path: '/a', value: 1 }]],
    ['a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }]],
  ])('refuses %s', (_name, operations) => {
    expect(() => applyPatch({ a: [] }, operations as JsonValue[])).toThrow(Fault);
  });
});
