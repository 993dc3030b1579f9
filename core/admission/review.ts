// Decodes a request body into an AdmissionReview, or says exactly why it is none.
import { Fault } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { holdsTooMany, MOST_VALUES } from '../json-bulk.ts';

/** The versions of the admission API that podgraft speaks. */
const API_VERSIONS: readonly JsonValue[] = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'];

/** A decoded AdmissionReview ([reference](https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/)). */
export interface AdmissionReview {
  readonly apiVersion: string;
  readonly request: AdmissionRequest;
}

/** The fields of a request that the core itself reads; the policy sees all of them. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly kind: { readonly group: string; readonly kind: string };
  readonly subResource: string;
  readonly operation: string;
  readonly namespace: string;
  readonly name: string;
  /** `undefined` where the request carries none, or `null`. */
  readonly object: JsonValue | undefined;
}

/**
 * Decodes a body. What passes is read in the same way by `JSON.parse` and by the policy's own parser: the bytes are
 * strict UTF-8 without a byte order mark, and strict JSON.
 *
 * @throws {Fault} `review.empty`, `review.values`, `review.encoding`, `review.json` or `review.invalid`
 */
export const decodeReview = (body: Uint8Array): AdmissionReview => {
  if (body.byteLength === 0) {
    throw new Fault('review.empty', 'the request body is empty: send an AdmissionReview as JSON');
  }
  if (holdsTooMany(body)) {
    throw new Fault('review.values', `the request body holds more than ${MOST_VALUES} values`);
  }
  const review = parseBody(decodeText(body));
  if (!isObject(review)) {
    throw invalid('', 'is not an object');
  }
  if (own(review, 'facts') !== undefined) {
    throw invalid('/facts', 'is not a field of an AdmissionReview');
  }
  if (own(review, 'kind') !== 'AdmissionReview') {
    throw invalid('/kind', 'is not "AdmissionReview"');
  }
  const apiVersion = own(review, 'apiVersion');
  if (typeof apiVersion !== 'string' || !API_VERSIONS.includes(apiVersion)) {
    throw invalid('/apiVersion', `is none of ${API_VERSIONS.join(', ')}`);
  }
  return { apiVersion, request: decodeRequest(own(review, 'request')) };
};

const decodeText = (body: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new Fault('review.encoding', 'the request body is not UTF-8', { cause });
  }
};

const parseBody = (text: string): JsonValue => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    throw new Fault('review.json', 'the request body is not JSON', { cause });
  }
};

const decodeRequest = (request: JsonValue | undefined): AdmissionRequest => {
  if (!isObject(request)) {
    throw invalid('/request', 'is not an object');
  }
  const kind = own(request, 'kind');
  if (!isObject(kind)) {
    throw invalid('/request/kind', 'is not an object');
  }
  const uid = text(request, 'uid');
  if (uid === '') {
    throw invalid('/request/uid', 'is missing');
  }
  return {
    uid,
    kind: { group: text(kind, 'group', '/kind'), kind: text(kind, 'kind', '/kind') },
    subResource: text(request, 'subResource'),
    operation: text(request, 'operation'),
    namespace: text(request, 'namespace'),
    name: text(request, 'name'),
    object: own(request, 'object') ?? undefined,
  };
};

const text = (object: JsonObject, key: string, at = ''): string => {
  const value = own(object, key) ?? '';
  if (typeof value !== 'string') {
    throw invalid(`/request${at}/${key}`, 'is not a text');
  }
  return value;
};

const invalid = (pointer: string, what: string): Fault =>
  new Fault('review.invalid', `${pointer === '' ? 'the request body' : pointer} ${what}`, { at: { pointer } });
