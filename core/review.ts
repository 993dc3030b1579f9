// What became of one request: the answer, why, and how long it took.
import type { AdmissionResponseReview } from './admission/response.ts';
import type { RecordedOperation } from './pod/write-operations.ts';

/** `unchanged`: all that the pod asks for is there already. */
export type Outcome = 'injected' | 'denied' | 'skipped' | 'unchanged';

/** What became of one request. */
export interface Review {
  readonly response: AdmissionResponseReview;
  readonly outcome: Outcome;
  /** Why, or why not: of the injections, or of the denials, or of the skips. */
  readonly codes: readonly { readonly system: string; readonly code: string }[];
  readonly operations: readonly RecordedOperation[];
  readonly request: RequestIdentity;
  readonly timings: Timings;
}

/** What names a request in a log. Everything in it was written by the caller. */
export interface RequestIdentity {
  readonly uid: string;
  readonly operation: string;
  readonly namespace: string;
  readonly name: string;
  readonly generateName: string;
}

/** How long the steps took, in milliseconds; a step that was not reached took none. */
export interface Timings {
  readonly decode: number;
  readonly decide: number;
  /** Finding facts outside the review, between two rounds of the decision. */
  readonly lookup: number;
  readonly render: number;
  readonly graft: number;
  readonly respond: number;
}
