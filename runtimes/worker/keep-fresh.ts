// Keeps a value fresh that is made of a text in a store: read when first needed, then behind the requests' backs.
import { Fault, toError } from '../../core/errors.ts';
import type { RequestContext } from './platform.ts';

/** How a value is read and made, and who wants to know. */
export interface KeepOptions<Value> {
  readonly read: () => Promise<string>;
  readonly make: (text: string) => Promise<Value>;
  /** How long an answer of the store holds, in milliseconds. */
  readonly interval: number;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Called after each attempt that a change caused; not while nothing changes. */
  readonly attempted: (attempt: Attempt<Value>) => void;
}

/** How an attempt to take up a text ended. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Error };

/** A value that is kept fresh. */
export interface Fresh<Value> {
  /**
   * Gives the value. Only while there is none yet, it waits for the store; concurrent callers wait for one reading.
   *
   * @throws {Fault} why there is none yet
   */
  readonly current: (context: RequestContext) => Promise<Value>;
}

/** After a failed first reading, how long callers get its error without another one, in milliseconds. */
const RETRY = 1000;

/** A reading that takes longer belongs to a request that was cancelled, and will never end; in milliseconds. */
const LOST = 10_000;

interface Reading {
  readonly since: number;
  readonly ended: Promise<void>;
}

/** Creates the keeper. Nothing is read before the first call. */
export const keepFresh = <Value>(options: KeepOptions<Value>): Fresh<Value> => {
  const { clock, interval } = options;
  let latest: Attempt<Value> | undefined;
  let good: { readonly value: Value } | undefined;
  let seen: string | undefined;
  let checked = Number.NEGATIVE_INFINITY;
  let reading: Reading | undefined;

  const start = (): Reading => {
    const mine: Reading = { since: clock(), ended: attempt(options, seen).then((found) => end(mine, found)) };
    return mine;
  };
  const end = (mine: Reading, found: Found<Value>): void => {
    if (reading !== mine) {
      return; // It was given up, and another one took its place.
    }
    reading = undefined;
    checked = clock();
    if (found === 'same') {
      return;
    }
    seen = found.text;
    latest = found.attempt;
    good = found.attempt.ok ? found.attempt : good;
    options.attempted(found.attempt);
  };
  const look = (context: RequestContext): void => {
    const now = clock();
    if (now - checked < (good === undefined ? RETRY : interval)) {
      return;
    }
    if (reading === undefined || now - reading.since >= LOST) {
      reading = start();
    }
    context.waitUntil(reading.ended);
  };
  const first = async (): Promise<Value> => {
    if (reading !== undefined) {
      await orLost(reading.ended);
    }
    if (good === undefined) {
      throw latest?.ok === false ? latest.error : new Fault('bundle.unreadable', 'the store gave no answer in time');
    }
    return good.value;
  };
  return {
    current: async (context) => {
      look(context);
      return good === undefined ? first() : good.value;
    },
  };
};

type Found<Value> = 'same' | { readonly text: string | undefined; readonly attempt: Attempt<Value> };

const attempt = async <Value>({ read, make }: KeepOptions<Value>, seen: string | undefined): Promise<Found<Value>> => {
  let text: string | undefined;
  try {
    text = await read();
    return text === seen ? 'same' : { text, attempt: { ok: true, value: await make(text) } };
  } catch (thrown) {
    return { text, attempt: { ok: false, error: toError(thrown) } };
  }
};

/** Waits, but not for longer than the request that does the reading may live. */
const orLost = async (ended: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lost = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LOST);
  });
  await Promise.race([ended, lost]);
  clearTimeout(timer);
};
