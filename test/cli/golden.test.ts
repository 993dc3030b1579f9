// The recorded cases of vault-k8s as manifests: all pods of one configuration in one run of `podgraft inject`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { emitBlock } from '../../cli/inject/emit.ts';
import type { AdmissionResponseReview, JsonObject } from '../../core/index.ts';
import { own } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import { type GoldenCase, readGoldenCases } from '../golden/golden-case.ts';
import { type Face, testCases } from '../golden/run-cases.ts';
import { configurationText, vaultK8s } from '../golden/vault-k8s.ts';
import { type Ran, runCli } from './fake-terminal.ts';

const OUTSIDE_REVIEW = ['rawBody', 'headers', 'path', 'reviewVersion'];

/** A case that a manifest can be: a Pod that is created in a namespace, sent as one sends it. */
const isPlain = ({ request }: GoldenCase): boolean => {
  const { object, namespace } = request;
  const metadata = own(object ?? {}, 'metadata') as JsonObject | undefined;
  return (
    OUTSIDE_REVIEW.every((key) => own(request, key) === undefined) &&
    own(object ?? {}, 'kind') === 'Pod' &&
    own(object ?? {}, 'apiVersion') === 'v1' &&
    (own(request, 'operation') ?? 'CREATE') === 'CREATE' &&
    (own(request, 'subResource') ?? '') === '' &&
    (namespace ?? '') !== '' &&
    (metadata?.['namespace'] ?? namespace) === namespace
  );
};

const folder = mkdtempSync(join(tmpdir(), 'podgraft-cli-golden-'));
afterAll(() => rmSync(folder, { recursive: true }));

const groupOf = (golden: GoldenCase): string => `${golden.request.namespace}\n${configurationText(golden)}`;

const groups = Map.groupBy(readGoldenCases('vault-k8s').filter(isPlain), groupOf);

const runGroup = (cases: readonly GoldenCase[], ...options: readonly string[]): Promise<Ran> => {
  const [first] = cases;
  const config = join(folder, `${[...groups.keys()].indexOf(first === undefined ? '' : groupOf(first))}.yaml`);
  writeFileSync(config, first === undefined ? '' : configurationText(first));
  const stdin = cases.map(({ request }) => `${emitBlock(request.object ?? null, true).join('\n')}\n`).join('---\n');
  const namespace = first?.request.namespace ?? '';
  return runCli(['inject', '-f', '-', '-n', namespace, '--config', config, '--no-service-account', ...options], {
    stdin,
  });
};

const parseStream = (text: string): readonly AdmissionResponseReview[] =>
  JSON.parse(`[${text.replaceAll('\n}\n{', '\n},\n{')}]`) as readonly AdmissionResponseReview[];

const answers = new Map<string, Promise<readonly AdmissionResponseReview[]>>();

const answersOf = (group: string): Promise<readonly AdmissionResponseReview[]> => {
  const known =
    answers.get(group) ?? runGroup(groups.get(group) ?? [], '-o', 'review').then((ran) => parseStream(ran.stdout));
  answers.set(group, known);
  return known;
};

const face: Face = {
  name: 'podgraft inject',
  takes: isPlain,
  ask: async (golden) => {
    const group = groupOf(golden);
    const index = groups.get(group)?.findIndex(({ id }) => id === golden.id) ?? -1;
    const review = (await answersOf(group))[index];
    return review === undefined ? { error: 0 } : { review };
  },
};

testCases(vaultK8s, face);

describe('the manifests that come out', () => {
  test.each([...groups.keys()].map((group, index) => ({ group, index })))('of group $index', async ({ group }) => {
    const reviews = await answersOf(group);
    const allowed = (groups.get(group) ?? []).flatMap((golden, index) => {
      const review = reviews[index];
      return review?.response.allowed === true ? [{ golden, review }] : [];
    });
    const { code, stdout } = await runGroup(allowed.map(({ golden }) => golden));
    expect(code).toBe(allowed.length === 0 ? 1 : 0);
    const objects = parseAllDocuments(stdout).map((document) => document.toJS() as unknown);
    const expected = allowed.map(({ golden, review }) =>
      applyPatch(golden.request.object ?? null, decodePatch(review)),
    );
    expect(allowed.length === 0 ? [] : objects).toEqual(expected);
  });
});
