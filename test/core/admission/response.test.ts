import { describe, expect, test } from 'vitest';
import { respond } from '../../../core/admission/response.ts';
import type { AdmissionReview } from '../../../core/admission/review.ts';

const review: AdmissionReview = {
  apiVersion: 'admission.k8s.io/v1beta1',
  request: {
    uid: 'u',
    kind: { group: '', kind: 'Pod' },
    subResource: '',
    operation: 'CREATE',
    namespace: '',
    name: '',
    object: undefined,
  },
};

describe('respond', () => {
  test('allows, in the version that was asked', () => {
    expect(respond(review, {})).toEqual({
      apiVersion: 'admission.k8s.io/v1beta1',
      kind: 'AdmissionReview',
      response: { uid: 'u', allowed: true },
    });
  });

  test('refuses with a message and no code, as the API server shows it best', () => {
    expect(respond(review, { message: 'no' }).response).toEqual({
      uid: 'u',
      allowed: false,
      status: { metadata: {}, message: 'no' },
    });
  });

  test.each(['plain', 'ümlaut', '漢字', '😀', '\u0000\u2028"\\'])('carries %j in a patch', (value) => {
    const operations = [{ op: 'add', path: '/x', value }];
    const { patch, patchType } = respond(review, { operations }).response;
    expect(patchType).toBe('JSONPatch');
    expect(JSON.parse(Buffer.from(patch ?? '', 'base64').toString('utf8'))).toEqual(operations);
  });

  test('shortens warnings to what the API server shows', () => {
    const [warning] = respond(review, { warnings: ['x'.repeat(300)] }).response.warnings ?? [];
    expect(warning).toHaveLength(256);
    expect(warning?.endsWith('…')).toBe(true);
  });
});
