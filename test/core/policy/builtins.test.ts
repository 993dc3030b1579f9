import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtins } from '../../../core/policy/builtins.ts';

interface Vector {
  readonly builtin: string;
  readonly in: string;
  readonly out: unknown;
  readonly error?: string;
}

/** These cannot fail, so they answer a text alone. */
const ANSWER_TEXTS = ['podgraft.path_clean', 'podgraft.quote'];

const lines = readFileSync(new URL('./builtins-go.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const vectors = lines.slice(1).map((line) => JSON.parse(line) as Vector);

const call = (name: string, ...args: unknown[]): unknown => {
  const builtin = builtins[name];
  if (builtin === undefined) {
    throw new Error(`no builtin ${name}`);
  }
  return builtin(...args);
};

const expected = (vector: Vector): unknown =>
  ANSWER_TEXTS.includes(vector.builtin) ? vector.out : { value: vector.out, error: vector.error ?? '' };

describe('the builtins answer as Go does', () => {
  for (const name of Object.keys(builtins)) {
    const own = vectors.filter((vector) => vector.builtin === name);
    test(`${name}: ${own.length} recorded vectors`, () => {
      expect(own.length).toBeGreaterThan(200);
      const wrong = own
        .map((vector) => ({ text: vector.in, got: call(name, vector.in), want: expected(vector) }))
        .filter(({ got, want }) => JSON.stringify(got) !== JSON.stringify(want));
      expect(wrong).toEqual([]);
    });
  }
});

describe('hostile arguments', () => {
  const odd = [undefined, null, true, 0, Number.NaN, 1n, Symbol('x'), [], {}, () => '', new Map(), '\ud800', '\0'];
  for (const [name, builtin] of Object.entries(builtins)) {
    test(`${name} never throws`, () => {
      expect(() => builtin()).not.toThrow();
      for (const argument of odd) {
        expect(() => builtin(argument, argument)).not.toThrow();
      }
    });
  }

  test('another type is answered like an empty text', () => {
    expect(call('podgraft.parse_json', 7)).toEqual({ value: null, error: 'unexpected end of JSON input' });
    expect(call('podgraft.path_clean', null)).toBe('.');
    expect(call('podgraft.parse_float')).toEqual(call('podgraft.parse_float', ''));
  });

  test('JSON nested too deep is refused, as deep as can be handed back is not', () => {
    const nested = (depth: number, open: string, close: string): string => open.repeat(depth) + close.repeat(depth);
    for (const depth of [1001, 10_001, 100_000]) {
      expect(call('podgraft.parse_json', nested(depth, '[', ']'))).toEqual({
        value: null,
        error: 'exceeded max depth',
      });
      expect(call('podgraft.parse_json', `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)).toEqual({
        value: null,
        error: 'exceeded max depth',
      });
      expect(call('podgraft.parse_json', '['.repeat(depth))).toEqual({ value: null, error: 'exceeded max depth' });
    }
    expect(JSON.stringify(call('podgraft.parse_json', nested(1000, '[', ']')))).toContain('"error":""');
  });

  test('JSON of very many values is refused before it is parsed', () => {
    const list = (length: number): string => `[${'0,'.repeat(length - 1)}0]`;
    expect(call('podgraft.parse_json', list(250_000))).toEqual({
      value: null,
      error: 'the text holds more than 200000 values',
    });
    expect(JSON.stringify(call('podgraft.parse_json', list(150_000)))).toContain('"error":""');
  });

  test('keys that are special in JavaScript stay plain keys', () => {
    const answer = call('podgraft.parse_json', '{"__proto__":{"polluted":1},"constructor":2}');
    expect(JSON.stringify(answer)).toBe('{"value":{"__proto__":{"polluted":1},"constructor":2},"error":""}');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('half of a surrogate pair becomes U+FFFD', () => {
    const value = (text: string): unknown => (call('podgraft.parse_json', text) as { value: unknown }).value;
    expect(value('"\\ud83d\\ude00"')).toBe('😀');
    expect(value('"\\ud83d"')).toBe('\ufffd');
    expect(value('"\\ude00\\ud83d"')).toBe('\ufffd\ufffd');
    expect(value('"\\\\ud83d"')).toBe('\\ud83d');
    expect(value('{"\\uD83D":"\\uDE00x"}')).toEqual({ '\ufffd': '\ufffdx' });
    expect(value('"\ud83d"')).toBe('\ufffd');
  });

  test('256 KiB are read in linear time', () => {
    const size = 256 * 1024;
    const texts = [
      `"${'a'.repeat(size)}`,
      `"${'\\n'.repeat(size / 2)}`,
      `[${'1,'.repeat(size / 2)}`,
      '['.repeat(size),
      `${' '.repeat(size)}x`,
      '9'.repeat(size),
      `-${'9'.repeat(size)}x`,
      `[${'"\\"",'.repeat(size / 5)}`,
      `${'"'.repeat(size)}`,
      '_'.repeat(size),
      `0x${'f'.repeat(size)}p1`,
      `0x${'f_'.repeat(size / 2)}`,
      `${'1_'.repeat(size / 2)}`,
      `${'../'.repeat(size / 3)}`,
      `${'a/../'.repeat(size / 5)}`,
      `/${'a/'.repeat(size / 2)}`,
    ];
    const start = performance.now();
    for (const text of texts) {
      for (const builtin of Object.values(builtins)) {
        builtin(text);
      }
    }
    // 48 calls of a few milliseconds each; one quadratic loop over such a text takes minutes.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
