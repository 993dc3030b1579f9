// The tests that a system's recorded pods, and pods of its own, go through on the cluster.
import { beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { JsonObject } from '../../core/index.ts';
import { readDifferences } from '../golden/differences.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import type { Harness } from './harness.ts';
import type { PodReadBack, ReadBack } from './pod-read-back.ts';

/** What is tried, and what with. */
export interface Tried {
  readonly harness: () => Harness;
  readonly readBack: PodReadBack;
}

/** The cases of a golden system whose pods podgraft is to let in: as the original did, unless it was decided otherwise. */
export const allowedBy = (system: string): ((golden: GoldenCase) => boolean) => {
  const differences = readDifferences(system);
  return ({ id, response }) => {
    const decided = differences.find((row) => row.case === id && row.pointer === '/allowed');
    return decided === undefined ? response.allowed === true : decided.expected === true;
  };
};

/** Recorded cases, group by group of the same settings. `refused` are those that the API server refuses whatever is injected: case, and a part of the refusal. */
export const describeRecorded = (
  { harness, readBack }: Tried,
  groups: ReadonlyMap<string, readonly GoldenCase[]>,
  refusals: Readonly<Record<string, string>>,
): void =>
  describe.each([...groups].map(([text, members]) => ({ name: members[0]?.id ?? '', text, members })))(
    'with the settings of $name',
    ({ text, members }) => {
      beforeAll(() => harness().reconfigure(text));

      test.each(members.map((golden) => [golden.id, golden] as const))(
        '%s is stored as patched',
        async (id, golden) => {
          const { refused } = await readBack.create(golden.request.object ?? {});
          expect(refused ?? '').toContain(refusals[id] ?? '');
          expect(refused === undefined).toBe(refusals[id] === undefined);
        },
      );
    },
  );

/** A pod that no recorded case is like: what it is about, the system's section of the configuration, the pod. */
export type OwnPod = readonly [name: string, section: JsonObject, pod: JsonObject];

/** Pods of our own, each under its configuration; `check` looks at what is stored. */
export const describeOwn = (
  { harness, readBack }: Tried,
  { system, pods, check }: { system: string; pods: readonly OwnPod[]; check: (stored: ReadBack['pod']) => void },
): void =>
  describe.each(pods.map(([name, section, pod]) => ({ name, section, pod })))('$name', ({ section, pod }) => {
    test('is stored as patched', async () => {
      const policy = { [system]: section };
      await harness().reconfigure(stringify({ apiVersion: 'podgraft.dev/v1alpha1', kind: 'Configuration', policy }));
      const { refused, pod: stored } = await readBack.create(pod);
      expect(refused).toBeUndefined();
      check(stored);
    });
  });
