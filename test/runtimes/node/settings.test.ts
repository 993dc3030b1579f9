// Settings: one grammar and one precedence for flags, environment and file.
import { describe, expect, it } from 'vitest';
import { formatFault } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { readConfigPath, readSettings } from '../../../runtimes/node/read-settings.ts';
import type { Environment, Flags } from '../../../runtimes/node/setting-source.ts';
import { environmentNameOf, flagOf, settingKeys, settings } from '../../../runtimes/node/settings.ts';
import { settingsHelp } from '../../../runtimes/node/settings-help.ts';
import { settingsMarkdown } from '../../../scripts/settings-markdown.ts';
import { faultOf } from './fault-of.ts';

const file = (server: JsonObject) => ({
  server,
  placeOf: (path: readonly (string | number)[]) => ({ file: 'podgraft.yaml', line: path.length, column: 3 }),
});

const read = (flags: Flags = {}, environment: Environment = {}, server: JsonObject = {}) =>
  readSettings({ authentication: 'off', ...flags }, environment, file(server));

describe('precedence', () => {
  it('takes the default where nothing is said', () => {
    expect(read()).toMatchObject({
      listen: { host: '127.0.0.1', port: 8443 },
      bodyLimit: 8 * 1024 * 1024,
      keepAliveTimeout: 120_000,
      tlsMinVersion: '1.2',
      certificateHosts: ['localhost', '127.0.0.1', '::1'],
    });
  });

  it.each([
    ['the file over the default', {}, {}, '1.1.1.1'],
    ['the environment over the file', {}, { PODGRAFT_LISTEN: '2.2.2.2:2' }, '2.2.2.2'],
    ['a flag over both', { listen: '3.3.3.3:3' }, { PODGRAFT_LISTEN: '2.2.2.2:2' }, '3.3.3.3'],
    ['the file where the variable is empty', {}, { PODGRAFT_LISTEN: '' }, '1.1.1.1'],
    ['the file where the flag is undefined', { listen: undefined }, {}, '1.1.1.1'],
  ])('takes %s', (_, flags, environment, host) => {
    expect(read(flags, environment, { listen: '1.1.1.1:1' }).listen.host).toBe(host);
  });

  it('lets a flag blank what the environment says', () => {
    const environment = { PODGRAFT_TLS_CIPHERS: 'ECDHE-RSA-AES128-GCM-SHA256' };
    expect(read({ tlsCiphers: '' }, environment).tlsCiphers).toBe('');
  });

  it('finds the file by flag or environment only', () => {
    expect(readConfigPath({}, {})).toBe('');
    expect(readConfigPath({}, { PODGRAFT_CONFIG: 'a.yaml' })).toBe('a.yaml');
    expect(readConfigPath({ config: 'b.yaml' }, { PODGRAFT_CONFIG: 'a.yaml' })).toBe('b.yaml');
    expect(faultOf(() => read({}, {}, { config: 'c.yaml' })).message).toContain('config is not a setting');
  });
});

describe('what is not known is refused', () => {
  it.each([
    ['a flag', { lisen: 'x' }, {}, {}, '--lisen is not a setting; did you mean --listen?'],
    [
      'a variable',
      {},
      { PODGRAFT_KEEPALIVE_TIMEOUT: '1s' },
      {},
      'PODGRAFT_KEEPALIVE_TIMEOUT is not a setting; did you mean PODGRAFT_KEEP_ALIVE_TIMEOUT?',
    ],
    ['a key', {}, {}, { bodylimit: 1 }, 'bodylimit is not a setting; did you mean bodyLimit?'],
    ['a word like no other', {}, {}, { quux: 1 }, 'quux is not a setting'],
    ['a name every object has', {}, {}, { constructor: 1 }, 'constructor is not a setting'],
  ])('%s', (_, flags, environment, server, message) => {
    const fault = faultOf(() => read(flags, environment as Environment, server));
    expect(fault).toMatchObject({ code: 'setting.unknown', message });
  });

  it('names file and line of a key', () => {
    expect(faultOf(() => read({}, {}, { quux: 1 })).at).toEqual({ file: 'podgraft.yaml', line: 2, column: 3 });
  });

  it('a key called __proto__ too', () => {
    const server = JSON.parse('{"__proto__": {"listen": ":1"}}') as JsonObject;
    expect(faultOf(() => read({}, {}, server)).message).toBe('__proto__ is not a setting');
  });

  it('but not the variables that Kubernetes makes of a Service called podgraft', () => {
    const links = {
      PODGRAFT_SERVICE_HOST: '10.0.0.1',
      PODGRAFT_SERVICE_PORT: '443',
      PODGRAFT_SERVICE_PORT_HTTPS: '443',
      PODGRAFT_PORT: 'tcp://10.0.0.1:443',
      PODGRAFT_PORT_443_TCP: 'tcp://10.0.0.1:443',
      PODGRAFT_PORT_443_TCP_PROTO: 'tcp',
      PODGRAFT_PORT_443_TCP_PORT: '443',
      PODGRAFT_PORT_443_TCP_ADDR: '10.0.0.1',
    };
    expect(read({}, links)).toEqual(read());
  });
});

describe('values', () => {
  it.each([
    ['listen', '8443'],
    ['listen', 'localhost:65536'],
    ['listen', 'a b:1'],
    ['listen', '::1:80'],
    ['metricsListen', 'none'],
    ['bodyLimit', '8MB'],
    ['bodyLimit', '-1'],
    ['bodyLimit', '0'],
    ['bodyLimit', '9999999999'],
    ['bodyLimit', '65GiB'],
    ['drainDelay', '5'],
    ['drainDelay', '5 s'],
    ['drainDelay', '1d'],
    ['drainDelay', '1constructor'],
    ['keepAliveTimeout', '999ms'],
    ['tlsMinVersion', '1.1'],
    ['logLevel', 'INFO'],
    ['certificateHosts', 'a,,b'],
    ['certificateHosts', ''],
    ['config', 'a\nb'],
    ['config', 'a\0b'],
  ])('%s refuses %j', (key, value) => {
    const fault = faultOf(() => read({ [key]: value }));
    expect(fault.code).toBe('setting.invalid');
    expect(fault.message).toContain(`${flagOf(key)} ${JSON.stringify(value)} is not `);
  });

  it.each([
    ['listen', '[::]:8443', { host: '::', port: 8443 }],
    ['listen', ':0', { host: '', port: 0 }],
    ['metricsListen', 'off', 'off'],
    ['bodyLimit', '1024', 1024],
    ['bodyLimit', '64KiB', 65_536],
    ['drainDelay', '0s', 0],
    ['drainDelay', '1500ms', 1500],
    ['certificateHosts', 'a.svc, 10.0.0.1', ['a.svc', '10.0.0.1']],
  ])('%s reads %j', (key, value, expected) => {
    expect(read({ [key]: value })).toMatchObject({ [key]: expected });
  });

  it('reads numbers and lists of a file as it reads text', () => {
    const server = { bodyLimit: 2048, certificateHosts: ['a.svc', '::1'], tlsMinVersion: 1.3 };
    expect(read({}, {}, server)).toMatchObject({ ...server, tlsMinVersion: '1.3' });
  });

  it.each([null, { a: 1 }, [1], [['a']]])('refuses %j in a file, with its line', (value) => {
    const fault = faultOf(() => read({}, {}, { listen: value }));
    expect(fault).toMatchObject({ code: 'setting.invalid', at: { file: 'podgraft.yaml', line: 2 } });
  });

  it('refuses a flag without its value', () => {
    expect(faultOf(() => read({ listen: true })).message).toContain('--listen needs a value');
  });

  it('does not repeat a long value', () => {
    expect(faultOf(() => read({ listen: 'x'.repeat(100_000) })).message.length).toBeLessThan(300);
  });

  it.each([
    [{ certificateFile: 'a' }, '--certificate-file is given without --key-file'],
    [{ keyFile: 'a' }, '--key-file is given without --certificate-file'],
    [{ requestTimeout: '1s', headerTimeout: '2s' }, '--request-timeout is below --header-timeout'],
  ])('checks %j together', (flags, message) => {
    expect(faultOf(() => read(flags)).message).toContain(message);
  });
});

describe('everything that is wrong is said at once', () => {
  const linesFor = (flags: Flags, environment: Environment, server: JsonObject): readonly string[] =>
    formatFault(faultOf(() => readSettings(flags, environment, file(server)))).split('\n');

  it('each with its source', () => {
    const server = { bodyLimt: 1, drainDelay: '5', keyFile: 'k', requestTimeout: '1s' };
    const environment = { PODGRAFT_LISTEN: 'x', PODGRAFT_LOGLEVEL: 'info', PODGRAFT_AUTHENTICATION: 'off' };
    expect(linesFor({ lisen: ':1', logLevel: 'loud' }, environment, server)).toEqual([
      '--lisen is not a setting; did you mean --listen? (setting.unknown)',
      'PODGRAFT_LOGLEVEL is not a setting; did you mean PODGRAFT_LOG_LEVEL? (setting.unknown)',
      'podgraft.yaml:2:3: bodyLimt is not a setting; did you mean bodyLimit? (setting.unknown)',
      'PODGRAFT_LISTEN "x" is not HOST:PORT, such as 0.0.0.0:8443, [::]:8443 or :8443 (setting.invalid)',
      'podgraft.yaml:2:3: drainDelay "5" is not a duration from 0s to 10m, such as 500ms, 10s or 2m (setting.invalid)',
      '--log-level "loud" is not trace, debug, info, warn, error, silent (setting.invalid)',
      'podgraft.yaml:2:3: keyFile is given without certificateFile: a certificate and its key go together (setting.invalid)',
      'podgraft.yaml:2:3: requestTimeout is below headerTimeout: the headers are a part of the request (setting.invalid)',
    ]);
  });

  it('a setting that is missing has the name that fits beside what is given', () => {
    expect(linesFor({}, { PODGRAFT_KEY_FILE: 'k', PODGRAFT_AUTHENTICATION: 'off' }, {})).toEqual([
      'PODGRAFT_KEY_FILE is given without PODGRAFT_CERTIFICATE_FILE: a certificate and its key go together (setting.invalid)',
    ]);
    expect(linesFor({}, {}, { authentication: 'off', bundleScope: 'read' })).toEqual([
      expect.stringContaining(
        'bundleScope asks for a signature, but there is no key to verify it with: set bundleKeys',
      ),
    ]);
  });

  it('but nothing that follows from another mistake', () => {
    expect(linesFor({ tokenFile: 'tokens' }, {}, {})).toEqual([
      '--token-file is not a setting; did you mean --tokens-file? (setting.unknown)',
    ]);
    expect(linesFor({ requestTimeout: '1s', headerTimeout: 'never', authentication: 'off' }, {}, {})).toHaveLength(1);
    expect(linesFor({ clientNames: 'CN:a' }, {}, {})).toEqual([
      '--client-names is given without --client-authority-file: they go together (setting.invalid)',
    ]);
  });

  it('and the file is found before', () => {
    expect(readConfigPath({ lisen: 'x', config: 'b.yaml' }, {})).toBe('b.yaml');
    expect(faultOf(() => readConfigPath({ config: true }, {})).message).toContain('--config needs a value');
  });
});

describe('the table', () => {
  it('has a default for every setting that its own grammar reads', () => {
    for (const key of settingKeys) {
      expect(settings[key].kind.parse(settings[key].fallback), key).toBeDefined();
    }
  });

  it('is told whole by help and documents, with nothing but itself', () => {
    const help = settingsHelp();
    const markdown = settingsMarkdown();
    for (const key of settingKeys) {
      expect(help).toContain(`  ${flagOf(key)} ${settings[key].placeholder}`);
      expect(markdown).toContain(`\`${environmentNameOf(key)}\``);
    }
    expect(help.match(/^ {2}--/gm)).toHaveLength(settingKeys.length);
    expect(Math.max(...help.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});
