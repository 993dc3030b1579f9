// A bundle without its module: the same bundle as on Node, and refused when anything about it is wrong.
import { describe, expect, it, test } from 'vitest';
import type { JsonObject } from '../../../core/index.ts';
import { loadBundle, readBundleFiles } from '../../../runtimes/node/bundle-folder.ts';
import { encodeEdgeBundle, joinEdgeBundle, parseEdgeBundle } from '../../../runtimes/worker/edge-bundle.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { rejectedBy, thrownBy } from './thrown-by.ts';

const folder = await ensureBundle();
const { content } = await readBundleFiles(folder);
const onNode = await loadBundle(folder);
const text = await encodeEdgeBundle(content);
const edge = parseEdgeBundle(text, 'it');
const known = { module: onNode.module, digest: edge.module };

test('joined with its module it is the bundle that Node loads, digest included', async () => {
  expect(await joinEdgeBundle(edge, known, 'it')).toEqual(onNode);
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
    ['with a file of no use', changed({ files: { ...edge.files, 'README.md': '' } }), 'files is not a map'],
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
    const other = { ...known, digest: `sha256:${'0'.repeat(64)}` };
    expect(await rejectedBy(joinEdgeBundle(edge, other, 'the object'))).toMatchObject({
      code: 'bundle.module',
      at: { file: 'the object' },
      message: `the bundle was made for the module ${edge.module}, but ${other.digest} is deployed`,
    });
  });

  it.each(Object.keys(edge.files))('when one byte of %s changed', async (name) => {
    const files = { ...edge.files, [name]: `${edge.files[name]} ` };
    expect(await rejectedBy(joinEdgeBundle({ ...edge, files }, known, 'it'))).toMatchObject({ code: 'bundle.digest' });
  });

  it('when a file is missing, or one more is there', async () => {
    const { 'data.json': _, ...fewer } = edge.files;
    const more = { ...edge.files, 'templates/vault_agent/more.yaml': '' };
    for (const files of [fewer, more]) {
      const fault = await rejectedBy(joinEdgeBundle({ ...edge, files }, known, 'it'));
      expect(fault).toMatchObject({ code: 'bundle.digest' });
    }
  });

  it('when its files are none, though the digest is theirs', async () => {
    const broken = new Map([...content, ['data.json', new TextEncoder().encode('[]')]] as const);
    const document = parseEdgeBundle(await encodeEdgeBundle(broken), 'it');
    expect(await rejectedBy(joinEdgeBundle(document, known, 'the object'))).toMatchObject({
      code: 'bundle.invalid',
      at: { file: 'the object#data.json' },
    });
  });
});

test('a file that is no UTF-8 cannot be written into one', async () => {
  const broken = new Map([...content, ['data.json', Uint8Array.of(0xff)]] as const);
  const fault = await rejectedBy(encodeEdgeBundle(broken));
  expect(fault).toMatchObject({ code: 'bundle.invalid', at: { file: 'data.json' } });
});
