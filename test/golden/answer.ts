// Brings a recorded answer and podgraft's own into one comparable form.
import type { AdmissionResponseReview, JsonObject, JsonValue } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import type { GoldenCase } from './golden-case.ts';

/** What a caller sees of an answer. `error` is the HTTP status where the answer is no review. */
export type Answer = {
  readonly error?: number;
  readonly allowed?: boolean;
  readonly message?: string;
  readonly warnings?: readonly string[];
  /** The object after the patch. */
  readonly pod?: JsonValue;
} & JsonObject;

/** Brings an object after a patch into the form in which it is compared. */
export type NormalisePod = (pod: JsonObject) => JsonValue;

/** The recorded answer of a case. */
export const recordedAnswer = (golden: GoldenCase, normalise: NormalisePod): Answer => {
  const { allowed, message, warnings = [], http } = golden.response;
  if (allowed === null) {
    return { error: http?.status ?? 0 };
  }
  if (!allowed) {
    return { allowed, message: message ?? '', warnings };
  }
  const pod = golden.podAfter === 'unchanged' ? golden.request.object : golden.podAfter;
  return { allowed, warnings, ...(pod === undefined ? {} : { pod: normalise(pod as JsonObject) }) };
};

/** Podgraft's answer, its patch applied to the object that was sent. */
export const ownAnswer = (golden: GoldenCase, review: AdmissionResponseReview, normalise: NormalisePod): Answer => {
  const { allowed, status, warnings = [] } = review.response;
  if (!allowed) {
    return { allowed, message: status?.message ?? '', warnings };
  }
  const { object } = golden.request;
  const patched = object === undefined ? undefined : applyPatch(object, decodePatch(review));
  return { allowed, warnings, ...(patched === undefined ? {} : { pod: normalise(patched as JsonObject) }) };
};

/** The operations of a response; none where it carries no patch. */
export const decodePatch = ({ response }: AdmissionResponseReview): readonly JsonObject[] =>
  response.patch === undefined
    ? []
    : (JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8')) as readonly JsonObject[]);
