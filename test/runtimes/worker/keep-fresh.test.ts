// A value that is kept fresh: one reading at a time, behind the requests' backs, the last good one kept.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Attempt, keepFresh } from '../../../runtimes/worker/keep-fresh.ts';

/** A store that answers when the test says so, and a clock that stands still. */
const createScene = () => {
  const asked: { readonly give: (text: string) => void; readonly fail: (error: Error) => void }[] = [];
  const attempts: Attempt<string>[] = [];
  const background: Promise<unknown>[] = [];
  const clock = { now: 0 };
  const fresh = keepFresh<string>({
    read: () => new Promise((give, fail) => asked.push({ give, fail })),
    make: async (text) => {
      if (text.startsWith('bad')) {
        throw new Error(`made of ${text}`);
      }
      return `value of ${text}`;
    },
    interval: 60_000,
    clock: () => clock.now,
    attempted: (attempt) => attempts.push(attempt),
  });
  const context = { waitUntil: (work: Promise<unknown>) => void background.push(work) };
  return {
    asked,
    attempts,
    background,
    clock,
    current: () => fresh.current(context),
    settle: () => Promise.allSettled(background),
  };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the first callers', () => {
  it('wait for one reading, which outlives each of them', async () => {
    const scene = createScene();
    expect(scene.asked).toHaveLength(0);
    const callers = [scene.current(), scene.current(), scene.current()];
    expect(scene.asked).toHaveLength(1);
    expect(scene.background).toHaveLength(3);
    scene.asked[0]?.give('a');
    expect(await Promise.all(callers)).toEqual(['value of a', 'value of a', 'value of a']);
    expect(scene.attempts).toEqual([{ ok: true, value: 'value of a' }]);
  });

  it('all hear why there is none, and the store is asked again only after a second', async () => {
    const scene = createScene();
    const callers = [scene.current(), scene.current()];
    scene.asked[0]?.fail(new Error('away'));
    for (const result of await Promise.allSettled(callers)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { message: 'away' } });
    }
    scene.clock.now = 999;
    await expect(scene.current()).rejects.toThrow('away');
    expect(scene.asked).toHaveLength(1);
    scene.clock.now = 1000;
    const later = scene.current();
    expect(scene.asked).toHaveLength(2);
    scene.asked[1]?.give('a');
    expect(await later).toBe('value of a');
  });

  it('are not kept waiting by a reading that never ends, and the next one begins another', async () => {
    const scene = createScene();
    const caller = scene.current();
    const result = expect(caller).rejects.toMatchObject({ code: 'bundle.unreadable' });
    await vi.advanceTimersByTimeAsync(10_000);
    await result;
    scene.clock.now = 10_000;
    const later = scene.current();
    expect(scene.asked).toHaveLength(2);
    scene.asked[1]?.give('b');
    expect(await later).toBe('value of b');
    // The first one ends after all: what it read is old by now.
    scene.asked[0]?.give('a');
    await scene.settle();
    expect(await scene.current()).toBe('value of b');
    expect(scene.attempts).toEqual([{ ok: true, value: 'value of b' }]);
  });
});

describe('later callers', () => {
  const loaded = async () => {
    const scene = createScene();
    const first = scene.current();
    scene.asked[0]?.give('a');
    await first;
    return scene;
  };

  it('never wait, and the store is asked at most once an interval', async () => {
    const scene = await loaded();
    scene.clock.now = 59_999;
    expect(await scene.current()).toBe('value of a');
    expect(scene.asked).toHaveLength(1);
    scene.clock.now = 60_000;
    expect(await Promise.all([scene.current(), scene.current()])).toEqual(['value of a', 'value of a']);
    expect(scene.asked).toHaveLength(2);
    scene.asked[1]?.give('b');
    await scene.settle();
    expect(await scene.current()).toBe('value of b');
  });

  it('get the last good value while the store fails or holds what is broken, which is said once', async () => {
    const scene = await loaded();
    const answers = ['bad 1', 'bad 1', new Error('away'), 'a', 'c'];
    for (const [index, answer] of answers.entries()) {
      scene.clock.now += 60_000;
      expect(await scene.current()).toBe('value of a');
      const asked = scene.asked[index + 1];
      answer instanceof Error ? asked?.fail(answer) : asked?.give(answer);
      await scene.settle();
    }
    expect(await scene.current()).toBe('value of c');
    expect(scene.attempts.map((attempt) => (attempt.ok ? attempt.value : attempt.error.message))).toEqual([
      'value of a',
      'made of bad 1',
      'away',
      'value of a',
      'value of c',
    ]);
  });

  it('cause no work while the text stays the same', async () => {
    const scene = await loaded();
    scene.clock.now = 60_000;
    await scene.current();
    scene.asked[1]?.give('a');
    await scene.settle();
    expect(scene.attempts).toHaveLength(1);
  });

  it('get on without a reading that never ends', async () => {
    const scene = await loaded();
    scene.clock.now = 60_000;
    await scene.current();
    scene.clock.now = 69_999;
    await scene.current();
    expect(scene.asked).toHaveLength(2);
    scene.clock.now = 70_000;
    await scene.current();
    expect(scene.asked).toHaveLength(3);
  });
});
