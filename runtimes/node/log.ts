// The log: one JSON line for each review, and for what happens to the server. Never a value that a pod carries.
import { type Logger, pino } from 'pino';
import type { ReviewEvent } from '../../core/http/app.ts';
import { describeEvent } from '../describe-event.ts';
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

/** Logs one request to `/mutate`. */
export const logReview = (log: Log, event: ReviewEvent, bundle: string): void => {
  const { level, fields, message } = describeEvent(event, bundle);
  log[level](fields, message);
};
