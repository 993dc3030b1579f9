// Bundles in folders: read whole, with a digest of what was read, and exact complaints.
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFolders, loadBundle, readBundleFiles } from '../../../runtimes/node/bundle-folder.ts';
import { faultFrom } from './fault-of.ts';
import { EMPTY_MODULE, policyModule } from './policy-module.ts';
import { scratchFolder } from './scratch-folder.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const GOOD: Files = {
  '.manifest': '{"revision":"","roots":[""]}',
  'policy.wasm': policyModule(1),
  'data.json': '{"podgraft":{"config":{}}}',
  'templates/one/template.yaml': 'kind: InjectionTemplate\n',
  'templates/one/template-more.yaml': '# ä\n',
  'templates/two/template.yaml': '# two\n',
  'schemas/one.json': '{"type":"object"}',
};

const write = async (files: Files): Promise<string> => {
  const folder = path.join(await scratchFolder(), 'bundle');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
};

const digestOf = async (files: Files): Promise<string> => (await readBundleFiles(await write(files))).digest;

const without = (name: string): Files => Object.fromEntries(Object.entries(GOOD).filter(([key]) => key !== name));

describe('a bundle folder', () => {
  it('becomes a bundle', async () => {
    const bundle = await loadBundle(await write(GOOD));
    expect(bundle.module).toBeInstanceOf(WebAssembly.Module);
    expect(bundle.data).toEqual({ podgraft: { config: {} } });
    expect(bundle.templates).toEqual([
      { system: 'one', file: 'templates/one/template-more.yaml', text: '# ä\n' },
      { system: 'one', file: 'templates/one/template.yaml', text: 'kind: InjectionTemplate\n' },
      { system: 'two', file: 'templates/two/template.yaml', text: '# two\n' },
    ]);
    expect(bundle.configSchemas).toEqual({ one: { type: 'object' } });
    expect(bundle.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('has a digest of its content, wherever it lies', async () => {
    const folder = await write(GOOD);
    const copy = path.join(await scratchFolder(), 'copy');
    await cp(folder, copy, { recursive: true });
    expect((await readBundleFiles(copy)).digest).toBe((await readBundleFiles(folder)).digest);
  });

  it.each(Object.keys(GOOD))('has another digest when %s changes', async (name) => {
    const more = typeof GOOD[name] === 'string' ? `${GOOD[name]} ` : Uint8Array.of(...policyModule(1), 0, 1, 0);
    expect(await digestOf({ ...GOOD, [name]: more })).not.toBe(await digestOf(GOOD));
  });

  it('has another digest when a template changes hands', async () => {
    const { 'templates/two/template.yaml': text = '' } = GOOD;
    const moved = { ...without('templates/two/template.yaml'), 'templates/three/template.yaml': text };
    expect(await digestOf(moved)).not.toBe(await digestOf(GOOD));
  });

  it('may hold files that are no part of it', async () => {
    const more = {
      ...GOOD,
      '.signatures.json': '{',
      'README.md': '#',
      'templates/one/notes.txt': '',
      'cases/a.yaml': '',
    };
    expect(await digestOf(more)).toBe(await digestOf(GOOD));
    await loadBundle(await write(more));
  });

  it('may lack schemas', async () => {
    expect((await loadBundle(await write(without('schemas/one.json')))).configSchemas).toEqual({});
  });

  it.each(['.manifest', 'policy.wasm', 'data.json'])('is refused without %s', async (name) => {
    const folder = await write(without(name));
    expect(await faultFrom(loadBundle(folder))).toMatchObject({
      code: 'bundle.unreadable',
      at: { file: path.join(folder, name) },
    });
  });

  it.each([
    ['policy.wasm', Uint8Array.of(0, 1, 2), undefined],
    ['policy.wasm', new Uint8Array(), undefined],
    ['data.json', '{"a": 1,\n "b": 2 3}', { line: 2, column: 9 }],
    ['data.json', '{"a": 1,\n "b": 2', { line: 2 }],
    ['data.json', '[]', { line: 1 }],
    ['data.json', '', { line: 1 }],
    ['data.json', Uint8Array.of(0x22, 0xff, 0x22), undefined],
    ['.manifest', '{"roots": ""}', undefined],
    ['schemas/one.json', 'true', { line: 1 }],
    ['templates/one/template.yaml', Uint8Array.of(0xc3), undefined],
  ])('is refused with a %s of %j, naming the place', async (name, content, place) => {
    const folder = await write({ ...GOOD, [name]: content });
    const fault = await faultFrom(loadBundle(folder));
    expect(fault.code).toBe('bundle.invalid');
    expect(fault.at).toMatchObject({ file: path.join(folder, name), ...place });
  });

  it.each([
    ['policy.wasm', EMPTY_MODULE, 'bundle.module'],
    ['.manifest', '{"metadata": {"podgraft": {"format": 1, "module": "sha256:other"}}}', 'bundle.module'],
    ['cases/one/a.yaml', 'x: 1', 'bundle.case'],
    ['templates/data.json', '{}', 'bundle.invalid'],
    ['data.yml', '', 'bundle.invalid'],
  ])('is refused with a %s of %j, by its code', async (name, content, code) => {
    expect(await faultFrom(loadBundle(await write({ ...GOOD, [name]: content })))).toMatchObject({ code });
  });

  it('is refused when it is not there, or a file', async () => {
    const folder = await write(GOOD);
    await rename(path.join(folder, 'data.json'), path.join(folder, 'data'));
    await rm(path.join(folder, 'templates'), { recursive: true });
    expect(await faultFrom(loadBundle(folder))).toMatchObject({ code: 'bundle.unreadable' });
    expect(await faultFrom(loadBundle(path.join(folder, 'data')))).toMatchObject({ code: 'bundle.unreadable' });
    expect(await faultFrom(loadBundle(path.join(folder, 'nowhere')))).toMatchObject({ code: 'bundle.unreadable' });
  });

  it('is watched with the folder around it', async () => {
    const folder = await write(GOOD);
    const below = ['templates', 'schemas', 'templates/one', 'templates/two'].map((name) => path.join(folder, name));
    expect(new Set(await bundleFolders(folder))).toEqual(new Set([path.dirname(folder), folder, ...below]));
  });
});
