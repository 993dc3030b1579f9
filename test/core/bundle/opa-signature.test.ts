// Bundles signed by OPA verify here, and bundles signed here by OPA.
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { importJwk, type SignatureAlgorithm } from '../../../core/bundle/jws.ts';
import type { BundleFiles } from '../../../core/bundle/parse-files.ts';
import { signBundle } from '../../../core/bundle/sign.ts';
import { readVerificationKeys } from '../../../core/bundle/verification-key.ts';
import { verifyBundle } from '../../../core/bundle/verify.ts';
import { writeTar } from '../../../core/bundle/write-tar.ts';
import type { JsonObject } from '../../../core/index.ts';
import { scratchFolder } from '../../runtimes/node/scratch-folder.ts';
import { hasGo, opaProgram } from './opa-program.ts';
import { smallFiles, withFile, withoutFile } from './small-files.ts';

const { subtle } = crypto;

const writeFolder = (folder: string, files: BundleFiles): void => {
  for (const [name, content] of files) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
};

const readFolder = (folder: string): BundleFiles =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [path.relative(folder, file), readFileSync(file)]),
  );

const jwkOf = (key: KeyObject): JsonObject => key.export({ format: 'jwk' }) as JsonObject;

const verify = async (files: BundleFiles, publicKey: string, id: string) => {
  const keys = await readVerificationKeys(jwkOf(createPublicKey(publicKey)), { at: {}, id }, subtle);
  return verifyBundle(files, { keys }, subtle);
};

/** Recorded with the program below, so that this much is shown without Go too. The keys were thrown away. */
describe('a bundle that OPA signed some time ago', () => {
  const recorded = path.join(import.meta.dirname, 'signed-by-opa');

  it.each(['RS256', 'ES256'])('verifies, signed with %s', async (algorithm) => {
    const files = new Map([
      ...smallFiles,
      ['.signatures.json', readFileSync(path.join(recorded, `${algorithm}.signatures.json`))] as const,
    ]);
    const publicKey = readFileSync(path.join(recorded, `${algorithm}.pem`), 'utf8');
    expect(await verify(files, publicKey, 'release')).toEqual({ keyId: 'release', algorithm });
    await expect(verify(withFile('.manifest', '{}', files), publicKey, 'release')).rejects.toThrow('signed');
  });
});

const makePair = (algorithm: SignatureAlgorithm) => {
  const pair =
    algorithm === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: pair.publicKey.export({ format: 'pem', type: 'spki' }) as string,
    privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
};

// Go is no part of what a developer needs; CI has it.
describe.skipIf(!hasGo)("OPA's own code", () => {
  beforeAll(() => void opaProgram(), 10 * 60_000);

  const run = (...args: readonly string[]) => {
    const { status, stderr, stdout } = spawnSync(opaProgram(), args, { encoding: 'utf8' });
    return { ok: status === 0, text: status === 0 ? stdout : stderr };
  };

  const signHere = async (files: BundleFiles, privateKey: string, algorithm: SignatureAlgorithm) => {
    const key = await importJwk(jwkOf(createPrivateKey(privateKey)), { algorithm, usage: 'sign' }, subtle);
    return signBundle(files, { key: { id: 'release', algorithm, key } }, subtle);
  };

  it.each([
    ['RS256', 'release'],
    ['ES256', 'release'],
    ['RS256', ''],
    ['ES256', ''],
  ] as const)('signs with %s and the key id "%s"; that verifies here', async (algorithm, id) => {
    const folder = await scratchFolder();
    const { publicKey, privateKey } = makePair(algorithm);
    const keyFile = path.join(await scratchFolder(), 'key.pem');
    writeFileSync(keyFile, privateKey);
    writeFolder(folder, smallFiles);
    expect(run('sign', folder, keyFile, algorithm, id)).toEqual({ ok: true, text: '' });
    const signed = readFolder(folder);
    expect(await verify(signed, publicKey, 'release')).toEqual({ keyId: 'release', algorithm });
    await expect(verify(withFile('data.json', '{}', signed), publicKey, 'release')).rejects.toThrow('signed');
    await expect(verify(signed, makePair(algorithm).publicKey, 'release')).rejects.toThrow('another key');
  });

  it.each(['RS256', 'ES256'] as const)(
    'verifies what was signed here with %s, and refuses the rest',
    async (algorithm) => {
      const folder = await scratchFolder();
      const { publicKey, privateKey } = makePair(algorithm);
      const files = { key: path.join(folder, 'key.pem'), bundle: path.join(folder, 'bundle.tar.gz') };
      writeFileSync(files.key, publicKey);
      const judge = (bundle: BundleFiles) => {
        writeFileSync(files.bundle, gzipSync(writeTar(bundle)));
        return run('verify', files.bundle, files.key, algorithm, 'release');
      };
      const signed = await signHere(smallFiles, privateKey, algorithm);
      expect(judge(signed)).toEqual({ ok: true, text: '/policy.wasm 8\n' });
      expect(judge(withFile('templates/one/template.yaml', 'other', signed)).text).toContain('digest mismatch');
      expect(judge(withFile('more.yaml', '', signed)).text).toContain('not included in bundle signature');
      expect(judge(withoutFile('schemas/one.json', signed)).text).toContain('not found in the target bundle');
      expect(judge(smallFiles).text).toContain('missing .signatures.json');
      expect(judge(await signHere(smallFiles, makePair(algorithm).privateKey, algorithm)).text).toContain('verify');
    },
  );

  it('hashes documents as podgraft does, whatever stands in them', async () => {
    const documents = [
      '{"a": [1.0, 1E2, -0, 1e400, 0.1000], "z": {"y": null, "x": true}}',
      '{"\\u2028": "<&>\\u2029\\u007f", "\\u0000": "\\b\\f\\t\\u001f/\\/", "é": "\\u00e9"}',
      '{"😀": 1, "\uffff": 2, "\ue000": 3, "a": 4, "A": 5, "": 6}',
      '{"a": 1, "a": {"b": 2}, "b": [[], {}, [{}]]}',
      '{"__proto__": {"constructor": 1}}',
      ' {\n"a"\t:\r1 } ',
      `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`,
    ];
    const { publicKey, privateKey } = makePair('ES256');
    const keyFile = path.join(await scratchFolder(), 'key.pem');
    writeFileSync(keyFile, privateKey);
    for (const document of documents) {
      const folder = await scratchFolder();
      writeFolder(folder, withFile('data.json', document));
      expect(run('sign', folder, keyFile, 'ES256', ''), document).toEqual({ ok: true, text: '' });
      expect(await verify(readFolder(folder), publicKey, ''), document).toBeTruthy();
    }
  });
});
