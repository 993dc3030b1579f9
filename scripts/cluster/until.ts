// Waits until a question has an answer.
import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** Milliseconds. */
  readonly timeout?: number;
  readonly every?: number;
  /** Stops the waiting early with the thrown error, for example when the program asked has ended. */
  readonly check?: () => void;
}

/**
 * Asks until `probe` gives something other than undefined. What `probe` throws counts as "not yet".
 * Throws after the time-out (30 s by default), naming `what` and the last error.
 */
export const until = async <T>(
  what: string,
  probe: () => Promise<T | undefined>,
  options: UntilOptions = {},
): Promise<T> => {
  const { timeout = 30_000, every = 100, check } = options;
  const deadline = Date.now() + timeout;
  let last: unknown;
  while (Date.now() < deadline) {
    check?.();
    try {
      const answer = await probe();
      if (answer !== undefined) {
        return answer;
      }
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(every);
  }
  const reason = last instanceof Error ? `: ${last.message}` : '';
  throw new Error(`${what}: not so after ${timeout / 1000} s${reason}`, { cause: last });
};
