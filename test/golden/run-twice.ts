// Reviews each recorded pod again after it was injected and defaulted: the second review must change nothing.
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from './answer.ts';
import { defaultPod } from './default-pod.ts';
import { type GoldenCase, readGoldenCases } from './golden-case.ts';
import type { Face } from './run-cases.ts';

const ADDED: JsonObject = { name: 'added-in-between', image: 'proxy:1', args: ['run'] };

/** Defines the tests of convergence for one system. */
export const testTwice = (system: string, face: Face): void => {
  describe(`${system}, reviewed again`, () => {
    const cases = readGoldenCases(system).filter(({ response }) => response.allowed === true);

    test.each(cases)('$id', async (golden) => {
      const first = await injected(face, golden, golden.request.object);
      if (first === undefined || first.operations.length === 0) {
        // Left alone, or refused by a deliberate difference: the table of differences holds which.
        return;
      }
      const second = await injected(face, golden, defaultPod(first.pod));
      expect(second?.operations).toEqual([]);

      const between = await injected(face, golden, withContainer(defaultPod(first.pod)));
      expect(between).toBeDefined();
      expect(between?.operations.filter((operation) => !concernsAdded(operation))).toEqual([]);
      const third = between && (await injected(face, golden, defaultPod(between.pod)));
      expect(third?.operations).toEqual([]);
    });

    test('some of the cases are injected at all', async () => {
      const answers = await Promise.all(cases.map((golden) => injected(face, golden, golden.request.object)));
      expect(answers.filter((answer) => (answer?.operations.length ?? 0) > 0).length).toBeGreaterThan(cases.length / 4);
    });
  });
};

interface Injected {
  readonly pod: JsonObject;
  readonly operations: readonly JsonObject[];
}

const injected = async (
  face: Face,
  golden: GoldenCase,
  object: JsonObject | undefined,
): Promise<Injected | undefined> => {
  if (object === undefined) {
    return undefined;
  }
  const reply = await face.ask({ ...golden, request: { ...golden.request, object } });
  if (!('review' in reply) || !reply.review.response.allowed) {
    return undefined;
  }
  const operations = decodePatch(reply.review);
  return { pod: applyPatch(object, operations) as JsonObject, operations };
};

/** As a service mesh would: in front of all others. */
const withContainer = (pod: JsonObject): JsonObject => {
  const spec = own(pod, 'spec') as JsonObject;
  return { ...pod, spec: { ...spec, containers: [ADDED, ...(own(spec, 'containers') as readonly JsonObject[])] } };
};

const concernsAdded = (operation: JsonObject): boolean => {
  const value = own(operation, 'value');
  return (
    String(own(operation, 'path')).startsWith('/spec/containers/0/') ||
    (isObject(value) && own(value, 'name') === ADDED['name'])
  );
};
