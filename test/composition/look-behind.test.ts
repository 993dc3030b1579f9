// A system that looks behind a pod's variables, beside one that brings some.
import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/index.ts';
import { defaultPod } from '../golden/default-pod.ts';
import { createReviewPod } from './review.ts';
import { systems, wishes } from './wish.ts';

const review = createReviewPod();

const podWith = (annotations: JsonObject): JsonObject => ({
  metadata: { name: 'web', annotations },
  spec: { containers: [{ name: 'web', command: ['/srv/web'] }] },
});

test('nothing is looked up behind what vault_csi has brought', async () => {
  const csi = wishes.find(({ system, name }) => system === 'vault_csi' && name === 'class');
  const asksNothing = { 'secrets-webhook.security.bank-vaults.io/vault-role': 'shop' };
  const first = await review(systems, podWith({ ...csi?.annotations, ...asksNothing }));
  if ('denied' in first) {
    throw new Error(first.denied);
  }
  expect(first.pod).toMatchObject({ spec: { containers: [{ env: [{ valueFrom: { secretKeyRef: {} } }] }] } });
  // No facts are to be had here: a look-up would be a denial.
  expect(await review(systems, defaultPod(first.pod))).toMatchObject({ operations: 0 });
});
