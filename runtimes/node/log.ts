// The log: one JSON line for each review, and for what happens to the server. Never a value that a pod carries.
import { type Logger, pino } from 'pino';
import type { ReviewEvent } from '../../core/http/app.ts';
import { describeEvent } from '../describe-event.ts';
import { createSelectEvent } from '../select-event.ts';
import type { Settings } from './settings.ts';

/** Takes the lines. */
export interface Output {
  readonly write: (text: string) => unknown;
}

export type Log = Logger;

/** Creates the log. */
export const createLog = (level: Settings['logLevel'], output: Output): Log =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => void output.write(line) },
  );

/** Logs requests to `/mutate`. `bundle` is the digest of the one that served. */
export type LogReview = (event: ReviewEvent, bundle: string) => void;

/** Creates what logs requests. `unsaid` counts the refusals of the same kind that were not worth a line. */
export const createLogReview = (log: Log, clock: () => number): LogReview => {
  const select = createSelectEvent(clock);
  return (event, bundle) => {
    const selected = select(event);
    if (selected !== undefined) {
      const { level, fields, message } = describeEvent(event, bundle);
      log[level](selected.unsaid === 0 ? fields : { ...fields, ...selected }, message);
    }
  };
};
