// What the settings of a vault-k8s installation become.
import { describe, expect, test } from 'vitest';
import { vaultK8sConfiguration } from '../../../cli/migrate/vault-k8s.ts';
import { vaultK8sSettings } from '../../../cli/migrate/vault-k8s-setting.ts';
import { isObject, type JsonObject, own } from '../../../core/json.ts';
import { settings } from '../../../runtimes/node/settings.ts';

const ADDRESS = '-vault-address=https://vault.platform.svc:8200';

const at = (object: JsonObject, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isObject(value) ? own(value, key) : undefined), object);

const defaultsOf = (args: readonly string[], env: Readonly<Record<string, string>> = {}): unknown =>
  at(vaultK8sConfiguration([ADDRESS, ...args], env).configuration, 'policy', 'vault_agent', 'defaults');

const serverOf = (args: readonly string[], env: Readonly<Record<string, string>> = {}): unknown =>
  at(vaultK8sConfiguration([ADDRESS, '-log-format=json', ...args], env).configuration, 'server');

const errorsOf = (args: readonly string[], env: Readonly<Record<string, string>> = {}): unknown =>
  vaultK8sConfiguration([ADDRESS, ...args], env).errors;

describe('flags', () => {
  test('only what differs from the defaults is written', () => {
    const { configuration, notes, errors } = vaultK8sConfiguration([ADDRESS, '-log-format=json'], {});
    expect(configuration).toEqual({
      apiVersion: 'podgraft.dev/v1alpha1',
      kind: 'Configuration',
      server: { listen: ':8080' },
      policy: { vault_agent: { defaults: { service: 'https://vault.platform.svc:8200' } } },
    });
    expect(notes).toEqual([]);
    expect(errors).toBeUndefined();
  });

  test.each([
    ['-vault-image=registry.corp/vault:1', 'agent-image', 'registry.corp/vault:1'],
    ['--vault-image=registry.corp/vault:1', 'agent-image', 'registry.corp/vault:1'],
    ['-vault-auth-type=approle', 'auth-type', 'approle'],
    ['-vault-auth-path=auth/eks', 'auth-path', 'auth/eks'],
    ['-vault-namespace=admin/edge', 'namespace', 'admin/edge'],
    ['-proxy-address=http://egress:8888', 'proxy-address', 'http://egress:8888'],
    ['-revoke-on-shutdown', 'agent-revoke-on-shutdown', 'true'],
    ['-revoke-on-shutdown=T', 'agent-revoke-on-shutdown', 'true'],
    ['-run-as-user=nobody', 'agent-run-as-user', 'nobody'],
    ['-run-as-group=0', 'agent-run-as-group', '0'],
    ['-run-as-same-user=1', 'agent-run-as-same-user', 'true'],
    ['-set-security-context=f', 'agent-set-security-context', 'false'],
    ['-default-template=json', 'agent-inject-default-template', 'json'],
    ['-cpu-request=50m', 'agent-requests-cpu', '50m'],
    ['-memory-request=32Mi', 'agent-requests-mem', '32Mi'],
    ['-ephemeral-storage-request=1Gi', 'agent-requests-ephemeral', '1Gi'],
    ['-cpu-limit=', 'agent-limits-cpu', ''],
    ['-memory-limit=lots', 'agent-limits-mem', 'lots'],
    ['-ephemeral-storage-limit=2Gi', 'agent-limits-ephemeral', '2Gi'],
    ['-template-config-exit-on-retry-failure=false', 'template-config-exit-on-retry-failure', 'false'],
    ['-template-static-secret-render-interval=30s', 'template-static-secret-render-interval', '30s'],
    ['-auth-min-backoff=2s', 'auth-min-backoff', '2s'],
    ['-auth-max-backoff=4m', 'auth-max-backoff', '4m'],
    ['-disable-idle-connections=auto-auth', 'agent-disable-idle-connections', 'auto-auth'],
    ['-disable-keep-alives=templating', 'agent-disable-keep-alives', 'templating'],
  ])('%s sets %s', (flag, suffix, value) => {
    expect(defaultsOf([flag])).toEqual({ service: 'https://vault.platform.svc:8200', [suffix]: value });
  });

  test('a text flag may take its value from the next argument, a boolean one may not', () => {
    expect(defaultsOf(['-cpu-limit', '2', '-run-as-same-user', 'false', '-cpu-request=1'])).toEqual({
      service: 'https://vault.platform.svc:8200',
      'agent-limits-cpu': '2',
      'agent-run-as-same-user': 'true',
    });
  });

  test('flags behind a stray argument are not read, and that is said', () => {
    const { configuration, notes } = vaultK8sConfiguration(
      ['agent-inject', ADDRESS, '-log-format=json', '2>&1', '-cpu-limit=2'],
      {},
    );
    expect(at(configuration, 'policy', 'vault_agent', 'defaults')).not.toHaveProperty('agent-limits-cpu');
    expect(notes.map(({ setting }) => setting)).toEqual(['-cpu-limit=2']);
  });

  test.each([
    [['-nope'], 'flag provided but not defined: -nope'],
    [['-=x'], 'bad flag syntax: -=x'],
    [['---x'], 'bad flag syntax: ---x'],
    [['-cpu-limit'], 'flag needs an argument: -cpu-limit'],
    [['-revoke-on-shutdown=maybe'], 'invalid boolean value "maybe" for -revoke-on-shutdown: parse error'],
    [['-h'], 'flag: help requested'],
  ])('%j is refused in the words of Go', (args, error) => {
    expect(errorsOf(args)).toEqual([error]);
  });
});

describe('environment', () => {
  test('a variable that is not empty beats the flag, an empty one does not', () => {
    expect(
      defaultsOf(['-vault-image=from-flag:1', '-cpu-limit=900m'], {
        AGENT_INJECT_VAULT_IMAGE: 'from-env:2',
        AGENT_INJECT_VAULT_ADDR: 'https://env-vault:8200',
        AGENT_INJECT_CPU_LIMIT: '',
        AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST: '+11',
        AGENT_INJECT_RUN_AS_USER: '777',
      }),
    ).toEqual({
      service: 'https://env-vault:8200',
      'agent-image': 'from-env:2',
      'agent-limits-cpu': '900m',
      'template-max-connections-per-host': '11',
      'agent-run-as-user': '777',
    });
  });

  test('the doubled prefix wins, and hides the plain name even when it is empty', () => {
    const doubled = 'AGENT_INJECT_AGENT_INJECT_CPU_LIMIT';
    expect(defaultsOf([], { [doubled]: '3', AGENT_INJECT_CPU_LIMIT: '2' })).toHaveProperty('agent-limits-cpu', '3');
    expect(defaultsOf([], { [doubled]: '', AGENT_INJECT_CPU_LIMIT: '2' })).not.toHaveProperty('agent-limits-cpu');
    expect(defaultsOf([], { AGENT_INJECT_AGENT_INJECT_VAULT_IMAGE: 'x' })).not.toHaveProperty('agent-image');
  });

  test('the variables about TLS are also read without the prefix', () => {
    expect(serverOf([], { TLS_CERT_FILE: '/a.crt', TLS_KEY_FILE: '/a.key', TLS_MIN_VERSION: 'tls13' })).toEqual({
      listen: ':8080',
      tlsMinVersion: '1.3',
      certificateFile: '/a.crt',
      keyFile: '/a.key',
    });
    expect(serverOf([], { AGENT_INJECT_TLS_MIN_VERSION: '', TLS_MIN_VERSION: 'tls13' })).toEqual({ listen: ':8080' });
  });

  test('the certificate authority for Vault goes beside the defaults', () => {
    const { configuration } = vaultK8sConfiguration([ADDRESS], { AGENT_INJECT_VAULT_CACERT_BYTES: 'PEM\n' });
    expect(at(configuration, 'policy', 'vault_agent', 'caCertBytes')).toBe('PEM\n');
  });

  test.each([
    [
      { AGENT_INJECT_REVOKE_ON_SHUTDOWN: 'yes' },
      `cannot parse '' as bool: strconv.ParseBool: parsing "yes": invalid syntax`,
    ],
    [{ AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST: '1.5' }, 'strconv.ParseInt: parsing "1.5": invalid syntax'],
    [
      { AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST: '9223372036854775808' },
      'strconv.ParseInt: parsing "9223372036854775808": value out of range',
    ],
    [{ AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD: 'x' }, 'strconv.ParseFloat: parsing "x": invalid syntax'],
    [{ AGENT_INJECT_AUTH_MIN_BACKOFF: '5' }, 'time: missing unit in duration "5"'],
    [{ AGENT_INJECT_AUTH_MAX_BACKOFF: 'soon' }, 'time: invalid duration "soon"'],
  ])('%j stops the start', (env, error) => {
    expect(errorsOf([], env as unknown as Readonly<Record<string, string>>)).toEqual([
      `Error parsing environment variables: ${error}`,
    ]);
  });
});

describe('start', () => {
  test.each([
    [['-vault-address='], ['No Vault service configured']],
    [['-default-template=JSON'], ['Invalid default flag type: JSON']],
    [['-default-template='], ['Invalid default flag type: ']],
    [['-auth-min-backoff=2'], ['Error parsing environment variables: time: missing unit in duration "2"']],
    [['-log-level=loud'], ['unknown log level: loud']],
    [['-tls-min-version=1.2'], ['invalid or unsupported TLS version "1.2"']],
    [
      ['-tls-cipher-suites=TLS_AES_128_GCM_SHA256,NOPE'],
      ['failed to parse TLS cipher suites list "TLS_AES_128_GCM_SHA256,NOPE": unsupported cipher "NOPE"'],
    ],
  ])('%j is refused', (args, errors) => {
    expect(errorsOf(args)).toEqual(errors);
  });

  test('an address that the manifest does not carry is a note, no error', () => {
    const { notes, errors } = vaultK8sConfiguration(['-log-format=json'], {}, ['AGENT_INJECT_VAULT_ADDR', 'POD_NAME']);
    expect(errors).toBeUndefined();
    expect(notes.map(({ setting }) => setting)).toEqual(['AGENT_INJECT_VAULT_ADDR']);
  });
});

describe('server', () => {
  test.each([
    ['-log-level= WARNING ', { logLevel: 'warn' }],
    ['-log-level=notice', {}],
    ['-log-level=', {}],
    ['-log-level=err', { logLevel: 'error' }],
    ['-tls-auto-hosts=a,b.svc', { certificateHosts: 'a,b.svc' }],
    ['-telemetry-path=/metrics', { metricsListen: ':9464' }],
    [
      '-tls-cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_RSA_WITH_AES_256_CBC_SHA,TLS_RSA_WITH_RC4_128_SHA',
      { tlsCiphers: 'ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA' },
    ],
  ])('%s', (flag, expected) => {
    expect(serverOf([flag])).toEqual({ listen: ':8080', ...expected });
  });

  test('everything written is a setting of the Node runtime, and of its kind', () => {
    const server = serverOf([
      '-listen=[::]:8443',
      '-log-level=debug',
      '-tls-cert-file=/c',
      '-tls-key-file=/k',
      '-tls-auto-hosts=a,b',
      '-tls-min-version=tls13',
      '-tls-cipher-suites=TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
      '-telemetry-path=/m',
    ]) as JsonObject;
    expect(Object.keys(server)).toHaveLength(8);
    for (const [key, value] of Object.entries(server)) {
      const setting = own(settings as unknown as Record<string, (typeof settings)['listen']>, key);
      expect(setting?.kind.parse(String(value)), key).toBeDefined();
    }
  });

  test.each([
    ['-log-format=standard', 'lines of JSON'],
    ['-listen=:https', 'no port number'],
    ['-tls-auto=cfg', 'webhook configuration'],
    ['-tls-ca-cert-file=/ca', 'clientConfig.caBundle'],
    ['-tls-min-version=tls10', 'TLS 1.2'],
    ['-tls-cipher-suites=TLS_RSA_WITH_RC4_128_SHA', 'no longer offers'],
    ['-telemetry-path=/metrics', 'port of their own'],
    ['-use-leader-elector', 'no leader'],
    ['-vault-auth-path=', 'refuses every pod'],
  ])('%s gets a note', (flag, text) => {
    const { notes } = vaultK8sConfiguration([ADDRESS, '-log-format=json', flag], {});
    expect(notes).toEqual([{ setting: flag.split('=')[0], message: expect.stringContaining(text) }]);
  });
});

test('the unused threshold and unknown variables get a note', () => {
  const { notes } = vaultK8sConfiguration([ADDRESS, '-log-format=json'], {
    AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD: '0.6',
    AGENT_INJECT_NOPE: '1',
    __proto__: 'x',
  });
  expect(notes.map(({ setting }) => setting)).toEqual([
    'AGENT_INJECT_TEMPLATE_LEASE_RENEWAL_THRESHOLD',
    'AGENT_INJECT_NOPE',
  ]);
});

test('no setting is named twice', () => {
  const names = vaultK8sSettings.flatMap(({ flag, variables }) =>
    flag === undefined ? variables : [flag, ...variables],
  );
  expect(new Set(names).size).toBe(names.length);
});
