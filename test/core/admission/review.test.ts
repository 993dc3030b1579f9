import { describe, expect, test } from 'vitest';
import { decodeReview } from '../../../core/admission/review.ts';
import { Fault } from '../../../core/index.ts';
import { MOST_VALUES } from '../../../core/json-bulk.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const review = (request: unknown, rest: Record<string, unknown> = {}): Uint8Array =>
  encode(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request, ...rest }));

const kind = { group: '', version: 'v1', kind: 'Pod' };

const faultOf = (body: Uint8Array): Fault => {
  try {
    decodeReview(body);
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return thrown;
    }
    throw thrown;
  }
  throw new Error('no fault');
};

describe('decodeReview', () => {
  test('reads what the core needs of a request', () => {
    const request = { uid: 'u', kind, operation: 'CREATE', namespace: 'shop', name: 'x', object: { a: 1 } };
    expect(decodeReview(review(request))).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      request: {
        uid: 'u',
        kind: { group: '', kind: 'Pod' },
        subResource: '',
        operation: 'CREATE',
        namespace: 'shop',
        name: 'x',
        object: { a: 1 },
      },
    });
  });

  test('takes v1beta1 and keeps the version', () => {
    expect(decodeReview(review({ uid: 'u', kind }, { apiVersion: 'admission.k8s.io/v1beta1' })).apiVersion).toBe(
      'admission.k8s.io/v1beta1',
    );
  });

  test('an object that is null is none', () => {
    expect(decodeReview(review({ uid: 'u', kind, object: null })).request.object).toBeUndefined();
  });

  test.each<[string, Uint8Array, string, string]>([
    ['an empty body', encode(''), 'review.empty', 'empty'],
    ['very many values', encode(`[${'1,'.repeat(MOST_VALUES)}1]`), 'review.values', 'more than 200000 values'],
    ['no JSON', encode('{"hello"'), 'review.json', 'not JSON'],
    ['trailing text', encode('{} x'), 'review.json', 'not JSON'],
    ['a byte order mark', encode('\ufeff{}'), 'review.json', 'not JSON'],
    ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'review.encoding', 'UTF-8'],
    ['an overlong encoding', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 'review.encoding', 'UTF-8'],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'review.encoding', 'UTF-8'],
    ['a list', encode('[]'), 'review.invalid', 'not an object'],
    ['null', encode('null'), 'review.invalid', 'not an object'],
    ['another kind', encode('{"kind":"Pod","apiVersion":"v1"}'), 'review.invalid', '/kind'],
    ['another version', review({}, { apiVersion: 'admission.k8s.io/v9' }), 'review.invalid', '/apiVersion'],
    ['a version that is a list', review({}, { apiVersion: ['admission.k8s.io/v1'] }), 'review.invalid', '/apiVersion'],
    ['facts of its own', review({ uid: 'u', kind }, { facts: {} }), 'review.invalid', '/facts'],
    ['no request', review(undefined), 'review.invalid', '/request'],
    ['a request that is a text', review('x'), 'review.invalid', '/request'],
    ['no uid', review({ kind }), 'review.invalid', '/request/uid'],
    ['a uid that is a number', review({ uid: 1, kind }), 'review.invalid', '/request/uid'],
    ['no kind', review({ uid: 'u' }), 'review.invalid', '/request/kind'],
    ['a kind that is a text', review({ uid: 'u', kind: 'Pod' }), 'review.invalid', '/request/kind'],
    ['a kind of numbers', review({ uid: 'u', kind: { kind: 1 } }), 'review.invalid', '/request/kind/kind'],
    ['an operation that is a map', review({ uid: 'u', kind, operation: {} }), 'review.invalid', '/request/operation'],
    ['members of a prototype', encode('{"__proto__":{"kind":"AdmissionReview"}}'), 'review.invalid', '/kind'],
  ])('refuses %s', (_, body, code, text) => {
    const fault = faultOf(body);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(text);
  });
});
