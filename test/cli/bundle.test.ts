// podgraft bundle: what it builds is what was signed, what verifies can be served, and what cannot is said.
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeTar } from '../../core/bundle/write-tar.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { scratchFolder } from '../runtimes/node/scratch-folder.ts';
import { createPolicyFolder } from '../tools/opa/policy-folder.ts';
import { runCli } from './fake-terminal.ts';

let built = '';
beforeAll(async () => {
  built = await ensureBundle();
}, 180_000);

const pem = (key: KeyObject): string =>
  key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }) as string;

/** Key files in a folder of their own. */
const writeKeys = async (kind: 'rsa' | 'ec' = 'ec') => {
  const pair =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const folder = await scratchFolder();
  const files = { secret: path.join(folder, 'release.key'), public: path.join(folder, 'release.pem') };
  writeFileSync(files.secret, pem(pair.privateKey));
  writeFileSync(files.public, pem(pair.publicKey));
  return { ...files, ...pair };
};

const archiveOf = async (): Promise<string> => path.join(await scratchFolder(), 'bundle.tar.gz');

const bundle = (...args: readonly string[]) => runCli(['bundle', ...args]);

const ok = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await bundle(...args);
  expect([code, stderr.replace(/^podgraft: compiling .*\n/, '')]).toEqual([0, '']);
  return stdout;
};

const refused = async (...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await bundle(...args);
  expect([code, stdout]).toEqual([1, '']);
  return stderr;
};

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('podgraft bundle build', () => {
  it('makes the same bytes of the same sources, wherever and whenever', { timeout: 120_000 }, async () => {
    const [one, two] = [await archiveOf(), await archiveOf()];
    const sources = createPolicyFolder();
    const copy = path.join(await scratchFolder(), path.basename(sources));
    cpSync(sources, copy, { recursive: true });
    utimesSync(path.join(copy, 'main.rego'), 1, 1);
    expect(await ok('build', sources, '-o', one, '--revision', 'v1')).toMatch(
      /bundle\.tar\.gz {2}\d+ bytes {2}sha256:[0-9a-f]{64} {2}1 cases passed\n$/,
    );
    await ok('build', copy, '-o', two, '--revision', 'v1');
    expect(sha256(one)).toBe(sha256(two));
    expect(JSON.parse(await ok('inspect', one, '-o', 'json'))).toMatchObject({
      revision: 'v1',
      systems: ['sys'],
      cases: 1,
    });
    await ok('build', copy, '-o', two, '--revision', 'v2');
    expect(sha256(one)).not.toBe(sha256(two));
  });

  it('packs a compiled folder, and signs it where it is given a key', async () => {
    const file = await archiveOf();
    const keys = await writeKeys();
    await ok('build', built, '-o', file, '--key', keys.secret, '--key-id', 'release');
    expect(await ok('verify', file, '--key', keys.public)).toMatch(
      /^bundle {2}sha256:[0-9a-f]{64}\nsigned {2}ES256\ncases {3}10 passed\n$/,
    );
    const { signature, digest } = JSON.parse(await ok('inspect', file, '-o', 'json'));
    expect(signature).toEqual({ algorithm: 'ES256', keyId: 'release', scope: '' });
    // Neither packing nor signing changes what a bundle is.
    const first = path.join(await scratchFolder(), 'bundle');
    cpSync(built, first, { recursive: true });
    expect(JSON.parse(await ok('inspect', first, '-o', 'json')).digest).toBe(digest);
  });

  it('packs with RS256 the same bytes twice', async () => {
    const [one, two] = [await archiveOf(), await archiveOf()];
    const keys = await writeKeys('rsa');
    for (const file of [one, two]) {
      await ok('build', built, '-o', file, '--key', keys.secret);
    }
    expect(sha256(one)).toBe(sha256(two));
  });

  it('leaves nothing where the sources are wrong, or a case fails', { timeout: 120_000 }, async () => {
    const file = await archiveOf();
    const wrong = createPolicyFolder({ 'sys/decision.rego': 'package podgraft.systems.sys\n\nx := y\n' });
    expect(await refused('build', wrong, '-o', file)).toMatch(/decision\.rego:3:\d+: .*\(rego_/);
    const failing = path.join(await scratchFolder(), 'bundle');
    cpSync(built, failing, { recursive: true });
    const one = path.join(failing, 'cases/vault_agent/refuse.yaml');
    writeFileSync(one, readFileSync(one, 'utf8').replace('allowed: false', 'allowed: true'));
    expect(await refused('build', failing, '-o', file)).toMatch(
      /^cases\/vault_agent\/refuse\.yaml: .*\/response\/allowed should be true, but it is false \(bundle\.self-test\)\n$/,
    );
    expect(await refused('build', await scratchFolder(), '-o', file)).not.toBe('');
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });
});

describe('podgraft inject', () => {
  it('takes an archive for its bundle', async () => {
    const file = await archiveOf();
    await ok('build', built, '-o', file);
    const deployment = path.join(import.meta.dirname, '../../docs/examples/deployment.yaml');
    const inject = (...args: readonly string[]) => runCli(['inject', '-f', deployment, ...args]);
    const given = await inject('--bundle', file);
    expect([given.code, given.stdout]).toEqual([0, (await inject('--bundle', built)).stdout]);
    expect(given.stdout).toContain('vault-agent');
  });
});

describe('podgraft bundle sign', () => {
  it('signs an archive in place, or into another', async () => {
    const [file, other] = [await archiveOf(), await archiveOf()];
    const [first, second] = [await writeKeys(), await writeKeys('rsa')];
    await ok('build', built, '-o', file);
    expect(await refused('verify', file, '--key', first.public)).toContain('(bundle.unsigned)');
    expect(await ok('sign', file, '--key', first.secret)).toBe(`${file}\n`);
    await ok('verify', file, '--key', first.public);
    await ok('sign', file, '--key', second.secret, '--key-id', 'two', '-o', other);
    await ok('verify', other, '--key', `one=${first.public}`, '--key', `two=${second.public}`);
    await ok('verify', file, '--key', first.public);
    expect(await refused('verify', other, '--key', `one=${second.public}`)).toContain('no key has the id');
  });

  it('signs a folder by one file in it', async () => {
    const folder = path.join(await scratchFolder(), 'bundle');
    cpSync(built, folder, { recursive: true });
    const keys = await writeKeys();
    expect(await ok('sign', folder, '--key', keys.secret, '--scope', 'write')).toBe(`${folder}/.signatures.json\n`);
    await ok('verify', folder, '--key', keys.public, '--scope', 'write');
    expect(await refused('verify', folder, '--key', keys.public)).toContain('scope');
    writeFileSync(path.join(folder, 'notes.txt'), 'x');
    expect(await refused('verify', folder, '--key', keys.public, '--scope', 'write')).toBe(
      `${folder}/notes.txt: the file was not signed (bundle.tampered)\n`,
    );
  });

  it('takes keys as JWK, PKCS#1, SEC 1 and encrypted, and never repeats one', async () => {
    const file = await archiveOf();
    await ok('build', built, '-o', file);
    const [rsa, ec] = [await writeKeys('rsa'), await writeKeys()];
    const folder = path.dirname(rsa.secret);
    const write = (name: string, text: string): string => {
      writeFileSync(path.join(folder, name), text);
      return path.join(folder, name);
    };
    const secrets = [
      write('a', JSON.stringify({ ...rsa.privateKey.export({ format: 'jwk' }), kid: 'release' })),
      write('b', rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }) as string),
      write('c', ec.privateKey.export({ format: 'pem', type: 'sec1' }) as string),
    ];
    for (const secret of secrets) {
      await ok('sign', file, '--key', secret);
      await ok('verify', file, '--key', secret.endsWith('c') ? ec.public : rsa.public);
    }
    const cipher = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'open sesame' } as const;
    const encrypted = write('d', ec.privateKey.export(cipher) as string);
    const args = ['bundle', 'sign', file, '--key', encrypted];
    expect((await runCli(args, { environment: { PODGRAFT_KEY_PASSPHRASE: 'open sesame' } })).code).toBe(0);
    const [none, wrong] = [await runCli(args), await runCli(args, { environment: { PODGRAFT_KEY_PASSPHRASE: 'no' } })];
    expect([none.code, none.stderr]).toEqual([
      1,
      `${encrypted}: the key is encrypted: give its passphrase in the environment variable PODGRAFT_KEY_PASSPHRASE (bundle.key)\n`,
    ]);
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      `${encrypted}: the key cannot be opened with the passphrase in PODGRAFT_KEY_PASSPHRASE (bundle.key)\n`,
    ]);
    const public_ = JSON.parse(JSON.stringify(rsa.publicKey.export({ format: 'jwk' })));
    await ok('sign', file, '--key', rsa.secret);
    await ok('verify', file, '--key', write('e', JSON.stringify({ keys: [public_] })));
    const strange = generateKeyPairSync('ed25519').privateKey;
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    for (const text of [pem(strange), pem(weak), pem(rsa.publicKey), 'none', '{"d": "geheim', '']) {
      const stderr = await refused('sign', file, '--key', write('f', text));
      expect(stderr).toContain('(bundle.key)');
      expect(stderr).not.toContain('geheim');
    }
    for (const text of [
      pem(rsa.privateKey),
      'none',
      '{"kty": "geheim',
      '',
      pem(generateKeyPairSync('ed25519').publicKey),
    ]) {
      const stderr = await refused('verify', file, '--key', write('g', text));
      expect(stderr).toContain('(bundle.key)');
      expect(stderr).not.toContain('geheim');
    }
    expect(await refused('verify', file, '--key', path.join(folder, 'nowhere'))).toContain(
      'the key cannot be read (there is no such file)',
    );
  });

  it.each([
    ['a public key', () => pem(generateKeyPairSync('ed25519').publicKey), 'it holds no secret key: signing needs'],
    ['a public JWK', () => '{"kty":"EC","crv":"P-256","x":"geheim"}', 'it holds no secret key: signing needs'],
    ['a certificate', () => '-----BEGIN CERTIFICATE-----\ngeheim\n', 'it holds no secret key: signing needs'],
    [
      'a key of OpenSSH',
      () => '-----BEGIN OPENSSH PRIVATE KEY-----\ngeheim\n',
      'it is a key in the form of OpenSSH: convert a',
    ],
    [
      'a broken key',
      () => '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n',
      'the key cannot be read: it is broken',
    ],
    ['another file', () => 'geheim: 1\n', 'it is no key: give a private key, PEM or a JSON Web Key; "podgraft bundle'],
    [
      'an old encrypted key',
      () => '-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n',
      'the key is encrypted: give',
    ],
  ])('says of %s what to do', async (_, text, message) => {
    const file = await archiveOf();
    await ok('build', built, '-o', file);
    const key = path.join(path.dirname(file), 'key');
    writeFileSync(key, text());
    const stderr = await refused('sign', file, '--key', key);
    expect(stderr).toContain(`${key}: ${message}`);
    expect(stderr).not.toContain('geheim');
    expect(await refused('sign', file, '--key', `${key}-none`)).toContain('(there is no such file)');
  });
});

describe('podgraft bundle verify', () => {
  it('needs a key', async () => {
    const { code, stderr } = await bundle('verify', built);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--key')]);
  });

  it('finds what a signature does not: a module that is none, a template that does not compile', async () => {
    const keys = await writeKeys();
    const spoil = async (name: string, text: string): Promise<string> => {
      const folder = path.join(await scratchFolder(), 'bundle');
      cpSync(built, folder, { recursive: true });
      writeFileSync(path.join(folder, name), text);
      await ok('sign', folder, '--key', keys.secret);
      return refused('verify', folder, '--key', keys.public);
    };
    expect(await spoil('policy.wasm', 'x')).toMatch(/\(bundle\.module\)\n$/);
    expect(await spoil('templates/vault_agent/template.yaml', 'x: 1\n')).toMatch(/template\.yaml:1:1 .*\(template\./);
    expect(await spoil('data.yaml', 'x: 1\n')).toMatch(/data\.yaml: .*\(bundle\.invalid\)\n$/);
    expect(await spoil('templates/data.json', '{}')).toMatch(/templates\/data\.json: .*\(bundle\.invalid\)\n$/);
    expect(await spoil('data.json', '[]')).toMatch(/data\.json:1:1: .*\(bundle\.invalid\)\n$/);
  });

  it('refuses what is no bundle', async () => {
    const keys = await writeKeys();
    const file = await archiveOf();
    expect(await refused('verify', file, '--key', keys.public)).toContain('(bundle.unreadable)');
    writeFileSync(file, 'x');
    expect(await refused('verify', file, '--key', keys.public)).toContain(`${file}: the file is no whole gzip archive`);
    writeFileSync(file, gzipSync(writeTar(new Map())));
    expect(await refused('verify', file, '--key', keys.public)).toContain('(bundle.unsigned)');
    await ok('sign', file, '--key', keys.secret);
    expect(await refused('verify', file, '--key', keys.public)).toBe(
      `${file}#.manifest: the file is missing (bundle.invalid)\n`,
    );
  });
});

describe('podgraft bundle inspect', () => {
  it('shows a bundle that is in order', async () => {
    const text = await ok('inspect', built);
    expect(text).toMatch(/^digest {5}sha256:[0-9a-f]{64}\nrevision {3}none\nmodule {5}sha256:/);
    expect(text).toContain('systems    talend_vsi, vault_agent, vault_csi, vault_env\n');
    expect(text).toContain('signature  none\n');
    expect(text).toMatch(/\n *\d+ {2}policy\.wasm\n/);
  });

  it('shows as much as there is of one that is not, and nothing that steers a terminal', async () => {
    const folder = await scratchFolder();
    writeFileSync(path.join(folder, '.manifest'), '{"revision": "\\u001b[31mred"}');
    writeFileSync(path.join(folder, 'data.json'), '{}');
    writeFileSync(path.join(folder, 'policy.wasm'), '');
    mkdirSync(path.join(folder, 'x\u001b[2J'));
    writeFileSync(path.join(folder, 'x\u001b[2J', 'y'), '');
    const text = await ok('inspect', folder);
    expect(text).toContain('module     not said\nsystems    none\n');
    expect(text).not.toContain('\u001b');
    const keys = await writeKeys('rsa');
    await ok('sign', folder, '--key', keys.secret, '--scope', 'write');
    expect(await ok('inspect', folder)).toContain('signature  RS256 by a key without an id\nscope      write\n');
    rmSync(path.join(folder, 'policy.wasm'));
    expect(await refused('inspect', folder)).toContain(
      'policy.wasm: the bundle cannot be read (there is no such file)',
    );
  });
});
