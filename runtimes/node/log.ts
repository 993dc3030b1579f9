// The log: one JSON line for each review, and for what happens to the server. Never a value that a pod carries.
import { type Logger, pino } from 'pino';
import type { Fault } from '../../core/errors.ts';
import type { ReviewEvent } from '../../core/http/app.ts';
import type { Review } from '../../core/review.ts';
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

/** Names in a request are the caller's: Kubernetes allows 253 characters, and a review that didn't come from it any number. */
const LONGEST = 253;

const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * Logs one request to `/mutate`. What is logged of a review is a closed list of fields, so that no environment value,
 * annotation or body can get in.
 */
export const logReview = (log: Log, event: ReviewEvent, bundle: string): void => {
  const ms = round(event.milliseconds);
  if ('review' in event) {
    log.info({ ...describeReview(event.review), ms, bundle }, 'review');
    return;
  }
  const fields = { ...describeFault(event.fault), status: event.status, ms, bundle };
  if (event.status >= 500) {
    log.error(fields, 'review failed');
  } else {
    log.warn(fields, 'request refused');
  }
};

const describeReview = ({ request, outcome, codes, operations, timings }: Review) => {
  const { uid, namespace, name, generateName, operation } = request;
  return {
    uid: clip(uid),
    namespace: clip(namespace),
    ...(name === '' ? { generateName: clip(generateName) } : { name: clip(name) }),
    operation: clip(operation),
    outcome,
    codes: codes.map(({ system, code }) => `${system}/${code}`),
    operations: operations.length,
    steps: {
      decode: round(timings.decode),
      decide: round(timings.decide),
      lookup: round(timings.lookup),
      render: round(timings.render),
      graft: round(timings.graft),
      respond: round(timings.respond),
    },
  };
};

/**
 * A fault of a request, without the words of any library: those quote the body (`JSON.parse` does) or a value. Our own
 * sentences about a request name places only; those about templates and parameters may quote, and are left out.
 */
const describeFault = (fault: Fault) => ({
  code: fault.code,
  ...(fault.at === undefined ? {} : { at: fault.at }),
  ...(fault.code.startsWith('review.') ? { reason: clip(fault.message) } : { frames: frames(fault) }),
});

/** Where the innermost cause was thrown: the frames of its stack, without its message. */
const frames = (fault: Fault): readonly string[] => {
  let inner: Error = fault;
  for (let depth = 0; depth < 8 && inner.cause instanceof Error; depth += 1) {
    inner = inner.cause;
  }
  const { stack = '', message } = inner;
  const behind = stack.includes(message) ? stack.slice(stack.indexOf(message) + message.length) : '';
  return behind
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
};
