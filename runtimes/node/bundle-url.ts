// Keeps a bundle from an address current: asks again after a while, and later where that failed.
import { readFile } from 'node:fs/promises';
import { Fault, toError } from '../../core/errors.ts';
import { type Download, download } from './bundle-download.ts';
import { type BundleSource, type PackedBundle, packed } from './bundle-source.ts';
import type { Reading } from './keep-current.ts';
import type { Watch } from './watch-folders.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** What is kept current, and how. */
export interface BundleUrlOptions {
  readonly url: URL;
  /** How errors name it. */
  readonly name: string;
  /** PEM files that are read anew each time; empty: none. */
  readonly caFile: string;
  readonly tokenFile: string;
  /** The most bytes of the archive, packed or not. */
  readonly limit: number;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Milliseconds between two questions. */
  readonly interval: number | 'off';
  /** Hears of each attempt how it ended. */
  readonly report: (attempt: DownloadAttempt) => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** How an attempt ended. */
export type DownloadAttempt =
  | { readonly result: 'new' | 'unchanged' }
  | { readonly result: 'failure'; readonly error: Error };

/** A bundle at an address. Reading gives what was downloaded last; only the first reading, or polling, asks. */
export interface BundleUrl extends BundleSource {
  /** @param changed called when something else was downloaded, and awaited */
  readonly poll: (changed: () => Promise<void>) => Watch;
}

/** The first pause after a failure, in milliseconds. */
const FIRST_PAUSE = 1000;

/**
 * How long to wait for the next attempt, in milliseconds. Servers that started together must not ask together: the
 * usual pause varies by a tenth, and the pause after failures, which doubles up to the usual one, by half.
 */
export const nextPause = (interval: number, failures: number, random: number): number => {
  if (failures === 0) {
    return interval * (0.9 + 0.2 * random);
  }
  return Math.min(interval, FIRST_PAUSE * 2 ** Math.min(failures - 1, 30)) * (0.5 + 0.5 * random);
};

/** Creates the source; nothing is asked yet. */
export const createBundleUrl = (options: BundleUrlOptions): BundleUrl => {
  let latest: { readonly reading: Reading<PackedBundle>; readonly etag: string | undefined } | undefined;
  const closing = new AbortController();

  const ask = async (): Promise<Reading<PackedBundle>> => {
    const found = await fetchBundle(options, latest?.etag, closing.signal);
    const reading = found === undefined ? latest?.reading : packed(found.bytes, options);
    if (reading === undefined) {
      throw new Fault('bundle.download', 'the server says that nothing changed, but nothing is there');
    }
    const same = latest?.reading.digest === reading.digest ? latest.reading : undefined;
    latest = { reading: same ?? reading, etag: found === undefined ? latest?.etag : found.etag };
    options.report({ result: same === undefined ? 'new' : 'unchanged' });
    return latest.reading;
  };
  const attempt = async (changed: () => Promise<void>): Promise<boolean> => {
    const before = latest?.reading;
    try {
      if ((await ask()) !== before) {
        await changed();
      }
      return true;
    } catch (thrown) {
      if (!closing.signal.aborted) {
        options.report({ result: 'failure', error: toError(thrown) });
      }
      return false;
    }
  };
  return {
    read: async () => latest?.reading ?? ask(),
    folders: async () => [],
    poll: (changed) => {
      const { close } = repeat(options, () => attempt(changed));
      return {
        close: async () => {
          closing.abort();
          await close();
        },
      };
    },
  };
};

const fetchBundle = async (
  { url, caFile, tokenFile, limit, timeout }: BundleUrlOptions,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Download> => {
  const [ca, token] = await Promise.all([readOptional(caFile), readOptional(tokenFile)]);
  return download({ url, etag, ca, token: token?.trim(), limit, timeout, signal });
};

const readOptional = async (file: string): Promise<string | undefined> => {
  if (file === '') {
    return undefined;
  }
  try {
    return await readFile(file, 'utf8');
  } catch (thrown) {
    const message = `the file cannot be read (${whyUnreadable(thrown)})`;
    throw new Fault('bundle.download', message, { at: { file }, cause: thrown });
  }
};

const repeat = ({ interval, random }: BundleUrlOptions, work: () => Promise<boolean>): Watch => {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let failures = 0;
  let closed = interval === 'off';
  const schedule = (): void => {
    if (!closed && interval !== 'off') {
      timer = setTimeout(start, nextPause(interval, failures, random()));
      timer.unref();
    }
  };
  const start = (): void => {
    running = work().then((ok) => {
      failures = ok ? 0 : failures + 1;
      schedule();
    });
  };
  schedule();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
