import { afterAll } from 'vitest';
import { bankVaults, configurationText } from './bank-vaults.ts';
import { testCases } from './run-cases.ts';
import { createServerFace } from './server-face.ts';

const face = createServerFace(configurationText);
afterAll(() => face.stop());
testCases(bankVaults, {
  ...face,
  // The original does not look at the content type; podgraft takes JSON only, which is no matter of one system's.
  takes: (golden) => bankVaults.needsFacts?.(golden) !== true && golden.id !== 'broken-requests/content-type-text',
});
