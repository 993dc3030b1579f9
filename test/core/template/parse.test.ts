import { describe, expect, test } from 'vitest';
import { MAX_YAML_BYTES, parseYaml } from '../../../core/template/parse.ts';
import { faultOf } from './template-text.ts';

describe('parseYaml', () => {
  test('reads YAML 1.2 of the core schema', () => {
    const text = 'a: [1, -2.5, 0x1F, 0o17, 1e3]\nb: {t: true, n: null, y: yes, d: 2001-01-01}\nc: |\n  two\n  lines\n';
    expect(parseYaml(text, 'f').value).toEqual({
      a: [1, -2.5, 31, 15, 1000],
      b: { t: true, n: null, y: 'yes', d: '2001-01-01' },
      c: 'two\nlines\n',
    });
  });

  test('an empty file is null', () => {
    expect(parseYaml('# nothing\n', 'f').value).toBeNull();
  });

  test('knows where keys and items stand', () => {
    const { placeOf } = parseYaml('a:\n  - b: 1\n    c: [x, y]\n', 'f.yaml');
    expect(placeOf(['a'])).toEqual({ file: 'f.yaml', line: 1, column: 1, pointer: '/a' });
    expect(placeOf(['a', 0, 'c'])).toEqual({ file: 'f.yaml', line: 3, column: 5, pointer: '/a/0/c' });
    expect(placeOf(['a', 0, 'c', 1])).toMatchObject({ line: 3, column: 12 });
  });

  test('a path that leads nowhere is where its last known step is', () => {
    const { placeOf } = parseYaml('a:\n  b: 1\n', 'f.yaml');
    expect(placeOf(['a', 'b', 'c', 0])).toMatchObject({ line: 2, column: 3 });
    expect(placeOf(['a', 'x'])).toMatchObject({ line: 1, column: 1 });
  });

  test('a key __proto__ is a key', () => {
    const { value } = parseYaml('{__proto__: {polluted: 1}, constructor: 2, toString: 3}', 'f');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each([
    ['a tag that is not known', 'a: !foo 1', 1, 4, /tag/],
    ['a tag of YAML 1.1', 'a: !!binary aGk=', 1, 4, /tag/],
    ['a tag that is known', 'a: !!str 1', 1, 10, /tag .* not allowed/],
    ['a tag on a map', '\na: !!map {b: 1}', 2, 10, /tag/],
    ['an anchor', 'a: &x 1', 1, 7, /anchors/],
    ['an anchor on a key', '&x a: 1', 1, 4, /anchors/],
    ['an alias', 'a: *x', 1, 4, /alias/],
    ['a merge key', 'a: 1\n<<: {b: 1}', 2, 1, /merge keys/],
    ['a doubled key', 'a: 1\nb:\n  c: 1\n  c: 2', 4, 3, /"c" stands here twice/],
    ['a doubled key in flow', '{a: 1, "a": 2}', 1, 8, /twice/],
    ['a doubled __proto__', '{__proto__: 1, __proto__: 2}', 1, 16, /twice/],
    ['a key that is a number', '1: x', 1, 1, /a key must be a text/],
    ['a key that is a list', '? [a]\n: b', 1, 3, /a key must be a text/],
    ['a key that is null', '~: b', 1, 1, /a key must be a text/],
    ['a second document', 'a: 1\n---\nb: 2', 2, 1, /second document/],
    ['YAML 1.1', '%YAML 1.1\n---\na: yes', 1, 1, /YAML 1\.2/],
    ['a number too large for JSON', 'a: 1e400', 1, 4, /number/],
    ['a whole number that JSON would round', 'a: 9007199254740993', 1, 4, /number/],
    ['not a number', 'a: .nan', 1, 4, /number/],
    ['NUL', 'a: 1\nb: "\u0000"', 2, 5, /control character/],
    ['a list that is not closed', 'a: [1, 2\nb: 3', 2, 1, /./],
    ['a tab as indentation', 'a:\n\tb: 1', 2, 1, /[Tt]ab/],
    ['nesting', '['.repeat(200) + ']'.repeat(200), 1, 102, /deeper than 100/],
  ])('refuses %s', (_, text, line, column, message) => {
    const fault = faultOf(() => parseYaml(text, 'f.yaml'));
    expect(fault.code).toBe('template.yaml');
    expect(fault.at).toMatchObject({ file: 'f.yaml', line, column });
    expect(fault.message).toMatch(message);
  });

  test('nesting without end is a fault, not a crash', () => {
    for (const text of ['['.repeat(100_000), '{a: '.repeat(50_000), '- '.repeat(100_000)]) {
      expect(faultOf(() => parseYaml(text, 'f')).code).toBe('template.yaml');
    }
  });

  test('refuses a file that is too large, in bytes', () => {
    expect(faultOf(() => parseYaml('x'.repeat(MAX_YAML_BYTES + 1), 'f')).message).toMatch(/256 KiB/);
    expect(faultOf(() => parseYaml('é'.repeat(MAX_YAML_BYTES / 2 + 1), 'f')).message).toMatch(/256 KiB/);
    expect(parseYaml('é'.repeat(MAX_YAML_BYTES / 2), 'f').value).toHaveLength(MAX_YAML_BYTES / 2);
  });

  test('twenty thousand keys are read in linear time', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(Object.keys(parseYaml(text, 'f').value as object)).toHaveLength(20_000);
  });

  test('another area gives another code', () => {
    expect(faultOf(() => parseYaml('a: *x', 'f', 'configuration')).code).toBe('configuration.yaml');
  });
});
