// An injector without a policy: it reads the body as the real one does, and answers what a test says.
import { setTimeout as wait } from 'node:timers/promises';
import { respond } from '../../../core/admission/response.ts';
import { decodeReview } from '../../../core/admission/review.ts';
import type { Injector } from '../../../core/injector.ts';
import type { Review } from '../../../core/review.ts';

/** How it answers. */
export interface StandIn {
  /** How long a review takes, in milliseconds. */
  readonly delay?: number;
  readonly review?: Partial<Pick<Review, 'outcome' | 'codes' | 'operations'>>;
  readonly request?: Partial<Review['request']>;
  /** Thrown in place of an answer. */
  readonly fault?: Error;
}

/** Makes one. */
export const standInInjector = ({ delay = 0, review, request, fault }: StandIn = {}): Injector => ({
  digest: 'sha256:stand-in',
  warnings: [],
  sentence: () => undefined,
  review: async (body) => {
    const decoded = decodeReview(body);
    if (delay > 0) {
      await wait(delay);
    }
    if (fault !== undefined) {
      throw fault;
    }
    const { operations = [] } = review ?? {};
    return {
      response: respond(decoded, { operations: operations.map(({ operation }) => operation) }),
      outcome: 'skipped',
      codes: [{ system: 'stand_in', code: 'nothing' }],
      operations,
      ...review,
      request: {
        uid: decoded.request.uid,
        operation: 'CREATE',
        namespace: 'shop',
        name: 'web',
        generateName: '',
        ...request,
      },
      timings: { decode: 0.0123456, decide: 1, lookup: 0, render: 2, graft: 3, respond: 4 },
    };
  },
});
