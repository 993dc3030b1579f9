import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalQuantity } from '../../../core/k8s/quantity.ts';

interface Vector {
  readonly in: string;
  readonly out: string | null;
}

const lines = readFileSync(new URL('./quantity-go.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const vectors = lines.slice(1).map((line) => JSON.parse(line) as Vector);

describe('canonicalQuantity', () => {
  test(`writes ${vectors.length} quantities as Kubernetes does`, () => {
    expect(vectors.length).toBeGreaterThan(1000);
    expect(vectors.filter((vector) => vector.out !== null).length).toBeGreaterThan(600);
    const wrong = vectors
      .map((vector) => ({ text: vector.in, got: canonicalQuantity(vector.in) ?? null, want: vector.out }))
      .filter(({ got, want }) => got !== want);
    expect(wrong).toEqual([]);
  });

  test('what it writes stays as it is', () => {
    for (const { out } of vectors) {
      if (out !== null && out.length < 18) {
        expect(canonicalQuantity(out)).toBe(out);
      }
    }
  });

  test.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1024Mi', '1Gi'],
    ['0.0001', '100u'],
    ['+64Mi', '64Mi'],
    ['2e0', '2e0'],
    ['1e9', '1e9'],
  ])('%s is %s', (text, canonical) => {
    expect(canonicalQuantity(text)).toBe(canonical);
  });

  test.each(['', ' 1', '2e3m', '128mb', '500mi', '1e', '1e99999999999', '\0', '1\n'])('%j is none', (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  });

  test('long texts take no long time', () => {
    const size = 256 * 1024;
    const start = performance.now();
    for (const text of [
      '9'.repeat(size),
      `${'9'.repeat(size)}x`,
      `0.${'9'.repeat(size)}`,
      `${'0'.repeat(size)}.x`,
      `${'9'.repeat(size)}Ei`,
      `1e${'9'.repeat(size)}`,
      `1${'0'.repeat(size)}1`,
      `1${'0'.repeat(size)}1.x`,
      `1e-${'9'.repeat(size)}`,
      '1e-2000000000',
      '123456789123456789123e2000000000',
      `${'e'.repeat(size)}`,
    ]) {
      canonicalQuantity(text);
    }
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
