// Tells which requests are podgraft's business at all: pods being created.
import type { CoreCode } from '../reason.ts';
import type { AdmissionRequest } from './review.ts';

/** Gives the reason why a request is out of scope; `undefined` for the creation of a pod. */
export const outOfScope = ({ kind, subResource, operation }: AdmissionRequest): CoreCode | undefined => {
  if (kind.group !== '' || kind.kind !== 'Pod') {
    return 'not_a_pod';
  }
  if (subResource !== '') {
    return 'subresource';
  }
  return operation === 'CREATE' ? undefined : 'not_create';
};
