// Lets a bounded number of tasks run at once, for all and for each of their owners.

/** The most tasks that run at once. */
export interface Bounds {
  readonly total: number;
  /** So that no owner keeps all others waiting. */
  readonly each: number;
}

/**
 * Runs a task when its turn comes, first come first served as far as its owner's bound allows.
 *
 * @throws what the signal is aborted with while the task waits, and what the task throws
 */
export type RunLimited = <Value>(owner: string, signal: AbortSignal, task: () => Promise<Value>) => Promise<Value>;

interface Waiting {
  readonly owner: string;
  readonly start: () => void;
}

/** Creates a limit. */
export const createLimit = ({ total, each }: Bounds): RunLimited => {
  const running = new Map<string, number>();
  const waiting = new Set<Waiting>();
  const count = (owner: string): number => running.get(owner) ?? 0;
  let all = 0;

  const startNext = (): void => {
    for (const next of waiting) {
      if (all >= total) {
        return;
      }
      if (count(next.owner) < each) {
        waiting.delete(next);
        all += 1;
        running.set(next.owner, count(next.owner) + 1);
        next.start();
      }
    }
  };
  const end = (owner: string): void => {
    all -= 1;
    const left = count(owner) - 1;
    if (left === 0) {
      running.delete(owner);
    } else {
      running.set(owner, left);
    }
    startNext();
  };
  const turn = (owner: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const giveUp = (): void => {
        waiting.delete(entry);
        reject(signal.reason);
      };
      const entry = {
        owner,
        start: () => {
          signal.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.add(entry);
      startNext();
    });

  return async (owner, signal, task) => {
    await turn(owner, signal);
    try {
      return await task();
    } finally {
      end(owner);
    }
  };
};
