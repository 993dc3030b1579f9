// Does what docs/policies.md says: a first system, from nothing to its injection.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { runPolicies } from '../../scripts/policy/run-policies.ts';
import { createToolchain } from '../../scripts/policy/toolchain.ts';
import { runCli } from '../cli/fake-terminal.ts';
import { temporaryFolder, writeFiles } from '../tools/opa/policy-folder.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/policies.md'), 'utf8');

/** The blocks that are files. */
const files = Object.fromEntries(
  [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => [file, text]),
);

/** What the page shows as the answer to `podgraft inject --diff`. */
const [, shown = ''] = /^```diff\n([\s\S]*?)^```$/m.exec(page) ?? [];

/** The page's system beside nothing but what systems share. */
const createFolder = (): { readonly folder: string; readonly policies: string; readonly target: string } => {
  const folder = temporaryFolder();
  const policies = join(folder, 'policies');
  for (const shared of ['lib', 'schemas', 'capabilities.json', 'main.rego']) {
    cpSync(join(root, 'policies', shared), join(policies, shared), { recursive: true });
  }
  writeFiles(folder, files);
  return { folder, policies, target: join(folder, 'bundle') };
};

describe('a first system', { timeout: 120_000 }, () => {
  beforeAll(() => {
    expect(Object.keys(files)).toHaveLength(7);
    expect(shown).not.toBe('');
  });

  it('passes its tests, is built, and injects what the page shows', async () => {
    const { folder, policies, target } = createFolder();
    const toolchain = createToolchain();
    let said = '';
    const output = { write: (text: string) => (said += stripVTControlCharacters(text)) };
    const settings = { folder: policies, target, write: false, run: 'systems.hello', leastCoverage: 95 };
    expect(await runPolicies(toolchain, settings, output), said).toBe(true);
    expect(said).toMatch(/compiled .* 5 tests/);
    await ensureBundle({ folder: policies, target, toolchain });
    await toolchain.close();
    const { code, stdout } = await runCli(['inject', '--bundle', target, '-f', join(folder, 'pod.yaml'), '--diff']);
    expect(code).toBe(0);
    expect(stdout).toContain(shown);
  });

  it('is told its mistakes in the sources, as the page shows', async () => {
    const { policies, target } = createFolder();
    const template = (files['policies/hello/template.yaml'] ?? '').replace('"${greeting}"', '"${greting}"');
    writeFiles(policies, { 'hello/template.yaml': template });
    const [, message = ''] = /answers `policies\/(hello\/template[^`]+)`/.exec(page) ?? [];
    await expect(ensureBundle({ folder: policies, target })).rejects.toThrow(message);
  });

  it('needs no configuration file', async () => {
    const { folder, policies, target } = createFolder();
    const decision =
      'package podgraft.systems.bare\n\ndecision := {"denials": [{"system": "bare", "code": "no", "message": "bare says no"}]}\n';
    writeFiles(policies, { 'bare/decision.rego': decision });
    await ensureBundle({ folder: policies, target });
    const { stderr } = await runCli(['inject', '--bundle', target, '-f', join(folder, 'pod.yaml'), '--diff']);
    expect(stderr).toContain('bare says no');
  });
});
