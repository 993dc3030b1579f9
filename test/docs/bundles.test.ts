// The page on bundles: its case passes, its settings and metrics exist, its commands do what it says.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseCases } from '../../core/bundle/case.ts';
import { selfTest } from '../../core/self-test.ts';
import { bundleSettings } from '../../runtimes/node/bundle-rows.ts';
import { createMetrics } from '../../runtimes/node/metrics.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { runCli } from '../cli/fake-terminal.ts';
import { scratchFolder } from '../runtimes/node/scratch-folder.ts';
import { testBundle } from '../test-bundle.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/bundles.md'), 'utf8');

const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);

test('the case passes', async () => {
  const [text = ''] = blocks('yaml');
  const files = new Map([['cases/vault_agent/page.yaml', new TextEncoder().encode(text)]]);
  await selfTest(await testBundle(), parseCases(files));
});

test('every setting of the bundle is explained, and the example is made of them', () => {
  for (const key of Object.keys(bundleSettings)) {
    expect(page).toMatch(new RegExp(`^\\| .*\`${key}\``, 'm'));
  }
  const { server } = parse(blocks('yaml')[1] ?? '') as { server: object };
  expect(Object.keys(bundleSettings)).toEqual(expect.arrayContaining(Object.keys(server)));
});

test('every metric that it names is there', async () => {
  const { text } = await createMetrics().render();
  const names = new Set([...page.matchAll(/`(podgraft_\w+)/g)].map(([, name]) => name));
  expect(names.size).toBeGreaterThan(4);
  for (const name of names) {
    expect(text).toContain(`# TYPE ${name} `);
  }
});

test('its commands make keys, sign and verify', async () => {
  const folder = await scratchFolder();
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
  const keys = commands.filter((command) => command.startsWith('openssl'));
  expect(keys.length).toBe(2);
  for (const command of keys) {
    execFileSync('sh', ['-c', command], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }
  const own = commands.filter((command) => command.startsWith('npx podgraft bundle'));
  expect(own.length).toBe(4);
  const policies = await ensureBundle();
  for (const command of own) {
    const words = command.slice('npx podgraft '.length).split(' ');
    const args = words.map((word) =>
      word === 'policies'
        ? policies
        : /^(bundle\.tar\.gz|release\.(key|pem))$/.test(word)
          ? path.join(folder, word)
          : word,
    );
    expect(await runCli(args), command).toMatchObject({ code: 0, stderr: '' });
  }
});
