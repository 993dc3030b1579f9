// Keeps the keys of an issuer: pinned, or discovered, kept for a while, and asked for again when a new one turns up.
import { Fault, toError } from '../errors.ts';
import { createAttempts } from './attempts.ts';
import { discoveryUrl, parseDiscovery } from './key-document.ts';

/** Lets work go on after the answer to a request, such as a Worker's `waitUntil`. */
export type Background = (work: Promise<unknown>) => void;

/** Where the keys come from. The same keys are the same value: who remembers something of them can compare. */
export interface KeySource<Keys> {
  /** @throws {Fault} `authentication.keys` where there are none, nor were in the last day */
  readonly current: (background?: Background) => Promise<Keys>;
  /** Newer keys than these; `undefined` where there are none, or where it is too soon to ask. */
  readonly newerThan: (keys: Keys) => Promise<Keys | undefined>;
}

/** What discovering keys needs. */
export interface DiscoveryOptions<Keys> {
  readonly issuer: string;
  /** Gets a document by HTTPS; bounded in time and size, without following redirects. */
  readonly fetchKeys: (url: string) => Promise<string>;
  readonly parse: (text: string, url: string) => Keys;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Hears why keys could not be had. */
  readonly report?: (fault: Fault) => void;
}

const MINUTE = 60_000;
/** How old keys may be before they are asked for again. */
const FRESH = 10 * MINUTE;
/** How old keys may be while the issuer cannot be reached. */
const LAST_GOOD = 24 * 60 * MINUTE;
/** How long nothing is asked after an attempt: strangers can make up key ids as fast as they like. */
const PAUSE = MINUTE / 2;
/** How many attempts may run at once while there are no keys, and how long one counts as running. */
const MOST_ATTEMPTS = 32;
const LONGEST_ATTEMPT = MINUTE / 6;

/** Keys that never change. */
export const pinnedKeys = <Keys>(keys: Keys): KeySource<Keys> => ({
  current: async () => keys,
  newerThan: async () => undefined,
});

/**
 * Keys by OpenID discovery. No attempt is shared between requests: on Workers the work of one request may end with it.
 */
export const discoveredKeys = <Keys>(options: DiscoveryOptions<Keys>): KeySource<Keys> => {
  const { clock } = options;
  const attempts = createAttempts({ clock, pause: PAUSE, longest: LONGEST_ATTEMPT });
  let last: { readonly keys: Keys; readonly text: string; readonly at: number } | undefined;

  const youngerThan = (age: number): Keys | undefined =>
    last !== undefined && clock() - last.at < age ? last.keys : undefined;
  /** Never throws; a failure leaves what was. */
  const refresh = (): Promise<void> =>
    attempts.run(async () => {
      try {
        const { url, text } = await fetchKeySet(options);
        last = { keys: last?.text === text ? last.keys : options.parse(text, url), text, at: clock() };
      } catch (thrown) {
        options.report?.(unavailable(thrown));
      }
    });
  const renewed = async (background: Background | undefined): Promise<Keys | undefined> => {
    const usable = youngerThan(LAST_GOOD);
    if (!attempts.mayBegin(usable === undefined ? MOST_ATTEMPTS : 1)) {
      return usable;
    }
    const work = refresh();
    if (usable !== undefined && background !== undefined) {
      background(work);
      return usable;
    }
    await work;
    return youngerThan(LAST_GOOD);
  };

  return {
    current: async (background) => {
      const keys = youngerThan(FRESH) ?? (await renewed(background));
      if (keys === undefined) {
        throw new Fault('authentication.keys', 'the keys of the issuer cannot be had');
      }
      return keys;
    },
    newerThan: async (keys) => {
      if (attempts.mayBegin(1)) {
        await refresh();
      }
      return last?.keys === keys ? undefined : last?.keys;
    },
  };
};

const fetchKeySet = async <Keys>({ issuer, fetchKeys }: DiscoveryOptions<Keys>) => {
  const url = parseDiscovery(await fetchKeys(discoveryUrl(issuer)), issuer);
  return { url, text: await fetchKeys(url) };
};

const unavailable = (thrown: unknown): Fault =>
  thrown instanceof Fault ? thrown : new Fault('authentication.keys', toError(thrown).message, { cause: thrown });
