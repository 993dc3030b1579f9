// Builds the AdmissionReview that answers a request.
import type { AdmissionReview } from './review.ts';

/** What to answer: allowed with or without a patch, or refused with a message. */
export interface Answer {
  /** Why the pod is refused; absent: it is allowed. */
  readonly message?: string;
  /** The JSON Patch as a list of operations; absent or empty: the object stays as it is. */
  readonly operations?: readonly unknown[];
  readonly warnings?: readonly string[];
  readonly audit?: Readonly<Record<string, string>>;
}

/** An AdmissionReview with a response, ready for `JSON.stringify`. */
export interface AdmissionResponseReview {
  readonly apiVersion: string;
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}

/** The response half of an AdmissionReview. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly patchType?: 'JSONPatch';
  /** Base64 of the JSON Patch. */
  readonly patch?: string;
  readonly status?: { readonly metadata: Record<string, never>; readonly message: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** Long enough for every sentence of ours; a message may quote what a pod's author wrote, at any length. */
const MAX_MESSAGE = 4096;

/** The API server shortens longer warnings without a word. */
const MAX_WARNING = 256;

/** Answers a review in the version in which it was asked. */
export const respond = (
  review: Pick<AdmissionReview, 'apiVersion' | 'request'>,
  { message, operations = [], warnings = [], audit = {} }: Answer,
): AdmissionResponseReview => ({
  apiVersion: review.apiVersion,
  kind: 'AdmissionReview',
  response: {
    uid: review.request.uid,
    allowed: message === undefined,
    ...(message === undefined ? {} : { status: { metadata: {}, message: shorten(message, MAX_MESSAGE) } }),
    ...(operations.length === 0 ? {} : { patchType: 'JSONPatch' as const, patch: encodePatch(operations) }),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map((warning) => shorten(warning, MAX_WARNING)) }),
    ...(Object.keys(audit).length === 0 ? {} : { auditAnnotations: audit }),
  },
});

/** Writes everything beyond ASCII as an escape, so that `btoa`, which takes bytes only, can have the text as it is. */
const encodePatch = (operations: readonly unknown[]): string => {
  const json = JSON.stringify(operations);
  // Faster than a regular expression: a text is ASCII when its UTF-8 is as long as itself.
  const isAscii = new TextEncoder().encode(json).byteLength === json.length;
  return btoa(isAscii ? json : json.replace(/[^\0-\x7f]/g, escapeUnit));
};

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const shorten = (text: string, limit: number): string => (text.length <= limit ? text : `${text.slice(0, limit - 1)}…`);
