import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../../core/bundle/configuration.ts';
import { layConfiguration } from '../../../core/bundle/lay-configuration.ts';
import { Fault, formatFault } from '../../../core/errors.ts';
import { createInjector, type Injector } from '../../../core/index.ts';
import { podReviewBody } from '../../pod-review.ts';
import { testBundle } from '../../test-bundle.ts';

const text = (policy: string): string =>
  `apiVersion: podgraft.dev/v1alpha1\nkind: Configuration\npolicy:\n${policy.replaceAll(/^/gm, '  ')}\n`;

const inject = async (policy: string): Promise<Injector> =>
  createInjector({ bundle: await testBundle(), configuration: parseConfiguration(text(policy), 'c.yaml') });

const body = podReviewBody({
  metadata: { annotations: { 'vault-csi.podgraft.dev/inject': 'true', 'vault-csi.podgraft.dev/csi-class': 'db' } },
  spec: { containers: [{ name: 'web' }] },
});

const codesFor = async (policy: string): Promise<readonly string[]> => {
  const { codes } = await (await inject(policy)).review(body);
  return codes.map(({ system, code }) => `${system}/${code}`);
};

describe('switching a system off', () => {
  test('it neither injects nor says anything', async () => {
    expect(await codesFor('vault_csi: {enabled: true}')).toEqual(['vault_csi/class']);
    const off = await codesFor('vault_csi: {enabled: false}');
    expect(off.filter((code) => code.startsWith('vault_csi/'))).toEqual([]);
    expect(off).toContain('vault_agent/not_requested');
  });

  test('with all off, every pod is left alone', async () => {
    const config = layConfiguration(await testBundle(), undefined) as { podgraft: { config: object } };
    const systems = Object.keys(config.podgraft.config);
    expect(systems.length).toBeGreaterThanOrEqual(4);
    expect(await codesFor(systems.map((system) => `${system}: {enabled: false}`).join('\n'))).toEqual([
      'podgraft/not_requested',
    ]);
  });

  test('its configuration is checked all the same, and what follows from it is not', async () => {
    await expect(inject('vault_csi: {enabled: false, inline: {classs: x}}')).rejects.toMatchObject({
      code: 'configuration.invalid',
    });
    await expect(inject('vault_csi: {inline: {class: Not a name}}')).rejects.toThrow(
      'no name of a SecretProviderClass',
    );
    await expect(inject('vault_csi: {enabled: false, inline: {class: Not a name}}')).resolves.toBeDefined();
  });

  test.each(['"no"', '0', '[]'])('%s is no switch', async (value) => {
    await expect(inject(`vault_csi:\n  enabled: ${value}`)).rejects.toMatchObject({
      message: 'enabled is neither true nor false',
      at: { file: 'c.yaml', line: 5, pointer: '/policy/vault_csi/enabled' },
    });
  });
});

describe('the order of systems', () => {
  test('names each once', async () => {
    await expect(inject('order: [vault_csi, vault_agent, vault_csi]')).rejects.toThrow('order names vault_csi twice');
    await expect(inject('order: [vault_csi, nobody]')).rejects.toThrow('the bundle has no system "nobody"');
    await expect(inject('order: vault_csi')).rejects.toThrow('order is not a list of systems');
  });

  test('a system that is off may be named in it', async () => {
    expect(await codesFor('order: [talend_vsi]\ntalend_vsi: {enabled: false}')).toEqual(['vault_csi/class']);
  });
});

describe('what is wrong', () => {
  const linesFor = (policy: string): Promise<readonly string[]> => linesOf(() => inject(policy));

  const linesOf = async (work: () => unknown): Promise<readonly string[]> => {
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof Fault) {
        return formatFault(thrown).split('\n');
      }
    }
    throw new Error('no fault');
  };

  test('is said at once, each at its place, which alone names the path', async () => {
    const policy = [
      'vault_agnet: {}',
      'order: [vault_csi, 7]',
      'vault_agent:',
      '  defaults: {servcie: x, agent-limits-cpu: 5}',
      'talend_vsi: {kvversion: "2"}',
      'vault_csi: 5',
    ].join('\n');
    expect(await linesFor(policy)).toEqual([
      'c.yaml:4:3 /policy/vault_agnet: the bundle has no system "vault_agnet": it has talend_vsi, vault_agent, vault_csi, vault_env; did you mean vault_agent? (configuration.invalid)',
      'c.yaml:5:22 /policy/order/1: the bundle has no system "7": it has talend_vsi, vault_agent, vault_csi, vault_env (configuration.invalid)',
      'c.yaml:8:16 /policy/talend_vsi/kvversion: kvversion is not declared; did you mean kvVersion? (configuration.invalid)',
      'c.yaml:7:28 /policy/vault_agent/defaults/agent-limits-cpu: agent-limits-cpu is refused: it is of type number, not string (configuration.invalid)',
      'c.yaml:7:16 /policy/vault_agent/defaults/servcie: servcie is not declared; did you mean service? (configuration.invalid)',
      'c.yaml:9:3 /policy/vault_csi: vault_csi is refused: it is of type number, not object (configuration.invalid)',
    ]);
  });

  test('so is what is wrong at the top of the file', async () => {
    const read = (): unknown => parseConfiguration('kind: Config\nserve: {}\npolicy: 5\n', 'c.yaml');
    expect(await linesOf(read)).toEqual([
      'c.yaml:2:1 /serve: "serve" is none of apiVersion, kind, server, policy; did you mean server? (configuration.invalid)',
      'c.yaml:1:1 /apiVersion: apiVersion is not podgraft.dev/v1alpha1 (configuration.invalid)',
      'c.yaml:1:1 /kind: kind is not Configuration (configuration.invalid)',
      'c.yaml:3:1 /policy: policy is not a map (configuration.invalid)',
    ]);
  });

  test('so is what the policies find', async () => {
    expect(await linesFor('vault_csi: {inline: {class: Not a name}, defaults: {tls-skip-verify: often}}')).toEqual([
      expect.stringMatching(
        /^c\.yaml:4:\d+ \/policy\/vault_csi\/defaults\/tls-skip-verify: [^/]+ \(configuration\.invalid\)$/,
      ),
      expect.stringMatching(/^c\.yaml:4:\d+ \/policy\/vault_csi\/inline\/class: no name of a Secret/),
    ]);
  });

  test.each(['aipVersion', 'polcy'])('%s at the top is told from what is meant', (key) => {
    expect(() => parseConfiguration(`${key}: x\n`, 'c.yaml')).toThrow(/did you mean (apiVersion|policy)\?$/);
  });
});
