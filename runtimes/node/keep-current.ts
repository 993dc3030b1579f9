// Keeps a value made from files current: re-reads, compares, replaces as a whole, and keeps the last good one.
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { toError } from '../../core/errors.ts';

/** What was read, with a digest that tells one reading from another. */
export interface Reading<Content> {
  readonly digest: string;
  readonly content: Content;
}

/** How a value is read and made, and who wants to know. */
export interface KeepOptions<Content, Value> {
  readonly read: () => Promise<Reading<Content>>;
  readonly make: (content: Content) => Promise<Value>;
  /** Called after each attempt that a change caused; not while nothing changes. */
  readonly attempted: (result: Attempt<Value>) => void;
  /** How long a changed content must stay the same before it is taken, in milliseconds. */
  readonly settle: number;
  /** Whether the value before the current one is kept, so that going back to it costs nothing and cannot fail. */
  readonly keepPrevious?: boolean;
}

/** How an attempt to take up a change ended. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Error };

/** A value that is kept current. */
export interface Kept<Value> {
  readonly current: () => Value;
  /** Looks whether the files changed, and takes up what they say. Never throws; calls wait for one another. */
  readonly check: () => Promise<void>;
}

/** Digests named parts: names and lengths count, so that no two lists of parts look alike. */
export const digestParts = (parts: readonly (readonly [name: string, content: string | Uint8Array])[]): string => {
  const hash = createHash('sha256');
  for (const [name, content] of parts) {
    hash.update(`${JSON.stringify(name)} ${Buffer.byteLength(content)}\n`);
    hash.update(content);
  }
  return `sha256:${hash.digest('hex')}`;
};

/**
 * Makes the first value, strictly: whatever goes wrong is thrown.
 * From then on a change replaces the value in one step, or not at all. A content that failed is not tried again until
 * it changes.
 */
export const keepCurrent = async <Content, Value>(options: KeepOptions<Content, Value>): Promise<Kept<Value>> => {
  const first = await options.read();
  let current: Made<Value> = { digest: first.digest, value: await options.make(first.content) };
  let previous: Made<Value> | undefined;
  let seen = first.digest;
  let last: Promise<void> = Promise.resolve();

  const attempt = async ({ digest, content }: Reading<Content>): Promise<Attempt<Value>> => {
    try {
      // What went back to what is served needs no new value, but ends the trouble.
      if (digest !== current.digest) {
        const value = digest === previous?.digest ? previous.value : await options.make(content);
        previous = options.keepPrevious === true ? current : undefined;
        current = { digest, value };
      }
      return { ok: true, value: current.value };
    } catch (thrown) {
      return { ok: false, error: toError(thrown) };
    }
  };
  const look = async (): Promise<void> => {
    const found = await settled(options, seen);
    if (found === undefined) {
      return;
    }
    seen = found.digest;
    options.attempted('error' in found ? { ok: false, error: found.error } : await attempt(found));
  };
  return {
    current: () => current.value,
    check: () => {
      last = last.then(look);
      return last;
    },
  };
};

interface Made<Value> {
  readonly digest: string;
  readonly value: Value;
}

type Found<Content> = Reading<Content> | { readonly digest: string; readonly error: Error };

/** Reads until two readings agree; `undefined` where nothing changed since the one that was `seen`. */
const settled = async <Content, Value>(
  options: KeepOptions<Content, Value>,
  seen: string,
): Promise<Found<Content> | undefined> => {
  let before = await readOrError(options);
  while (before.digest !== seen) {
    await wait(options.settle);
    const after = await readOrError(options);
    if (after.digest === before.digest) {
      return after;
    }
    before = after;
  }
  return undefined;
};

const readOrError = async <Content, Value>(options: KeepOptions<Content, Value>): Promise<Found<Content>> => {
  try {
    return await options.read();
  } catch (thrown) {
    const error = toError(thrown);
    return { digest: `error:${error.message}`, error };
  }
};
