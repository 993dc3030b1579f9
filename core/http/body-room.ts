// Bounds how much the bodies of the requests under way hold together.
import { Fault } from '../errors.ts';

/** What one request holds. */
export interface BodyHold {
  /** @throws {Fault} `review.busy` where there is no room for so many bytes more */
  readonly take: (bytes: number) => void;
  readonly release: () => void;
}

const DEFAULT_LIMIT = 32 * 1024 * 1024;

/** Creates the room, of so many bytes; gives a hold to each request. */
export const createBodyRoom = (limit = DEFAULT_LIMIT): (() => BodyHold) => {
  let taken = 0;
  return () => {
    let held = 0;
    return {
      take: (bytes) => {
        if (taken + bytes > limit) {
          throw new Fault(
            'review.busy',
            `the bodies of the requests under way hold more than ${limit} bytes: try again`,
          );
        }
        taken += bytes;
        held += bytes;
      },
      release: () => {
        taken -= held;
        held = 0;
      },
    };
  };
};
