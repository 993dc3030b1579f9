// Knows which bundle is served since when, and when its source was last asked.
import type { Metrics } from './metrics.ts';

/** What is known of the bundle that is served. */
export interface BundleStatus {
  /** A bundle is served from now on; the same as before changes nothing. */
  readonly serves: (digest: string) => void;
  /** Its source was asked just now, and answered. */
  readonly checked: () => void;
  /** Lines for people and probes. */
  readonly lines: () => readonly string[];
}

/** Creates the status; it tells the metrics what it is told. */
export const createBundleStatus = (
  metrics: Pick<Metrics, 'setBundle' | 'setBundleTime'>,
  clock: () => number,
): BundleStatus => {
  const known = { digest: '', since: 0, checked: 0 };
  const seconds = (since: number): number => Math.max(0, Math.round((clock() - since) / 1000));
  return {
    serves: (digest) => {
      if (digest !== known.digest) {
        known.digest = digest;
        known.since = clock();
        metrics.setBundle(digest);
        metrics.setBundleTime('served', known.since);
      }
    },
    checked: () => {
      known.checked = clock();
      metrics.setBundleTime('checked', known.checked);
    },
    lines: () => [
      `bundle: ${known.digest}`,
      `age: ${seconds(known.since)} s`,
      `checked: ${seconds(known.checked)} s ago`,
    ],
  };
};
