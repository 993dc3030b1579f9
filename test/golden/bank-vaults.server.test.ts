import { afterAll, expect, test } from 'vitest';
import { bankVaults, configurationText } from './bank-vaults.ts';
import { startWorld } from './bank-vaults-world.ts';
import { readGoldenCases } from './golden-case.ts';
import { testCases } from './run-cases.ts';
import { createServerFace } from './server-face.ts';

const world = await startWorld();
const face = createServerFace(configurationText, world.flags);
afterAll(async () => {
  await face.stop();
  world.stop();
});
testCases(bankVaults, {
  ...face,
  // The original does not look at the content type; podgraft takes JSON only, which is no matter of one system's.
  takes: (golden) => golden.id !== 'broken-requests/content-type-text',
});

test('what the original read outside of the requests was read, but a pull secret that the registry does not want', () => {
  const calls = readGoldenCases(bankVaults.name).flatMap(({ apiCalls = [] }) => apiCalls);
  const read = calls.flatMap(({ method, path }) =>
    method === 'GET' && path !== undefined && /\/(configmaps|secrets)\//.test(path) ? [path] : [],
  );
  const asked = world.asked();
  expect([...new Set(read)].filter((path) => !asked.has(path))).toEqual(['/api/v1/namespaces/shop/secrets/regcred']);
  expect([...asked].filter((path) => path.startsWith('/v2/shop/') && path.includes('/blobs/'))).toHaveLength(5);
});
