import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import { defaultPod } from '../golden/default-pod.ts';
import { at, injectorWith, podOf, reviewPod } from './vault-csi-pod.ts';

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '"',
    "'",
    '\n',
    '\r\n- {objectName: x}',
    '${x}',
    '$(HOME)',
    '{{ . }}',
    '../../x',
    '..',
    '\u0000',
    '\u2028',
    '\ufeff',
    '[',
    '[[[[',
    '__proto__',
    'ключ',
    ' ',
    '#',
    '#a',
    'a#',
    '0777',
    '9'.repeat(400),
  ),
  fc.json({ maxDepth: 3 }),
);
const names = fc.constantFrom(
  ...['csi-class', 'role', 'auth-path', 'audience', 'namespace', 'vault-address', 'tls-skip-verify', 'objects', 'env'],
  ...['object-a', 'object-perms-a', 'object-encoding-a', 'object-__proto__', 'env-A', 'containers', 'mount-path'],
  ...['secrets-path', 'secrets-destination', 'agent-inject-secret-b', 'mode', 'auth', 'status'],
);
const objects = fc.array(
  fc.record(
    {
      objectName: hostile,
      secretPath: hostile,
      secretKey: hostile,
      method: fc.constantFrom('GET', 'PUT', 'x'),
      filePermission: hostile,
      encoding: hostile,
      secretArgs: fc.dictionary(hostile, fc.oneof(hostile, fc.double(), fc.boolean())),
    },
    { requiredKeys: ['objectName', 'secretPath'] },
  ),
  { maxLength: 3 },
);
const annotations = fc.oneof(
  fc.dictionary(names, hostile),
  fc.dictionary(names, hostile).map((more) => ({ ...more, role: 'r', 'object-a': 'kv/a' })),
  objects.map((list) => ({ role: 'r', objects: JSON.stringify(list) })),
  fc.tuple(hostile, hostile).map(([path, key]) => ({ role: 'r', 'object-a': `kv/${path}#k${key}` })),
);

test('the pod is refused, or gets what can be read back, and only once', async () => {
  const injector = await injectorWith({});
  let readBack = 0;
  await fc.assert(
    fc.asyncProperty(annotations, async (given) => {
      const object = podOf(given);
      const { response, outcome } = await reviewPod(injector, object);
      if (outcome === 'denied') {
        expect(response.response.status?.message).toMatch(/./);
        return;
      }
      const pod = applyPatch(object, decodePatch(response)) as JsonObject;
      const text = at(pod, 'spec', 'volumes', 0, 'csi', 'volumeAttributes', 'objects');
      if (typeof text === 'string') {
        // The provider reads YAML; it has to find what a reader of JSON finds.
        expect(parse(text)).toEqual(JSON.parse(text));
        expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/);
        readBack += 1;
      }
      expect(at(pod, 'spec', 'containers')).toHaveLength(1);
      expect((await reviewPod(injector, defaultPod(pod))).operations).toEqual([]);
    }),
    { seed: 1, numRuns: 1500 },
  );
  expect(readBack).toBeGreaterThan(100);
});
