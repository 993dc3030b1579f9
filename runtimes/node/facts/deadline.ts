// Bounds a task in time.
import { Fault } from '../../../core/errors.ts';

const TIMEOUT = 'facts.timeout';

/** Tells whether something ended because its time was over. */
export const isTimeout = (thrown: unknown): boolean => thrown instanceof Fault && thrown.code === TIMEOUT;

/**
 * Runs a task, and tells it to stop when its time is over or another part of it has failed.
 *
 * @param limit milliseconds
 * @throws {Fault} `facts.timeout`, and what the task throws
 */
export const withDeadline = async <Value>(
  limit: number,
  task: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> => {
  const controller = new AbortController();
  const late = new Fault(
    'facts.timeout',
    `what the decision needs to know was not found within ${Math.round(limit)} ms`,
  );
  const timer = setTimeout(() => controller.abort(late), limit);
  try {
    return await task(controller.signal);
  } finally {
    clearTimeout(timer);
    controller.abort(late);
  }
};
