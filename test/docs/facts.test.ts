// docs/facts.md names every code, setting, flag and limit there is.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { parseFacts } from '../../cli/inject/recorded-facts.ts';
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import { createInjector } from '../../core/injector.ts';
import { factSettings } from '../../runtimes/node/facts/fact-rows.ts';
import { factKinds } from '../../runtimes/node/facts/lookup.ts';
import { createLookupMetrics } from '../../runtimes/node/facts/lookup-metrics.ts';
import { factCodes } from '../../runtimes/node/facts/no-fact.ts';
import { readEachSetting } from '../../runtimes/node/read-settings.ts';
import { testBundle } from '../test-bundle.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/facts.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

test.each([...factCodes, ...Object.keys(factSettings), '--facts', '--lookup', '--record-facts'])(
  'it explains %s',
  (word) => {
    expect(page).toMatch(new RegExp(`^\\|[^|]*\`${word}(?: [A-Z]+)?\``, 'm'));
  },
);

test.each(factKinds)('it has a chapter on %s', (kind) => {
  expect(page).toContain(`## Kind \`${kind}\`\n`);
});

test('it names the metrics', async () => {
  const register = new Registry();
  createLookupMetrics([register]);
  for (const { name } of await register.getMetricsAsJSON()) {
    expect(page).toContain(`\`${name}\``);
  }
});

test('its recorded facts are such', () => {
  const [recorded = ''] = blocks.filter((text) => text.includes('error:'));
  expect([...parseFacts({ text: recorded, file: 'facts.md' }).keys()]).toHaveLength(2);
});

test('its settings are such', () => {
  const servers = blocks.filter((text) => text.startsWith('server:'));
  expect(servers).toHaveLength(2);
  const [mirrors, logins] = servers.map((text) => {
    const whole = `apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\n${text}`;
    return readEachSetting({}, {}, parseConfiguration(whole, 'facts.md'));
  });
  expect(mirrors?.registryMirrors).toMatchObject([{ host: 'mirror.example:5000' }, { prefix: 'ghcr-cache' }]);
  expect(logins?.registryConfigFile).toBe('/etc/podgraft/registry/.dockerconfigjson');
});

test('its map of images is taken by the policy', async () => {
  const [policy = ''] = blocks.filter((text) => text.includes('images:'));
  const text = `apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\n${policy}`;
  const injector = await createInjector({
    bundle: await testBundle(),
    configuration: parseConfiguration(text, 'facts.md'),
  });
  expect(injector.warnings).toEqual([]);
}, 180_000);
