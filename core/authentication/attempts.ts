// Bounds how often, and how many times at once, something outside is asked.

/** When attempts may be made; times are in milliseconds. */
export interface AttemptLimits {
  readonly clock: () => number;
  /** How long nothing is asked after an attempt ended, well or not. */
  readonly pause: number;
  /** How long one counts as running: on Workers the work of a request may be cut off without a word. */
  readonly longest: number;
}

/** The attempts of one kind. */
export interface Attempts {
  /** Whether another one may begin while fewer than `most` are running. */
  readonly mayBegin: (most: number) => boolean;
  /** Counts the work while it runs. */
  readonly run: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** Creates the count. */
export const createAttempts = ({ clock, pause, longest }: AttemptLimits): Attempts => {
  const running = new Set<{ readonly began: number }>();
  let ended = Number.NEGATIVE_INFINITY;
  return {
    mayBegin: (most) => {
      const now = clock();
      for (const attempt of running) {
        if (now - attempt.began > longest) {
          running.delete(attempt);
        }
      }
      return now - ended >= pause && running.size < most;
    },
    run: async (work) => {
      const attempt = { began: clock() };
      running.add(attempt);
      try {
        return await work();
      } finally {
        running.delete(attempt);
        ended = clock();
      }
    },
  };
};
