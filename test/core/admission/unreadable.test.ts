import { expect, test } from 'vitest';
import { unreadable } from '../../../core/admission/unreadable.ts';

test('unreadable names nesting that no Kubernetes object has, however deep', () => {
  expect(unreadable(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toContain('1000 levels');
});

test('unreadable names half of a surrogate pair, in values and in keys', () => {
  expect(unreadable(['\ud800'])).toContain('surrogate');
  expect(unreadable({ '\ud800': 1 })).toContain('surrogate');
});

test('unreadable finds nothing in what the policy reads', () => {
  expect(unreadable({ a: ['😀', null, 1, true, { b: '' }] })).toBeUndefined();
});
