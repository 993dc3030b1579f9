import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject, own } from '../../core/index.ts';
import { defaultPod } from '../golden/default-pod.ts';
import { testBundle } from '../test-bundle.ts';
import { podWith } from './generated-pod.ts';
import { createReviewPod, type Reviewed } from './review.ts';
import { MergeConflict, merge, unordered } from './three-way-merge.ts';
import { podErrors } from './valid-pod.ts';
import { systems, type Wish, wishes } from './wish.ts';

const RUNS = 25;

const review = createReviewPod();

const pairs = systems.flatMap((one) => systems.filter((other) => other !== one).map((other) => [one, other] as const));

/** What the injections of single systems have to come to together. */
type Expected = { readonly pod: JsonObject } | 'conflict' | { readonly refusals: readonly string[] };

const expectedOf = (object: JsonObject, alone: readonly Reviewed[], asked: readonly Wish[]): Expected => {
  const refusals = alone.flatMap((reviewed) => ('denied' in reviewed ? [reviewed.denied] : []));
  const ports = asked.flatMap(({ port }) => port ?? []);
  if (refusals.length > 0) {
    return { refusals };
  }
  if (new Set(ports).size < ports.length) {
    return 'conflict';
  }
  try {
    const pods = alone.map((reviewed) => ('pod' in reviewed ? reviewed.pod : object));
    const pod = pods.reduce((whole, next) => merge(object, whole, next) as JsonObject, object);
    // An init container of one and a container of another may have one name.
    return podErrors(pod).length === 0 ? { pod } : 'conflict';
  } catch (thrown) {
    if (thrown instanceof MergeConflict) {
      return 'conflict';
    }
    throw thrown;
  }
};

/** Holds all systems at once against each alone. */
const check = async (
  order: readonly string[],
  asked: readonly Wish[],
  object: JsonObject,
): Promise<'denied' | 'injected'> => {
  const alone: Reviewed[] = [];
  for (const system of order) {
    alone.push(await review([system], object));
  }
  const expected = expectedOf(object, alone, asked);
  const together = await review(order, object);
  if (typeof expected === 'object' && 'pod' in expected) {
    await checkInjected(order, { object, together, expected: expected.pod });
    return 'injected';
  }
  const message = 'denied' in together ? together.denied : '';
  if (expected === 'conflict') {
    expect(message).toContain('already');
    expect(order.filter((system) => message.includes(`${system} (template `))).toHaveLength(2);
  } else {
    expect(message).toBe(expected.refusals.join('; '));
  }
  return 'denied';
};

const checkInjected = async (
  order: readonly string[],
  {
    object,
    together,
    expected,
  }: { readonly object: JsonObject; readonly together: Reviewed; readonly expected: JsonObject },
): Promise<void> => {
  if ('denied' in together) {
    throw new Error(together.denied);
  }
  expect(unordered(together.pod)).toEqual(unordered(expected));
  expectSound(object, together.pod);
  expect(await review(order, defaultPod(together.pod))).toMatchObject({ operations: 0 });
};

/** Valid, with the pod's own containers and volumes in the pod's own order. */
const expectSound = (before: JsonObject, after: JsonObject): void => {
  expect(podErrors(after)).toEqual([]);
  for (const list of ['initContainers', 'containers', 'volumes']) {
    const names = namesIn(before, list);
    expect(namesIn(after, list).filter((name) => names.includes(name))).toEqual(names);
  }
};

const namesIn = (pod: JsonObject, key: string): readonly string[] => {
  const spec = own(pod, 'spec');
  const items = isObject(spec) ? own(spec, key) : undefined;
  return (Array.isArray(items) ? items : []).filter(isObject).map((item) => String(own(item, 'name')));
};

const podsFor = (order: readonly string[]): fc.Arbitrary<readonly [readonly Wish[], JsonObject]> =>
  fc
    .tuple(...order.map((system) => fc.constantFrom(...wishes.filter((wish) => wish.system === system))))
    .chain((asked) => fc.tuple(fc.constant(asked), podWith(asked)));

test('every system of the bundle has wishes', async () => {
  const { data } = await testBundle();
  const { config } = (data as { readonly podgraft: { readonly config: JsonObject } }).podgraft;
  const known = Object.keys(config).filter((key) => key !== 'order');
  expect(systems).toEqual(known.toSorted());
});

test.each(wishes)('$system alone, $name: valid, and injected once', async (wish) => {
  await fc.assert(
    fc.asyncProperty(podWith([wish]), async (object) => {
      const reviewed = await review(systems, object);
      if ('denied' in reviewed) {
        expect(reviewed.denied).toBe(wish.refusal);
        return;
      }
      expect(reviewed.operations).toBeGreaterThan(0);
      expectSound(object, reviewed.pod);
      expect(await review(systems, defaultPod(reviewed.pod))).toMatchObject({ operations: 0 });
    }),
    { seed: 1, numRuns: RUNS },
  );
});

describe.each(pairs)('%s and %s on one pod', (...order) => {
  test('come to what each alone comes to, joined, or to a denial that names both', async () => {
    const outcomes: string[] = [];
    await fc.assert(
      fc.asyncProperty(podsFor(order), async ([asked, object]) => {
        outcomes.push(await check(order, asked, object));
      }),
      { seed: 2, numRuns: 3 * RUNS },
    );
    expect(outcomes.filter((outcome) => outcome === 'injected').length).toBeGreaterThan(RUNS / 2);
  });

  test('are valid and converge where the first was there before the second', async () => {
    await fc.assert(
      fc.asyncProperty(podsFor(order), async ([, object]) => {
        const before = await review(order.slice(0, 1), object);
        const between = 'pod' in before ? defaultPod(before.pod) : undefined;
        const after = between && (await review(order, between));
        fc.pre(after !== undefined && 'pod' in after);
        expectSound(between ?? {}, after.pod);
        expect(await review(order, defaultPod(after.pod))).toMatchObject({ operations: 0 });
      }),
      { seed: 3, numRuns: RUNS },
    );
  });
});

test.each([
  ['by name', systems],
  ['the other way round', systems.toReversed()],
])('all systems on one pod, %s', async (_, order) => {
  await fc.assert(
    fc.asyncProperty(podsFor(order), async ([asked, object]) => {
      await check(order, asked, object);
    }),
    { seed: 4, numRuns: 3 * RUNS },
  );
});
