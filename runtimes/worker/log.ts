// The Worker's log: one JSON line each, through the console, which the platform collects.
import type { ReviewEvent } from '../../core/http/app.ts';
import { describeEvent } from '../describe-event.ts';
import { createSelectEvent } from '../select-event.ts';
import type { Settings } from './settings.ts';

/** Writes lines of the log. */
export interface Log {
  readonly write: (level: Level, fields: Readonly<Record<string, unknown>>, message: string) => void;
}

type Level = 'info' | 'warn' | 'error';

const LEVELS: readonly Settings['PODGRAFT_LOG_LEVEL'][] = ['info', 'warn', 'error', 'silent'];

/** Where lines go: the console, or a stand-in. */
export type Console = Readonly<Record<Level, (line: string) => void>>;

/** Creates the log. */
export const createLog = (least: Settings['PODGRAFT_LOG_LEVEL'], output: Console = console): Log => ({
  write: (level, fields, message) => {
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(least)) {
      const time = new Date().toISOString();
      output[level](JSON.stringify({ level, time, ...fields, msg: message }));
    }
  },
});

/** Logs requests to `/mutate`. `bundle` is the digest of the one that served. */
export type LogReview = (event: ReviewEvent, bundle: string) => void;

/** Creates what logs requests. `unsaid` counts the refusals of the same kind that were not worth a line. */
export const createLogReview = (log: Log): LogReview => {
  const select = createSelectEvent(() => Date.now());
  return (event, bundle) => {
    const selected = select(event);
    if (selected !== undefined) {
      const { level, fields, message } = describeEvent(event, bundle);
      log.write(level, selected.unsaid === 0 ? fields : { ...fields, ...selected }, message);
    }
  };
};
