// What authenticators need of the outside, for tests: a clock to turn, and key documents that a test holds.
import { createHash } from 'node:crypto';
import type { Fault } from '../../../core/errors.ts';

/** Surroundings that a test turns as it likes. */
export interface TestSurroundings {
  /** Milliseconds since the epoch. */
  now: number;
  /** Documents by address; what is not there cannot be reached. */
  documents: Record<string, string>;
  /** Which addresses were asked for. */
  readonly fetched: string[];
  /** What was reported. */
  readonly reported: Fault[];
  readonly clock: () => number;
  readonly digest: (text: string) => Uint8Array;
  readonly fetchKeys: (url: string) => Promise<string>;
  readonly report: (fault: Fault) => void;
}

/** The time at which they begin. */
export const NOON = Date.UTC(2030, 0, 1, 12);

/** Makes them. */
export const createSurroundings = (): TestSurroundings => {
  const made: TestSurroundings = {
    now: NOON,
    documents: {},
    fetched: [],
    reported: [],
    clock: () => made.now,
    digest: (text) => createHash('sha256').update(text).digest(),
    fetchKeys: async (url) => {
      made.fetched.push(url);
      const text = made.documents[url];
      if (text === undefined) {
        throw new Error(`${url} cannot be reached`);
      }
      return text;
    },
    report: (fault) => void made.reported.push(fault),
  };
  return made;
};
