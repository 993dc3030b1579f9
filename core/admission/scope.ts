// Tells which requests are podgraft's business at all: pods being created.
import type { AdmissionRequest } from './review.ts';

/** Why a request is none of podgraft's business, each with the sentence that people read. */
export const scopeSentences = {
  not_a_pod: 'The object is not a Pod; podgraft injects into pods only.',
  subresource: 'The request is for a subresource of a pod.',
  not_create: 'The pod is not being created; most of its fields cannot change any more.',
} as const;

/** A code of {@link scopeSentences}. */
export type ScopeCode = keyof typeof scopeSentences;

/** Gives the reason why a request is out of scope; `undefined` for the creation of a pod. */
export const outOfScope = ({ kind, subResource, operation }: AdmissionRequest): ScopeCode | undefined => {
  if (kind.group !== '' || kind.kind !== 'Pod') {
    return 'not_a_pod';
  }
  if (subResource !== '') {
    return 'subresource';
  }
  return operation === 'CREATE' ? undefined : 'not_create';
};
