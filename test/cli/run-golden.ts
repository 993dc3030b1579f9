// Runs one system's recorded cases through `podgraft inject`, as tests: the answers, and the manifests that come out.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import { type System, testCases } from '../golden/run-cases.ts';
import { createInjectFace } from './inject-face.ts';

/** Defines the tests. */
export const testInjectedManifests = (system: System, configurationText: (golden: GoldenCase) => string): void => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-cli-golden-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const { groups, runGroup, answersOf, ...face } = createInjectFace(system, configurationText, folder);

  testCases(system, face);

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
};
