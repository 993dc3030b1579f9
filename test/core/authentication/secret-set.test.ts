// Secrets are compared by digest, and always to the end.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecretSet } from '../../../core/authentication/secret-set.ts';

const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

/** The same bytes, with a count of how many were read. */
const counting = (bytes: Uint8Array) => {
  const count = { reads: 0 };
  const watched = new Proxy(bytes, {
    get: (target, key) => {
      count.reads += typeof key === 'string' && /^\d+$/.test(key) ? 1 : 0;
      return Reflect.get(target, key, target);
    },
  });
  return { watched, count };
};

describe('a set of secrets', () => {
  it('knows its own by their digests', async () => {
    const set = await createSecretSet(['one', 'two', 'three'], sha256);
    expect(['one', 'two', 'three', 'four', ''].map((secret) => set.indexOf(sha256(secret)))).toEqual([0, 1, 2, -1, -1]);
  });

  it('keeps digests, and no secret', async () => {
    const digested: string[] = [];
    const set = await createSecretSet(['one', 'two'], async (text) => {
      digested.push(text);
      return sha256(text);
    });
    expect(digested).toEqual(['one', 'two']);
    expect(set.indexOf(sha256('two'))).toBe(1);
  });

  it.each([0, 1, 16, 31])('reads all of a digest that differs in byte %i first', async (place) => {
    const set = await createSecretSet(['one', 'two', 'three'], sha256);
    for (const secret of ['one', 'two', 'three', 'other']) {
      const near = Uint8Array.from(sha256(secret));
      const whole = counting(near);
      set.indexOf(whole.watched);
      near[place] = (near[place] ?? 0) ^ 1;
      const changed = counting(near);
      expect(set.indexOf(changed.watched)).toBe(-1);
      expect([whole.count.reads, changed.count.reads]).toEqual([3 * 32, 3 * 32]);
    }
  });

  it.each([0, 16, 31, 33, 64])('does not know a digest of %i bytes', async (length) => {
    const zeros = await createSecretSet(['x'], () => new Uint8Array(32));
    expect(zeros.indexOf(new Uint8Array(32))).toBe(0);
    expect(zeros.indexOf(new Uint8Array(length))).toBe(-1);
  });
});
