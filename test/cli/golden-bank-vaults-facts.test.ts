// The recorded cases that need something looked up, through `podgraft inject --facts`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { AdmissionResponseReview, Fact, FindFacts } from '../../core/index.ts';
import { bankVaults, configurationText } from '../golden/bank-vaults.ts';
import { findStandIns } from '../golden/bank-vaults-facts.ts';
import { createCoreFace } from '../golden/core-face.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import { testCases } from '../golden/run-cases.ts';
import { runCli } from './fake-terminal.ts';
import { isPlain } from './inject-face.ts';

const folder = mkdtempSync(join(tmpdir(), 'podgraft-cli-facts-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What the policy asks for in one case, found in the stand-ins. */
const recordFacts = async (golden: GoldenCase): Promise<Readonly<Record<string, Fact>>> => {
  const recorded: Record<string, Fact> = {};
  const record: FindFacts = async (lookups, context) => {
    const facts = await findStandIns(lookups, context);
    Object.assign(recorded, facts);
    return facts;
  };
  await createCoreFace(configurationText, record).ask(golden);
  return recorded;
};

testCases(bankVaults, {
  name: 'podgraft inject --facts',
  takes: (golden) => isPlain(golden) && bankVaults.needsFacts?.(golden) === true,
  ask: async (golden) => {
    const [config, facts] = [join(folder, 'podgraft.yaml'), join(folder, 'facts.json')];
    writeFileSync(config, configurationText(golden));
    writeFileSync(facts, JSON.stringify(await recordFacts(golden)));
    const files = ['--config', config, '--facts', facts];
    const namespace = golden.request.namespace ?? '';
    const { stdout } = await runCli(
      ['inject', '-f', '-', '-n', namespace, ...files, '--no-service-account', '-o', 'review'],
      { stdin: JSON.stringify(golden.request.object) },
    );
    return { review: JSON.parse(stdout) as AdmissionResponseReview };
  },
});
