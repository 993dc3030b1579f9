// Says in the log and in the metrics how an attempt to take up changed files ended.
import { Fault, formatFault } from '../../core/errors.ts';
import type { Attempt } from './keep-current.ts';
import type { Log } from './log.ts';
import type { Metrics, Reloaded } from './metrics.ts';

/** Where things are said. */
export interface Reporting {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Writes an error for people: place, reason and code of a fault, or the message of anything else. */
export const describeError = (error: Error): string => (error instanceof Fault ? formatFault(error) : error.message);

/** Reports an attempt. The texts are about the operator's own files. */
export const reportReload = (
  { log, metrics }: Reporting,
  what: Reloaded,
  attempt: Attempt<{ readonly fields: object }>,
): void => {
  metrics.reloaded(what, attempt.ok);
  if (attempt.ok) {
    log.info(attempt.value.fields, `${what} reloaded`);
  } else {
    log.error({ reason: describeError(attempt.error) }, `${what} not reloaded; the last good one keeps serving`);
  }
};
