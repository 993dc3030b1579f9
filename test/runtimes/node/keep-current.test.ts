// Values kept current: replaced whole, or not at all.
import { describe, expect, it } from 'vitest';
import { type Attempt, digestParts, keepCurrent } from '../../../runtimes/node/keep-current.ts';

const setUp = async (first: string, more: { readonly keepPrevious?: boolean } = {}) => {
  const state = { text: first, made: 0, reads: 0 };
  const attempts: Attempt<string>[] = [];
  const readers: (() => string)[] = [];
  const kept = await keepCurrent({
    read: async () => {
      state.reads += 1;
      const text = readers.shift()?.() ?? state.text;
      if (text === 'unreadable') {
        throw new Error('cannot be read');
      }
      return { digest: text, content: text };
    },
    make: async (text) => {
      state.made += 1;
      if (text.startsWith('bad')) {
        throw new Error(`${text} is bad`);
      }
      return `made of ${text}`;
    },
    attempted: (attempt) => attempts.push(attempt),
    settle: 1,
    ...more,
  });
  return { state, attempts, readers, kept };
};

describe('keepCurrent', () => {
  it('throws what is wrong with the first content', async () => {
    await expect(setUp('bad')).rejects.toThrow('bad is bad');
    await expect(setUp('unreadable')).rejects.toThrow('cannot be read');
  });

  it('takes up a change, and says so once', async () => {
    const { state, attempts, kept } = await setUp('one');
    await kept.check();
    expect(attempts).toEqual([]);
    state.text = 'two';
    await kept.check();
    await kept.check();
    expect(kept.current()).toBe('made of two');
    expect(attempts).toEqual([{ ok: true, value: 'made of two' }]);
    expect(state.made).toBe(2);
  });

  it.each(['bad', 'unreadable'])('keeps the last good one when the next is %s, tried once', async (text) => {
    const { state, attempts, kept } = await setUp('one');
    state.text = text;
    await kept.check();
    await kept.check();
    expect(kept.current()).toBe('made of one');
    expect(attempts).toMatchObject([{ ok: false }]);
  });

  it('tries a bad one again when it changes, and one that came back without making it anew', async () => {
    const { state, attempts, kept } = await setUp('one');
    for (const text of ['bad', 'bad still', 'one', 'two']) {
      state.text = text;
      await kept.check();
    }
    expect(attempts.map(({ ok }) => ok)).toEqual([false, false, true, true]);
    expect(kept.current()).toBe('made of two');
    expect(state.made).toBe(4);
  });

  it('makes what was before anew, unless it is told to keep it', async () => {
    for (const [keepPrevious, made] of [
      [false, 5],
      [true, 3],
    ] as const) {
      const { state, kept } = await setUp('one', { keepPrevious });
      for (const text of ['two', 'one', 'two', 'three']) {
        state.text = text;
        await kept.check();
        expect(kept.current()).toBe(`made of ${text}`);
      }
      expect(state.made).toBe(made);
      state.text = 'one';
      await kept.check();
      expect(state.made).toBe(made + 1);
    }
  });

  it('looks once at a time', async () => {
    const { state, attempts, kept } = await setUp('one');
    state.text = 'two';
    await Promise.all([kept.check(), kept.check(), kept.check()]);
    expect(attempts).toEqual([{ ok: true, value: 'made of two' }]);
    expect(state.made).toBe(2);
  });

  it('waits until a content that is being written stays the same', async () => {
    const { state, attempts, readers, kept } = await setUp('one');
    readers.push(
      () => 'bad half',
      () => 'bad most',
      () => 'two',
    );
    state.text = 'two';
    await kept.check();
    expect(attempts).toEqual([{ ok: true, value: 'made of two' }]);
  });

  it('does nothing about a content that came back before it settled', async () => {
    const { attempts, readers, kept } = await setUp('one');
    readers.push(() => 'bad half');
    await kept.check();
    expect(attempts).toEqual([]);
  });
});

describe('digestParts', () => {
  it('tells parts apart that look alike when joined', () => {
    const digests = [
      digestParts([['a', 'bc']]),
      digestParts([['ab', 'c']]),
      digestParts([
        ['a', 'b'],
        ['c', ''],
      ]),
      digestParts([['a', 'b\n"c" 0\n']]),
      digestParts([]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('sees text and its bytes as the same', () => {
    expect(digestParts([['a', 'ä']])).toBe(digestParts([['a', Buffer.from('ä')]]));
  });
});
