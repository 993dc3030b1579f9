// A bundle without its module: the same bundle as on Node, and refused when anything about it is wrong.
import { describe, expect, it, test } from 'vitest';
import { signBundle } from '../../../core/bundle/sign.ts';
import type { JsonObject } from '../../../core/index.ts';
import { loadBundle, readBundleFiles, readFolder } from '../../../runtimes/node/bundle-folder.ts';
import { type EdgeBundle, encodeEdgeBundle, parseEdgeBundle } from '../../../runtimes/worker/edge-bundle.ts';
import { type Deployed, joinEdgeBundle } from '../../../runtimes/worker/join-edge-bundle.ts';
import { recordTemplates } from '../../../runtimes/worker/recorded-templates.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { type BundleKeys, makeKeys } from '../../core/bundle/bundle-keys.ts';
import { rejectedBy, thrownBy } from './thrown-by.ts';

const keys = await makeKeys('ES256');
const folder = await ensureBundle();
const { content } = await readBundleFiles(folder);
const onNode = await loadBundle(folder);
const text = await encodeEdgeBundle(content);
const edge = parseEdgeBundle(text, 'it');
const deployed: Deployed = { module: onNode.module, digest: edge.module, templates: {} };

/** A document of files with this change, its digest made anew. */
const documentOf = async (change: Readonly<Record<string, string>>): Promise<EdgeBundle> => {
  const encoder = new TextEncoder();
  const files = Object.entries(change).map(([name, file]) => [name, encoder.encode(file)] as const);
  return parseEdgeBundle(await encodeEdgeBundle(new Map([...content, ...files])), 'it');
};

test('joined with its module it is the bundle that Node loads, digest included', async () => {
  expect(await joinEdgeBundle(edge, deployed)).toEqual(onNode);
});

test('templates that were parsed at build are read, those that changed are parsed', async () => {
  const templates = await recordTemplates(content);
  const changed = await documentOf({ 'templates/vault_env/template.yaml': '# another one\n' });
  const recorded = async (document: EdgeBundle): Promise<readonly string[]> => {
    const bundle = await joinEdgeBundle(document, { ...deployed, templates });
    return bundle.templates.filter((template) => template.recorded !== undefined).map(({ file }) => file);
  };
  expect(await recorded(edge)).toEqual(onNode.templates.map(({ file }) => file));
  expect(await recorded(changed)).toEqual(
    onNode.templates.map(({ file }) => file).filter((file) => file !== 'templates/vault_env/template.yaml'),
  );
});

test('it holds no module, and nothing but texts', () => {
  expect(Object.keys(edge.files).sort()).toEqual([...content.keys()].filter((name) => name !== 'policy.wasm').sort());
  expect(edge).not.toHaveProperty('configuration');
});

test('the configuration travels along, and is no part of the digest', async () => {
  const more = parseEdgeBundle(await encodeEdgeBundle(content, 'kind: Configuration\n'), 'it');
  expect(more).toEqual({ ...edge, configuration: 'kind: Configuration\n' });
});

describe('it is refused', () => {
  const changed = (change: JsonObject): string => JSON.stringify({ ...(JSON.parse(text) as JsonObject), ...change });

  test.each([
    ['that is empty', '', 'the document is not JSON'],
    ['that is cut off', text.slice(0, -10), 'the document is not JSON'],
    ['that is a list', '[]', 'the document is not a JSON object'],
    ['of another version', changed({ apiVersion: 'podgraft.dev/v1' }), 'apiVersion is not podgraft.dev/v1alpha1'],
    ['of another kind', changed({ kind: 'Configuration' }), 'kind is not EdgeBundle'],
    ['with an unknown key', changed({ signature: '' }), '"signature" is none of apiVersion, kind'],
    ['without files', changed({ files: null }), 'files is not a map'],
    ['with a file that is no text', changed({ files: { 'data.json': {} } }), 'files is not a map'],
    ['with its module', changed({ files: { ...edge.files, 'policy.wasm': 'AGFzbQ==' } }), 'files is not a map'],
    ['with a path that climbs', changed({ files: { ...edge.files, '../../etc/passwd': '' } }), 'files is not a map'],
    ['with an absolute path', changed({ files: { ...edge.files, '/data.json': '' } }), 'files is not a map'],
    ['with a digest that is none', changed({ digest: 'sha256:abc' }), 'module and digest are not both'],
    ['without a module digest', changed({ module: null }), 'module and digest are not both'],
    ['with a configuration that is no text', changed({ configuration: {} }), 'configuration is not a text'],
  ])('%s', (_, document, message) => {
    const fault = thrownBy(() => parseEdgeBundle(document, 'the object'));
    expect(fault).toMatchObject({ code: 'bundle.invalid', at: { file: 'the object' } });
    expect(fault.message).toContain(message);
  });

  it('with a key that JSON takes for a prototype', () => {
    const document = text.replace('{', '{"__proto__":{"module":"x"},');
    expect(thrownBy(() => parseEdgeBundle(document, 'it')).message).toContain('"__proto__" is none of');
  });

  it('when it was made for another module', async () => {
    const other = { ...deployed, digest: `sha256:${'0'.repeat(64)}` };
    expect(await rejectedBy(joinEdgeBundle(edge, other))).toMatchObject({
      code: 'bundle.module',
      message: `the bundle was made for the module ${edge.module}, but ${other.digest} is deployed`,
    });
  });

  it('when its manifest says so, whatever else does', async () => {
    const manifest = { revision: '', roots: [''], metadata: { podgraft: { format: 1, module: 'sha256:0' } } };
    const document = await documentOf({ '.manifest': JSON.stringify(manifest) });
    expect(await rejectedBy(joinEdgeBundle(document, deployed))).toMatchObject({ code: 'bundle.module' });
  });

  it.each(Object.keys(edge.files))('when one byte of %s changed', async (name) => {
    const files = { ...edge.files, [name]: `${edge.files[name]} ` };
    expect(await rejectedBy(joinEdgeBundle({ ...edge, files }, deployed))).toMatchObject({ code: 'bundle.digest' });
  });

  it('when a file is missing, or one more is there', async () => {
    const { 'data.json': _, ...fewer } = edge.files;
    const more = { ...edge.files, 'templates/vault_agent/more.yaml': '' };
    for (const files of [fewer, more]) {
      expect(await rejectedBy(joinEdgeBundle({ ...edge, files }, deployed))).toMatchObject({ code: 'bundle.digest' });
    }
  });

  it.each([
    ['data.json', '[]'],
    ['templates/data.yaml', ''],
    ['.manifest', '{'],
  ])('with a %s of %j, though the digest is right', async (name, file) => {
    const document = await documentOf({ [name]: file });
    expect(await rejectedBy(joinEdgeBundle(document, deployed))).toMatchObject({
      code: 'bundle.invalid',
      at: { file: name },
    });
  });
});

describe('with a key', () => {
  const signed = async (change: Readonly<Record<string, string>> = {}): Promise<EdgeBundle> => {
    const files = await signBundle(await readFolder(folder, 'all'), { key: keys.signing }, crypto.subtle);
    const document = parseEdgeBundle(await encodeEdgeBundle(files), 'it');
    return { ...document, files: { ...document.files, ...change } };
  };
  const join = async (document: EdgeBundle, by: BundleKeys = keys): Promise<unknown> =>
    joinEdgeBundle(document, deployed, { keys: [by.verification] });

  it('a signed one is taken, cases and all, and has the digest that it has without them', async () => {
    expect(await join(await signed())).toEqual(onNode);
  });

  it('is refused unsigned, by another key, and with any file changed or added', async () => {
    expect(await rejectedBy(join(edge))).toMatchObject({ code: 'bundle.unsigned' });
    const other = await makeKeys('ES256');
    expect(await rejectedBy(join(await signed(), other))).toMatchObject({ code: 'bundle.signature' });
    for (const name of ['data.json', 'templates/vault_agent/template.yaml', 'more.yaml']) {
      const document = await signed({ [name]: '{}' });
      expect(await rejectedBy(join(document))).toMatchObject({ code: 'bundle.tampered', at: { file: name } });
    }
  });

  it('is refused when another module was signed than is deployed, whatever the document says', async () => {
    const document = await signed();
    const digest = `sha256:${'0'.repeat(64)}`;
    const join = joinEdgeBundle(
      { ...document, module: digest },
      { ...deployed, digest },
      { keys: [keys.verification] },
    );
    expect(await rejectedBy(join)).toMatchObject({ code: 'bundle.tampered', at: { file: 'policy.wasm' } });
  });
});

test('a file that is no UTF-8 cannot be written into one', async () => {
  const broken = new Map([...content, ['data.json', Uint8Array.of(0xff)]] as const);
  const fault = await rejectedBy(encodeEdgeBundle(broken));
  expect(fault).toMatchObject({ code: 'bundle.invalid', at: { file: 'data.json' } });
});
