// podgraft bundle edge: what it writes is what a Worker takes up, and what a Worker would refuse is not written.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadBundle } from '../../runtimes/node/bundle-folder.ts';
import { parseEdgeBundle } from '../../runtimes/worker/edge-bundle.ts';
import { joinEdgeBundle } from '../../runtimes/worker/join-edge-bundle.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { scratchFolder } from '../runtimes/node/scratch-folder.ts';
import { runCli } from './fake-terminal.ts';

let built = '';
beforeAll(async () => {
  built = await ensureBundle();
}, 180_000);

const CONFIGURATION = `apiVersion: podgraft.dev/v1alpha1
kind: Configuration
policy:
  vault_agent:
    defaults: { service: "https://vault.edge.example:8200" }
`;

const createFiles = async (configuration = CONFIGURATION) => {
  const folder = await scratchFolder();
  const file = (name: string): string => path.join(folder, name);
  writeFileSync(file('podgraft.yaml'), configuration);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(file('release.key'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return { config: file('podgraft.yaml'), key: file('release.key'), archive: file('a.tar.gz'), output: file('o.json') };
};

const readObject = (file: string) => parseEdgeBundle(readFileSync(file, 'utf8'), file);

it('writes bundle and configuration', async () => {
  const { config, output } = await createFiles();
  const { code, stdout } = await runCli(['bundle', 'edge', built, '--config', config, '--output', output]);
  const onNode = await loadBundle(built);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`${onNode.digest}  `)]);
  const object = readObject(output);
  expect(object.configuration).toBe(CONFIGURATION);
  expect(Object.keys(object.files).filter((name) => name.startsWith('cases/'))).toEqual([]);
  const deployed = { module: onNode.module, digest: object.module, templates: {} };
  expect(await joinEdgeBundle(object, deployed)).toEqual(onNode);
});

it('keeps every file of a signed bundle', async () => {
  const { key, archive, output } = await createFiles();
  expect((await runCli(['bundle', 'build', built, '-o', archive, '--key', key])).code).toBe(0);
  expect((await runCli(['bundle', 'edge', archive, '-o', output])).code).toBe(0);
  const names = Object.keys(readObject(output).files);
  expect(names).toContain('.signatures.json');
  expect(names.some((name) => name.startsWith('cases/'))).toBe(true);
});

it('does not put a configuration beside a signature that does not cover it', async () => {
  const { key, archive, config, output } = await createFiles();
  await runCli(['bundle', 'build', built, '-o', archive, '--key', key]);
  const { code, stderr } = await runCli(['bundle', 'edge', archive, '--config', config, '-o', output]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('(bundle.unsigned)')]);
  expect(existsSync(output)).toBe(false);
});

it('writes nothing that the configuration does not go with', async () => {
  const { config, output } = await createFiles(`${CONFIGURATION}  vault_agnet: {}\n`);
  const { code, stderr } = await runCli(['bundle', 'edge', built, '--config', config, '-o', output]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`${config}:6:3`)]);
  expect(existsSync(output)).toBe(false);
});
