// The settings of the bundle: which go together, and which would be a mistake.
import { describe, expect, it } from 'vitest';
import { bundleUrl, isSignatureRequired } from '../../../runtimes/node/check-bundle.ts';
import { readSettings } from '../../../runtimes/node/read-settings.ts';
import type { Flags } from '../../../runtimes/node/setting-source.ts';
import { faultOf } from './fault-of.ts';

const read = (flags: Flags) => readSettings({ authentication: 'off', ...flags }, {});

describe('the settings of the bundle', () => {
  it.each<Flags>([
    {},
    { bundle: './bundle' },
    { bundle: 'bundle.tar.gz', bundleKeys: 'release.pem, next=next.pem' },
    { bundle: 'https://bundles.example/b.tar.gz' },
    { bundle: 'https://bundles.example/b.tar.gz', bundleCaFile: 'ca.pem', bundleTokenFile: 'token' },
    { bundle: 'http://bundles.example/b.tar.gz', bundleKeys: 'release.pem' },
    { bundle: 'http://127.0.0.1:8080/b.tar.gz' },
    { bundle: 'http://[::1]:8080/b.tar.gz', bundleTokenFile: 'token' },
    { bundle: 'b', bundleKeys: 'k', bundleSignature: 'optional', bundleScope: 'write' },
    { bundleInterval: 'off', bundleTimeout: '1m', bundleLimit: '1GiB' },
  ])('may be %j', (flags) => {
    expect(read(flags)).toMatchObject({ bundle: flags['bundle'] ?? '' });
  });

  it.each<[Flags, string]>([
    [{ bundleSignature: 'required' }, 'no key'],
    [{ bundle: 'b', bundleSignature: 'optional' }, 'no key'],
    [{ bundle: 'b', bundleScope: 'write' }, 'no key'],
    [{ bundleKeys: 'release.pem' }, 'not signed'],
    [{ bundle: 'b', bundleKeys: 'release=' }, 'neither FILE nor ID=FILE'],
    [{ bundle: 'b', bundleCaFile: 'ca.pem' }, '--bundle-ca-file is given, but --bundle is no address'],
    [{ bundle: 'b', bundleTokenFile: 'token' }, '--bundle-token-file is given, but --bundle is no address'],
    [{ bundle: 'ftp://bundles.example/b.tar.gz' }, 'http or https'],
    [{ bundle: 'file:///b.tar.gz' }, 'http or https'],
    [{ bundle: 'https://' }, 'http or https'],
    [{ bundle: 'https://user:geheim@bundles.example/b' }, 'password'],
    [{ bundle: 'https://bundles.example/b#geheim' }, 'fragment'],
    [{ bundle: 'http://bundles.example/b.tar.gz' }, 'plain http'],
    [{ bundle: 'http://bundles.example/b', bundleKeys: 'k', bundleSignature: 'optional' }, 'plain http'],
    [{ bundle: 'http://bundles.example/b', bundleKeys: 'k', bundleTokenFile: 'token' }, 'plain http'],
    [{ bundleInterval: '1ms' }, 'bundle-interval'],
    [{ bundleLimit: '2GiB' }, 'bundle-limit'],
    [{ bundleSignature: 'maybe' }, 'bundle-signature'],
  ])('must not be %j', (flags, words) => {
    const fault = faultOf(() => read(flags));
    expect([fault.code, fault.message]).toEqual(['setting.invalid', expect.stringContaining(words)]);
    expect(fault.message).not.toContain('geheim');
  });

  it('ask for a signature where there are keys, unless they say otherwise', () => {
    const required = (flags: Flags) => isSignatureRequired(read({ bundle: 'b', ...flags }));
    expect(required({})).toBe(false);
    expect(required({ bundleKeys: 'k' })).toBe(true);
    expect(required({ bundleKeys: 'k', bundleSignature: 'required' })).toBe(true);
    expect(required({ bundleKeys: 'k', bundleSignature: 'optional' })).toBe(false);
  });

  it('tell an address from a path', () => {
    expect(bundleUrl({ bundle: 'https://h/b' })?.href).toBe('https://h/b');
    for (const bundle of ['', 'b', '/b', './b.tar.gz', 'C:\\b', 'https:b']) {
      expect(bundleUrl({ bundle })).toBeUndefined();
    }
  });
});
