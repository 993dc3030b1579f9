// The Worker's settings: every name, every default, and exact complaints.
import { describe, expect, it, test } from 'vitest';
import { readSettings, settingNames, settings } from '../../../runtimes/worker/settings.ts';
import { thrownBy } from './thrown-by.ts';

describe('without any variable', () => {
  it('every default holds, and callers are authenticated', () => {
    const read = readSettings({});
    expect(Object.keys(read)).toEqual(settingNames);
    expect(read).toMatchObject({
      PODGRAFT_AUTHENTICATION: 'required',
      PODGRAFT_TOKENS: '',
      PODGRAFT_CLIENT_NAMES: [],
      PODGRAFT_JWT_ALGORITHMS: ['RS256', 'ES256'],
      PODGRAFT_JWT_CLOCK_SKEW: 30_000,
      PODGRAFT_OBJECT: 'podgraft.json',
      PODGRAFT_REFRESH_INTERVAL: 60_000,
      PODGRAFT_BODY_LIMIT: 4 * 1024 * 1024,
      PODGRAFT_POLICY_MEMORY: 48 * 1024 * 1024,
      PODGRAFT_LOG_LEVEL: 'info',
    });
  });

  it('an empty variable counts as none', () => {
    expect(readSettings(Object.fromEntries(settingNames.map((name) => [name, ''])))).toEqual(readSettings({}));
  });
});

test('what is set is read', () => {
  const read = readSettings({
    PODGRAFT_AUTHENTICATION: 'off',
    PODGRAFT_JWT_AUDIENCES: 'one, two',
    PODGRAFT_JWT_ALGORITHMS: 'ES384',
    PODGRAFT_REFRESH_INTERVAL: '5m',
    PODGRAFT_BODY_LIMIT: '64KiB',
    PODGRAFT_KV: {},
    OTHER: 'is none of our business',
  });
  expect(read).toMatchObject({
    PODGRAFT_AUTHENTICATION: 'off',
    PODGRAFT_JWT_AUDIENCES: ['one', 'two'],
    PODGRAFT_JWT_ALGORITHMS: ['ES384'],
    PODGRAFT_REFRESH_INTERVAL: 300_000,
    PODGRAFT_BODY_LIMIT: 65_536,
  });
});

test.each([
  ['PODGRAFT_AUTHENTICATION', 'no', 'PODGRAFT_AUTHENTICATION "no" is not required, off'],
  ['PODGRAFT_AUTHENTICATION', false, 'PODGRAFT_AUTHENTICATION is not required, off'],
  ['PODGRAFT_BODY_LIMIT', '17MiB', 'PODGRAFT_BODY_LIMIT "17MiB" is not a size from 1KiB to 16MiB'],
  ['PODGRAFT_BODY_LIMIT', 4_194_304, 'PODGRAFT_BODY_LIMIT is not a size'],
  ['PODGRAFT_REFRESH_INTERVAL', '999ms', 'is not a duration from 1s to 24h'],
  ['PODGRAFT_POLICY_MEMORY', '128MiB', 'is not a size from 4MiB to 96MiB'],
  ['PODGRAFT_JWT_ALGORITHMS', 'none', 'PODGRAFT_JWT_ALGORITHMS "none" is not a list of RS256'],
  ['PODGRAFT_JWT_ALGORITHMS', 'RS256,HS256', 'PODGRAFT_JWT_ALGORITHMS "RS256,HS256" is not a list of'],
  ['PODGRAFT_JWT_AUDIENCES', 'one,,two', 'is not a list separated by commas'],
  ['PODGRAFT_LOG_LEVEL', 'debug', 'is not info, warn, error, silent'],
  ['PODGRAFT_OBJECT', 'a\nb', 'is not text without control characters'],
])('%s of %j is refused', (name, value, message) => {
  expect(thrownBy(() => readSettings({ [name]: value }))).toMatchObject({
    code: 'setting.invalid',
    message: expect.stringContaining(message),
  });
});

test('a secret that is no text is refused without being shown', () => {
  const names = settingNames.filter((name) => settings[name].secret);
  expect(names).toEqual(['PODGRAFT_TOKENS', 'PODGRAFT_PASSWORDS', 'PODGRAFT_PATH_SECRETS']);
  for (const name of names) {
    const fault = thrownBy(() => readSettings({ [name]: { hidden: 'hunter2' } }));
    expect(fault).toMatchObject({ code: 'setting.invalid', message: `${name} is not lines of text` });
  }
});

test.each([
  ['PODGRAFT_TOKEN', 'PODGRAFT_TOKEN is not a setting; did you mean PODGRAFT_TOKENS?'],
  ['PODGRAFT_RZ', 'PODGRAFT_RZ is not a setting; did you mean PODGRAFT_R2?'],
  ['PODGRAFT_LISTEN_ADDRESS', 'PODGRAFT_LISTEN_ADDRESS is not a setting'],
])('%s is refused, with the nearest name where one is near', (name, message) => {
  expect(thrownBy(() => readSettings({ [name]: '' }))).toMatchObject({ code: 'setting.unknown', message });
});
