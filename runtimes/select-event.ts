// Selects what goes to the log: of callers who are not let in, one for each reason once in a while.
import type { ReviewEvent } from '../core/http/app.ts';

/** How long a reason is not repeated, in milliseconds. */
const PAUSE = 10_000;

/** Whether this event goes to the log, and how many of its kind went unsaid since the last that did. */
export type SelectEvent = (event: ReviewEvent) => { readonly unsaid: number } | undefined;

/**
 * Creates the selection: strangers don't get to fill the log. All else is logged; the metrics count everything.
 *
 * @param clock milliseconds
 */
export const createSelectEvent = (clock: () => number): SelectEvent => {
  const reasons = new Map<string, { since: number; unsaid: number }>();
  return (event) => {
    if ('review' in event || event.status !== 401) {
      return { unsaid: 0 };
    }
    // The codes are a closed set, so the map is bounded.
    const { code } = event.fault;
    const before = reasons.get(code);
    const now = clock();
    if (before !== undefined && now - before.since < PAUSE) {
      before.unsaid += 1;
      return undefined;
    }
    reasons.set(code, { since: now, unsaid: 0 });
    return { unsaid: before?.unsaid ?? 0 };
  };
};
