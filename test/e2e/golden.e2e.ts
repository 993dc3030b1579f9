// The recorded pods of vault-k8s, created in dry run: what the original made of them, beside what podgraft makes.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../core/index.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import { configurationText, vaultK8s } from '../golden/vault-k8s.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import {
  accountsOf,
  expectedCases,
  groupBySettings,
  isAllowed,
  isDifferent,
  onCluster,
  podAfter,
  RECORDED_NAMESPACE,
  sendableCases,
} from './golden-pod.ts';
import { type Harness, startHarness } from './harness.ts';
import { injectManifest } from './inject-command.ts';
import { createPodReadBack } from './pod-read-back.ts';
import { comparable } from './stored-pod.ts';

/** Where those pods go that the original has changed already, and those that `podgraft inject` has. */
const UNSELECTED = 'shop-unselected';
/** Fields of a fragment that the init agent shares but never uses. */
const UNREACHABLE = ['spec.initContainers[].lifecycle.preStop.exec.command[]'];

let harness: Harness;
const readBack = createPodReadBack(() => harness, RECORDED_NAMESPACE);
beforeAll(async () => {
  harness = await startHarness('golden');
  const accounts = accountsOf(sendableCases);
  await harness.selected(RECORDED_NAMESPACE, accounts);
  await harness.unselected(UNSELECTED, accounts);
});
afterAll(() => harness?.end());

describe.each(groupBySettings(expectedCases))('with the settings of %s', (_, members) => {
  const allowed = members.filter(isAllowed);
  const denied = members.filter((golden) => !isAllowed(golden));
  let injected: readonly JsonObject[];

  beforeAll(async () => {
    const configuration = configurationText(members[0]);
    const manifest = allowed.map(({ request }) => stringify(request.object)).join('---\n');
    injected =
      allowed.length === 0 ? [] : await injectManifest(manifest, { namespace: RECORDED_NAMESPACE, configuration });
    await harness.reconfigure(configuration);
  });

  test.each(allowed.map(named))('%s is accepted, as the original is', async (_id, golden) => {
    const original = await createInDryRun(harness.api, UNSELECTED, podAfter(golden));
    const ours = await readBack.create(golden.request.object ?? {});
    expect([original.refused, ours.refused]).toEqual([undefined, undefined]);
    if (!isDifferent(golden)) {
      expect(shown(ours)).toEqual(shown(original));
    }
  });

  test.each(allowed.map(named))('%s is stored equally after `podgraft inject`', async (_id, golden) => {
    const ours = await readBack.create(golden.request.object ?? {});
    const inject = await createInDryRun(harness.api, UNSELECTED, injected[allowed.indexOf(golden)] ?? {});
    expect([ours.refused, inject.refused]).toEqual([undefined, undefined]);
    expect(shown(inject)).toEqual(shown(ours));
  });

  test.each(denied.map(named))('%s is denied, as by the original', async (_id, golden) => {
    const { refused } = await readBack.create(golden.request.object ?? {});
    expect(refused).toMatch(/^admission webhook "[^"]+" denied the request: ./);
  });
});

test.each(Object.entries(onCluster.originalRefused))('%s: the original is refused', async (id, reason) => {
  const golden = caseOf(id);
  expect((await createInDryRun(harness.api, UNSELECTED, podAfter(golden))).refused).toContain(reason);
});

test.each(Object.entries(onCluster.unreadable))('%s is refused before any webhook is asked', async (id, reason) => {
  harness.relay.take();
  expect((await createInDryRun(harness.api, RECORDED_NAMESPACE, caseOf(id).request.object ?? {})).refused).toContain(
    reason,
  );
  expect(harness.relay.take()).toEqual([]);
});

test('the recorded pods set every field that the template has, so all were read back', () => {
  expect(readBack.unseen('vault_agent')).toEqual(UNREACHABLE);
});

const shown = ({ pod }: Verdict): JsonValue => {
  const form = pod === undefined ? null : comparable(pod);
  return isObject(form) ? vaultK8s.normalise(form) : form;
};

const caseOf = (id: string): GoldenCase => {
  const found = sendableCases.find((golden) => golden.id === id);
  if (found === undefined) {
    throw new Error(`${id} is no recorded case that an API server could send`);
  }
  return found;
};

const named = (golden: GoldenCase): [string, GoldenCase] => [golden.id, golden];
