// The recorded pods of vault-k8s, created in dry run: what the original made of them, beside what podgraft makes.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../core/index.ts';
import { diff, readDifferences, unexpected } from '../golden/differences.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import { configurationText, vaultK8s } from '../golden/vault-k8s.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import { type Harness, startHarness } from './harness.ts';
import { patchedFields } from './pod-field.ts';
import { lostFromPatch } from './read-back.ts';
import { comparable } from './stored-pod.ts';
import { templateFields } from './template-field.ts';

/** Where the recorded pods live, and where those go that the original has changed already. */
const NAMESPACE = 'shop';
const ORIGINAL = 'shop-original';

/** The pods that a real API server refuses although the original made them: case and a part of the refusal. */
const refusedOriginals: Readonly<Record<string, string>> = parse(
  readFileSync(new URL('golden-refusals.yaml', import.meta.url), 'utf8'),
);
const differences = readDifferences(vaultK8s.name);
const cases = readGoldenCases(vaultK8s.name).filter(isCreatable);
const accepted = cases.filter((golden) => isAllowed(golden) && refusedOriginals[golden.id] === undefined);
const seen = new Set<string>();

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness('golden');
  const accounts = [...new Set(cases.flatMap(({ request }) => accountOf(request.object)))];
  await harness.selected(NAMESPACE, accounts);
  await harness.unselected(ORIGINAL, accounts);
});
afterAll(() => harness?.end());

describe.each(groupBySettings(cases))('with the settings of $id', (_, members) => {
  beforeAll(async () => {
    const [first] = members;
    if (first !== undefined) await harness.reconfigure(configurationText(first));
  });

  test.each(members.filter((golden) => accepted.includes(golden)))('$id is stored as the original', async (golden) => {
    const original = await createInDryRun(harness.api, ORIGINAL, podAfter(golden));
    const ours = await createThroughWebhook(golden);
    expect([original.refused, ours.refused]).toEqual([undefined, undefined]);
    const rows = differences.filter((row) => row.case === golden.id);
    expect(unexpected(diff(answer(original), answer(ours)), rows, new Set())).toEqual([]);
  });

  test.each(members.filter((golden) => !isAllowed(golden)))('$id is denied', async (golden) => {
    const { refused } = await createThroughWebhook(golden);
    expect(refused).toMatch(/^admission webhook "[^"]+" denied the request: ./);
  });

  test.each(members.filter(({ id }) => refusedOriginals[id] !== undefined))(
    '$id: the original is refused',
    async (golden) => {
      const original = await createInDryRun(harness.api, ORIGINAL, podAfter(golden));
      expect(original.refused).toContain(refusedOriginals[golden.id]);
    },
  );
});

test('the recorded pods set every field that the template has, so all were read back', () => {
  const unseen = templateFields('vault_agent').filter((field) => !seen.has(field));
  expect(unseen).toEqual([]);
});

/** Creates the recorded pod where podgraft sees it, and holds the stored pod against podgraft's patch. */
async function createThroughWebhook({ request }: GoldenCase): Promise<Verdict> {
  harness.relay.take();
  const verdict = await createInDryRun(harness.api, NAMESPACE, request.object ?? {});
  const exchanges = harness.relay.take();
  expect(exchanges.length, 'reviews of one pod').toBe(1);
  for (const exchange of exchanges) {
    if (verdict.pod !== undefined) expect(lostFromPatch(exchange, verdict.pod)).toEqual([]);
    for (const field of patchedFields(exchange.operations ?? [])) seen.add(field);
  }
  return verdict;
}

function answer({ pod }: Verdict): JsonValue {
  const shown = pod === undefined ? undefined : comparable(pod);
  return isObject(shown) ? { pod: vaultK8s.normalise(shown) } : {};
}

/** A recorded request that an API server can be made to send: the creation of something that it takes for a pod. */
function isCreatable({ request, response }: GoldenCase): boolean {
  const { object, namespace, operation, rawBody } = request;
  const wasRead = response.http === undefined && rawBody === undefined && isObject(object);
  return wasRead && operation === 'CREATE' && namespace === NAMESPACE && object['kind'] === 'Pod';
}

/** What the original answered, unless the table of differences says that podgraft answers otherwise. */
function isAllowed({ id, response }: GoldenCase): boolean {
  const decided = differences.find((row) => row.case === id && row.pointer === '/allowed');
  return decided === undefined ? response.allowed === true : decided.expected === true;
}

function podAfter({ podAfter: after, request }: GoldenCase): JsonObject {
  return isObject(after) ? after : (request.object ?? {});
}

function accountOf(object: JsonObject | undefined): readonly string[] {
  const spec = isObject(object) ? object['spec'] : undefined;
  const account = isObject(spec) ? spec['serviceAccountName'] : undefined;
  return typeof account === 'string' ? [account] : [];
}

/** Groups the cases that were recorded with the same settings. `id` names a group after its first case. */
function groupBySettings(list: readonly GoldenCase[]): (readonly [{ readonly id: string }, readonly GoldenCase[]])[] {
  const groups = Map.groupBy(list, ({ config }) => JSON.stringify([config.flags, config.env]));
  return [...groups.values()].map((members) => [{ id: members[0]?.id ?? '' }, members]);
}
