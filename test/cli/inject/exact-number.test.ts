// Numbers whose digits a double does not hold, from the manifest's text to what is written.
import { describe, expect, test } from 'vitest';
import { emitBlock, emitInline } from '../../../cli/inject/emit.ts';
import { ExactNumber, readDecimal, restoreDigits, roundNumbers } from '../../../cli/inject/exact-number.ts';
import { writeJson } from '../../../cli/inject/json-text.ts';
import { parseManifest } from '../../../cli/inject/manifest.ts';
import type { JsonValue } from '../../../core/json.ts';

const read = (text: string): JsonValue => parseManifest(text, 'm').documents[0]?.value ?? null;

test.each([
  ['9007199254740993', '9007199254740993'],
  ['+9007199254740993', '9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['0x20000000000001', '9007199254740993'],
  ['0400000000000000001', '9007199254740993'],
  ['9_007_199_254_740_993', '9007199254740993'],
  ['3.14159265358979323846', '3.14159265358979323846'],
  ['.14159265358979323846', '0.14159265358979323846'],
  ['-.14159265358979323846', '-0.14159265358979323846'],
  ['123456789012345678.', '123456789012345678'],
  ['12345678901234567.e2', '12345678901234567e2'],
  ['1e400', '1e400'],
  ['9007199254740992', '9007199254740992'],
  ['1.50', '1.5'],
  ['1e3', '1000'],
  ['0.1', '0.1'],
  ['0e9', '0'],
])('%s is written as %s, in JSON and in YAML', (source, written) => {
  const value = read(`a: ${source}\n`);
  expect(writeJson(value)).toBe(`{"a":${written}}`);
  expect(emitInline(value)).toBe(`{a: ${written}}`);
  expect(read(`${emitBlock(value, false).join('\n')}\n`)).toEqual(value);
});

test('a key that is one keeps its digits', () => {
  expect(writeJson(read('9007199254740993: x\n'))).toBe('{"9007199254740993":"x"}');
});

test('aliases and merge keys carry it', () => {
  expect(writeJson(read('a: &a {x: 9007199254740993}\nb: *a\nc: {<<: *a}\n'))).toBe(
    '{"a":{"x":9007199254740993},"b":{"x":9007199254740993},"c":{"x":9007199254740993}}',
  );
});

test.each(['.inf', '-.Inf', '.nan'])('%s has no JSON', (scalar) => {
  expect(() => writeJson(read(`a: [${scalar}]\n`))).toThrow('the value of "0" is no number that JSON has');
});

describe('what was made of rounded numbers', () => {
  const exact = readDecimal('9007199254740993') as unknown as JsonValue;
  const old: JsonValue = { n: exact, list: [{ name: 'a', n: exact }, { name: 'b' }], other: 1 };

  test('gets the digits again, wherever lists have grown', () => {
    const now: JsonValue = {
      ...(roundNumbers(old) as object),
      list: [{ name: 'new' }, { name: 'a', n: 9007199254740992, more: true }, { name: 'b' }],
    };
    expect(restoreDigits(old, now)).toEqual({
      ...(old as object),
      list: [{ name: 'new' }, { name: 'a', n: exact, more: true }, { name: 'b' }],
    });
    expect(exact).toBeInstanceOf(ExactNumber);
  });

  test('is refused where one has no place any more', () => {
    expect(() => restoreDigits(old, { n: 9007199254740992 })).toThrow('would lose some of them');
  });
});
