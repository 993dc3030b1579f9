import { describe, expect, test } from 'vitest';
import { holdsTooMany, MOST_VALUES } from '../../core/json-bulk.ts';

const tooMany = (text: string): boolean => holdsTooMany(new TextEncoder().encode(text));

describe('holdsTooMany', () => {
  test.each([
    ['numbers in a list', (n: number) => `[${'1,'.repeat(n - 2)}1]`],
    ['lists in a list', (n: number) => `[${'[],'.repeat(n - 2)}[]]`],
    ['members of an object', (n: number) => `{${'"a":1,'.repeat(n - 2)}"a":1}`],
    ['lists in lists', (n: number) => '['.repeat(n - 1) + ']'.repeat(n - 1)],
  ])('counts %s', (_, text) => {
    expect(tooMany(text(MOST_VALUES + 2))).toBe(true);
    expect(tooMany(text(MOST_VALUES / 2))).toBe(false);
  });

  test('is exact about commas', () => {
    expect(tooMany(`${' '.repeat(2 * MOST_VALUES)}[${'1,'.repeat(MOST_VALUES - 2)}1]`)).toBe(false);
    expect(tooMany(`${' '.repeat(2 * MOST_VALUES)}[${'1,'.repeat(MOST_VALUES - 1)}1]`)).toBe(true);
  });

  test('does not count what stands in texts', () => {
    expect(tooMany(JSON.stringify('[{,"\\'.repeat(MOST_VALUES)))).toBe(false);
    expect(tooMany(JSON.stringify(['\\\\', ',['.repeat(MOST_VALUES)]))).toBe(false);
  });

  test('ends on a text that does not', () => {
    expect(tooMany(`"${'\\'.repeat(2 * MOST_VALUES)}`)).toBe(false);
  });
});
