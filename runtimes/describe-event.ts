// Says what is logged of a request: a closed list of fields, the same on every runtime.
import type { Caller } from '../core/authentication/method.ts';
import type { Fault } from '../core/errors.ts';
import type { ReviewEvent } from '../core/http/app.ts';
import type { Review } from '../core/review.ts';
import { faultSentence } from './fault-sentence.ts';

/** One line of the log, before any runtime writes it. */
export interface EventLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Names in a request are the caller's: Kubernetes allows 253 characters, and a review that didn't come from it any number. */
const LONGEST = 253;

const clip = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const round = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

/**
 * Describes one request to `/mutate`. What is logged of a review is a closed list of fields, so that no environment
 * value, annotation or body can get in.
 *
 * @param bundle the digest of the bundle that served it
 */
export const describeEvent = (event: ReviewEvent, bundle: string): EventLine => {
  const ms = round(event.milliseconds);
  if ('review' in event) {
    const fields = { ...describeReview(event.review), ...describeCaller(event.caller), ms, bundle };
    return { level: 'info', fields, message: 'review' };
  }
  const fields = { ...describeFault(event.fault, event.status), status: event.status, ms, bundle };
  return event.status >= 500
    ? { level: 'error', fields, message: 'review failed' }
    : { level: 'warn', fields, message: 'request refused' };
};

/** The way in and the name of who came by it: `jwt system:serviceaccount:kube-system:podgraft-caller`. */
const describeCaller = (caller: Caller | undefined) =>
  caller === undefined ? {} : { caller: clip([caller.method, caller.name ?? []].flat().join(' ')) };

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
const describeFault = (fault: Fault, status: number) => ({
  ...Object.fromEntries(Object.entries(fault.about).map(([key, text]) => [key, clip(text)])),
  code: fault.code,
  ...(fault.at === undefined ? {} : { at: fault.at }),
  ...(status < 500 ? { reason: clip(fault.message) } : { reason: faultSentence(fault.code), frames: frames(fault) }),
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
