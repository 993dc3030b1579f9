import { describe, expect, test } from 'vitest';
import { checkAnnotationsSize } from '../../../core/k8s/annotations-size.ts';

const podWith = (annotations: Record<string, string>) => ({ metadata: { annotations } });
const LIMIT = 256 * 1024;

describe('annotations that Kubernetes takes', () => {
  test.each([
    ['none', {}],
    ['no metadata that could be read', { metadata: null }],
    ['null', { metadata: { annotations: null } }],
    ['as many bytes as there may be', podWith({ key: 'v'.repeat(LIMIT - 3) })],
    ['of letters with three bytes', podWith({ key: '€'.repeat((LIMIT - 4) / 3) })],
  ])('%s', (_, pod) => {
    expect(checkAnnotationsSize(pod)).toBeUndefined();
  });
});

describe('annotations that it does not take', () => {
  const message = 'metadata.annotations: Too long: may not be more than 262144 bytes';

  test.each([
    ['a value', podWith({ key: 'v'.repeat(LIMIT - 2) })],
    ['names', podWith(Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`name-${index}`, ''])))],
    ['letters of three bytes', podWith({ key: '€'.repeat(LIMIT / 3) })],
  ])('%s', (_, pod) => {
    expect(checkAnnotationsSize(pod)).toBe(message);
  });
});
