// What the settings of a Talend Vault Sidecar Injector become.
import { describe, expect, test } from 'vitest';
import { talendVsiConfiguration } from '../../../cli/migrate/talend-vsi.ts';
import { isObject, type JsonObject, own } from '../../../core/json.ts';
import { configMap, fileFlags, profileOf, profiles } from '../../golden/talend-vsi-settings.ts';

const at = (object: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), object);

const policyOf = (files: Readonly<Record<string, string>>, ...args: readonly string[]): JsonObject =>
  at(talendVsiConfiguration([...fileFlags, ...args], files).configuration, 'policy', 'talend_vsi') as JsonObject;

const notesOf = (files: Readonly<Record<string, string>>): readonly string[] =>
  talendVsiConfiguration(fileFlags, files).notes.map(({ setting, message }) => `${setting}: ${message}`);

const CHART = configMap(profileOf('config/chart'));
const TUNED = configMap(profileOf('config/tuned'));

describe('flags', () => {
  test('what the binary has by default is written where podgraft has the chart’s', () => {
    const { configuration } = talendVsiConfiguration(['webhook']);
    expect(configuration).toEqual({
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      server: { metricsListen: ':9000' },
      policy: {
        talend_vsi: {
          annotationPrefix: 'sidecar.vault',
          applicationLabel: 'application.name',
          serviceLabel: 'service.name',
        },
      },
    });
  });

  test('each of them', () => {
    const { configuration, notes } = talendVsiConfiguration([
      'webhook',
      '-v=4',
      '-logtostderr',
      '-port',
      '9443',
      '--metricsport=9100',
      '-certfile=/certs/tls.crt',
      '-keyfile=/certs/tls.key',
      '-cacertfile=/certs/ca.crt',
      '-webhookcfgname=vsi',
      '-annotationkeyprefix=',
      '-applabelkey=app',
      '-appservicelabelkey=component',
    ]);
    expect(own(configuration, 'server')).toEqual({
      listen: ':9443',
      metricsListen: ':9100',
      certificateFile: '/certs/tls.crt',
      keyFile: '/certs/tls.key',
    });
    expect(at(configuration, 'policy', 'talend_vsi')).toEqual({
      annotationPrefix: '',
      applicationLabel: 'app',
      serviceLabel: 'component',
    });
    expect(notes.map(({ setting }) => setting).filter((setting) => !setting.endsWith('file'))).toEqual([
      '-webhookcfgname',
    ]);
    expect(notes.map(({ setting }) => setting)).toContain('-cacertfile');
  });

  test.each([
    [['-nonsense'], 'flag provided but not defined: -nonsense'],
    [['-logtostderr=maybe'], 'invalid boolean value "maybe" for -logtostderr: parse error'],
    [['-port'], 'flag needs an argument: -port'],
  ])('%j does not start the original', (args, error) => {
    expect(talendVsiConfiguration(args).errors).toEqual([error]);
  });
});

describe('files', () => {
  test.each(profiles.map((profile) => [profile.address, profile] as const))(
    'of the installation at %s',
    (_, profile) => {
      const policy = policyOf(configMap(profile));
      expect(policy['vault']).toEqual({
        address: profile.address,
        skipVerify: profile.skipVerify,
        kubernetesPath: profile.kubernetesPath,
        approlePath: profile.approlePath,
        roleIdFile: profile.roleIdFile,
        secretIdFile: profile.secretIdFile,
      });
      expect(policy['agent']).toEqual({
        image: profile.agentImage,
        pullPolicy: profile.agentPullPolicy,
        logFormat: profile.logFormat,
        logLevel: profile.logLevel,
        resources: profile.resources ?? null,
      });
      expect(policy['envInit']).toMatchObject({ image: profile.envImage, pullPolicy: profile.envPullPolicy });
      expect(policy['babysitter']).toEqual({
        image: profile.jobImage,
        pullPolicy: profile.jobPullPolicy,
        resources: profile.jobResources,
      });
      expect(policy['hook']).toBeUndefined();
      expect(notesOf(configMap(profile))).toEqual([]);
    },
  );

  test('that are missing are noted, each by its path', () => {
    const { configuration, notes } = talendVsiConfiguration(['-injectioncfgfile=/cfg/injectionconfig.yaml']);
    expect(notes.map(({ setting }) => setting)).toEqual([
      '/cfg/injectionconfig.yaml',
      '-proxycfgfile',
      '-tmplblockfile',
      '-tmpldefaultfile',
      '-podlchooksfile',
    ]);
    expect(at(configuration, 'policy', 'talend_vsi', 'vault')).toBeUndefined();
  });

  test('of other forms than the chart’s are noted', () => {
    const files = {
      ...CHART,
      'proxyconfig.hcl': 'listener "tcp" {}',
      'templateblock.hcl': 'template {}',
      'templatedefault.tmpl': 'x',
      'podlifecyclehooks.yaml': '{}',
    };
    expect(notesOf(files).map((note) => note.replace(/: .*/, ''))).toEqual([
      '/etc/vsi/proxyconfig.hcl',
      '/etc/vsi/templateblock.hcl',
      '/etc/vsi/templatedefault.tmpl',
      '/etc/vsi/podlifecyclehooks.yaml',
    ]);
  });

  test('a default template for KV version 2', () => {
    const text = String(CHART['templatedefault.tmpl']).replace('.Data', '.Data.data');
    expect(policyOf({ ...CHART, 'templatedefault.tmpl': text })['kvVersion']).toBe('2');
  });

  const agentOf = (level: string, container: string): JsonObject => {
    const file = `containers: [{name: tvsi-vault-agent, image: "x:1", command: [sh, -c, "-log-level=${level}"]${container}}]`;
    return own(policyOf({ ...CHART, 'injectionconfig.yaml': file }), 'agent') as JsonObject;
  };

  test.each([
    ['err', 'error'],
    ['WARNING', 'warn'],
    ['notice', 'info'],
    ['loud', undefined],
    ['', undefined],
  ])('the log level %j', (word, level) => {
    expect(agentOf(word, '')['logLevel']).toBe(level);
  });

  test.each([
    ['JSON', 'json'],
    ['standard', 'standard'],
    ['xml', undefined],
  ])('the log format %j', (word, format) => {
    expect(agentOf('info', `, env: [{name: VAULT_LOG_FORMAT, value: ${word}}]`)['logFormat']).toBe(format);
  });

  test('amounts that are numbers', () => {
    const resources = ', resources: {limits: {cpu: 1, memory: 64Mi}, requests: {}, claims: []}';
    expect(agentOf('info', resources)['resources']).toEqual({ limits: { cpu: '1', memory: '64Mi' } });
  });

  test('a hook that is no command', () => {
    expect(policyOf(CHART, '-podlchooksfile=httphook.yaml')['hook']).toEqual({ handler: 'httpGet' });
  });

  test.each(['', '[', '{containers: [{name: other}]}', 'containers: x'])('an injection file %j', (text) => {
    const files = { ...CHART, 'injectionconfig.yaml': text };
    expect(notesOf(files)).toEqual([
      '/etc/vsi/injectionconfig.yaml: It has no container tvsi-vault-agent that could be read.',
    ]);
  });

  test('without an address, the address is asked for', () => {
    const files = { ...TUNED, 'injectionconfig.yaml': 'containers: [{name: tvsi-vault-agent, image: a}]' };
    expect(notesOf(files)).toEqual([
      '/etc/vsi/injectionconfig.yaml: The agent has no VAULT_ADDR. Set policy.talend_vsi.vault.address.',
    ]);
  });

  test.each([
    ['vault', 'Always'],
    ['vault:latest', 'Always'],
    ['registry:5000/vault', 'Always'],
    ['registry:5000/vault:1.6', 'IfNotPresent'],
  ])('the image %s is pulled as Kubernetes would: %s', (image, expected) => {
    const files = { ...CHART, 'injectionconfig.yaml': `containers: [{name: tvsi-vault-agent, image: "${image}"}]` };
    expect(at(policyOf(files), 'agent', 'pullPolicy')).toBe(expected);
  });
});
