// What a manifest says, as kubectl reads it.
import { expect, test } from 'vitest';
import { parseManifest } from '../../../cli/inject/manifest.ts';

const read = (scalar: string): unknown => parseManifest(`- ${scalar}\n`, 'm').documents[0]?.value;

/** Values that `sigs.k8s.io/yaml` turns into JSON like this. */
test.each<[string, unknown]>([
  ['0644', 420],
  ['0o644', 420],
  ['0x1F', 31],
  ['-0b11', -3],
  ['08', 8],
  ['1_000', 1000],
  ['+12', 12],
  ['-0', -0],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['5.', 5],
  ['!!float 5', 5],
  ['yes', true],
  ['Off', false],
  ['y', true],
  ['~', null],
  ['', null],
  ['E1', 'E1'],
  ['e5', 'e5'],
  ['.e5', '.e5'],
  ['1:30', '1:30'],
  ['22:22', '22:22'],
  ['2026-11-21', '2026-11-21'],
  ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z'],
  ['1.2.3', '1.2.3'],
  ['0x', '0x'],
  ['.info', '.info'],
  ['-.nan', '-.nan'],
  ['-.INF', Number.NEGATIVE_INFINITY],
  ['500m', '500m'],
  ['_1', '_1'],
  ['"1"', '1'],
  ['!!str 1', '1'],
])('%s', (scalar, value) => {
  expect(read(scalar)).toEqual([value]);
});

test('merge keys merge, and a key of the map itself goes over them', () => {
  const text = 'a: &a {x: 1, z: 2}\nb:\n  <<: *a\n  z: 3\n';
  expect(parseManifest(text, 'm').documents[0]?.value).toEqual({ a: { x: 1, z: 2 }, b: { x: 1, z: 3 } });
});

test('a key named __proto__ is a key', () => {
  const value = parseManifest('__proto__: {x: 1}\n', 'm').documents[0]?.value;
  expect(Object.keys(value ?? {})).toEqual(['__proto__']);
});

test('every document knows its lines', () => {
  const { documents } = parseManifest('# c\na: 1\n---\n\nitems:\n- b: 1\n  c:\n    d: 2\n', 'm');
  expect(documents.map(({ lineOf }) => lineOf([]))).toEqual([2, 5]);
  expect(documents[1]?.lineOf(['items', 0, 'c', 'd'])).toBe(8);
  expect(documents[1]?.lineOf(['items', 7, 'x'])).toBe(5);
});
