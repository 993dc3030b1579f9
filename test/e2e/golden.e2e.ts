// The recorded pods of vault-k8s, created in dry run: what the original made of them, beside what podgraft makes.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../core/index.ts';
import { readDifferences } from '../golden/differences.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import { configurationText, vaultK8s } from '../golden/vault-k8s.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import { type Harness, startHarness } from './harness.ts';
import { injectManifest } from './inject-command.ts';
import { patchedFields } from './pod-field.ts';
import { lostFromPatch } from './read-back.ts';
import { comparable } from './stored-pod.ts';
import { templateFields } from './template-field.ts';

/** Where the recorded pods live, and where those go that the original has changed already. */
const NAMESPACE = 'shop';
const ORIGINAL = 'shop-original';

const onCluster = readExpectations();
const differences = readDifferences(vaultK8s.name);
const cases = readGoldenCases(vaultK8s.name).filter(isCreatable);
const kept = cases.filter(({ id }) => !Object.values(onCluster).some((table) => id in table));
/** Fields of a fragment that the init agent shares but never uses. */
const unreachable = ['spec.initContainers[].lifecycle.preStop.exec.command[]'];
const seen = new Set<string>();

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness('golden');
  const accounts = [...new Set(cases.flatMap(({ request }) => accountOf(request.object)))];
  await harness.selected(NAMESPACE, accounts);
  await harness.unselected(ORIGINAL, accounts);
});
afterAll(() => harness?.end());

describe.each(groupBySettings(kept))('with the settings of %s', (_, members) => {
  const allowed = members.filter(isAllowed);
  const denied = members.filter((golden) => !isAllowed(golden));
  let injected: readonly JsonObject[];

  beforeAll(async () => {
    const configuration = configurationText(members[0]);
    const manifest = allowed.map(({ request }) => stringify(request.object)).join('---\n');
    injected = allowed.length === 0 ? [] : await injectManifest(manifest, { namespace: NAMESPACE, configuration });
    await harness.reconfigure(configuration);
  });

  test.each(allowed.map(named))('%s is accepted, as the original is', async (id, golden) => {
    const original = await createInDryRun(harness.api, ORIGINAL, podAfter(golden));
    const ours = await createThroughWebhook(golden);
    expect([original.refused, ours.refused]).toEqual([undefined, undefined]);
    const isDifferent = differences.some((row) => row.case === id);
    if (!isDifferent) expect(shown(ours)).toEqual(shown(original));
  });

  test.each(allowed.map(named))('%s is stored equally after `podgraft inject`', async (_id, golden) => {
    const ours = await createThroughWebhook(golden);
    const inject = await createInDryRun(harness.api, ORIGINAL, injected[allowed.indexOf(golden)] ?? {});
    expect([ours.refused, inject.refused]).toEqual([undefined, undefined]);
    expect(shown(inject)).toEqual(shown(ours));
  });

  test.each(denied.map(named))('%s is denied, as by the original', async (_id, golden) => {
    const { refused } = await createThroughWebhook(golden);
    expect(refused).toMatch(/^admission webhook "[^"]+" denied the request: ./);
  });
});

test.each(Object.entries(onCluster.originalRefused))('%s: the original is refused', async (id, reason) => {
  const golden = caseOf(id);
  expect((await createInDryRun(harness.api, ORIGINAL, podAfter(golden))).refused).toContain(reason);
});

test.each(Object.entries(onCluster.unreadable))('%s is refused before any webhook is asked', async (id, reason) => {
  harness.relay.take();
  expect((await createInDryRun(harness.api, NAMESPACE, caseOf(id).request.object ?? {})).refused).toContain(reason);
  expect(harness.relay.take()).toEqual([]);
});

test('the recorded pods set every field that the template has, so all were read back', () => {
  const unseen = templateFields('vault_agent').filter((field) => !seen.has(field));
  expect(unseen).toEqual(unreachable);
});

/** Creates the recorded pod where podgraft sees it, and holds the stored pod against podgraft's patch. */
async function createThroughWebhook({ request }: GoldenCase): Promise<Verdict> {
  harness.relay.take();
  const verdict = await createInDryRun(harness.api, NAMESPACE, request.object ?? {});
  const exchanges = harness.relay.take();
  expect(exchanges.length).toBeGreaterThan(0);
  for (const [index, exchange] of exchanges.entries()) {
    const operations = exchange.operations ?? [];
    // The API server asks again where it mounted the token into a new container.
    if (index > 0) expect(operations, 'operations of a later review').toEqual([]);
    if (verdict.pod !== undefined) expect(lostFromPatch(exchange, verdict.pod)).toEqual([]);
    for (const field of patchedFields(operations)) seen.add(field);
  }
  return verdict;
}

function shown({ pod }: Verdict): JsonValue {
  const form = pod === undefined ? null : comparable(pod);
  return isObject(form) ? vaultK8s.normalise(form) : form;
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

interface Expectations {
  readonly originalRefused: Readonly<Record<string, string>>;
  readonly unreadable: Readonly<Record<string, string>>;
  readonly changedBefore: Readonly<Record<string, string>>;
}

function readExpectations(): Expectations {
  return parse(readFileSync(new URL('golden-on-cluster.yaml', import.meta.url), 'utf8'));
}

function caseOf(id: string): GoldenCase {
  const found = cases.find((golden) => golden.id === id);
  if (found === undefined) throw new Error(`${id} is no recorded case that an API server could send`);
  return found;
}

function named(golden: GoldenCase): [string, GoldenCase] {
  return [golden.id, golden];
}

/** Groups the cases that were recorded with the same settings; a group is named after its first case. */
function groupBySettings(list: readonly GoldenCase[]): [string, readonly [GoldenCase, ...GoldenCase[]]][] {
  const groups = Map.groupBy(list, ({ config }) => JSON.stringify([config.flags, config.env]));
  return [...groups.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first.id, [first, ...rest]]],
  );
}
