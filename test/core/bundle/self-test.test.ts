// Cases inside a bundle: how they are read, and that a bundle which fails one is refused.
import { describe, expect, it } from 'vitest';
import { type BundleCase, parseCases } from '../../../core/bundle/case.ts';
import { selfTest } from '../../../core/self-test.ts';
import { readFolder } from '../../../runtimes/node/bundle-folder.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { faultFrom, faultOf } from '../../runtimes/node/fault-of.ts';
import { testBundle } from '../../test-bundle.ts';
import { filesOf } from './small-files.ts';

const bundle = await testBundle();
const shipped = parseCases(await readFolder(await ensureBundle()));
const FILE = 'cases/vault_agent/inject.yaml';

const inject = (): BundleCase => {
  const found = shipped.find(({ file }) => file === FILE);
  if (found === undefined) {
    throw new Error(`no ${FILE}`);
  }
  return found;
};

const failing = (change: Partial<BundleCase>) => faultFrom(selfTest(bundle, [{ ...inject(), ...change }]));

describe('selfTest', () => {
  it('passes the cases that come with podgraft, each system has some', async () => {
    expect(new Set(shipped.map(({ file }) => file.split('/')[1])).size).toBe(
      new Set(bundle.templates.map(({ system }) => system)).size,
    );
    let pauses = 0;
    const pause = async (): Promise<void> => {
      pauses += 1;
    };
    await selfTest(bundle, shipped, { pause, maxMemoryPages: 2048 });
    expect(pauses).toBe(shipped.length);
    await selfTest(bundle, []);
  });

  it.each([
    ['another outcome', { response: { allowed: true, outcome: 'skipped' } }, '/response/outcome should be "skipped"'],
    ['a refusal', { response: { allowed: false } }, '/response/allowed should be false'],
    ['another message', { response: { allowed: true, message: 'no' } }, '/response/message should be "no"'],
    [
      'a warning',
      { response: { allowed: true, warnings: ['x'] } },
      '/response/warnings/0 should be "x", but it is absent',
    ],
    ['another code', { response: { allowed: true, codes: [] } }, '/response/codes/0 should be absent'],
    ['no patch', { podAfter: 'unchanged' }, '/podAfter should be "unchanged"'],
    ['another pod', { podAfter: {} }, '/podAfter/apiVersion should be absent'],
    ['a configuration that is none', { configuration: { vault_agent: { nothing: 1 } } }, 'nothing'],
    ['a request that is none', { request: {} }, 'request'],
  ] satisfies readonly (readonly [string, Partial<BundleCase>, string])[])(
    'fails where a case expects %s, and names it',
    async (_, change, words) => {
      const fault = await failing(change);
      expect(fault).toMatchObject({ code: 'bundle.self-test', at: { file: FILE } });
      expect(fault.message).toContain(words);
      expect(fault.message.length).toBeLessThan(700);
    },
  );

  it('does not mind the order of keys', async () => {
    const { podAfter } = inject();
    const reversed = Object.fromEntries(Object.entries(podAfter ?? {}).reverse());
    await selfTest(bundle, [{ ...inject(), podAfter: reversed }]);
  });

  it('finds the facts of each case, and no others', async () => {
    const lookUp = shipped.filter(({ file }) => file === 'cases/vault_env/look-up.yaml');
    await selfTest(bundle, [...lookUp, ...shipped, ...lookUp]);
    const without = lookUp.map((one) => ({ ...one, facts: {} }));
    expect((await faultFrom(selfTest(bundle, [...lookUp, ...without]))).code).toBe('bundle.self-test');
  });
});

describe('parseCases', () => {
  const parse = (text: string | Uint8Array) => parseCases(filesOf({ 'cases/one/a.yaml': text }));

  it('reads what a case needs, and leaves other files alone', () => {
    const files = filesOf({
      'cases/two/b.yaml': 'response: {allowed: false}',
      'cases/one/a.yaml': 'response: {allowed: true}\npodAfter: unchanged\n',
      'cases/one/deep/c.yaml': '!',
      'cases/readme.yaml': '!',
      'cases/one/notes.md': '!',
    });
    expect(parseCases(files)).toEqual([
      {
        file: 'cases/one/a.yaml',
        configuration: {},
        request: {},
        facts: {},
        response: { allowed: true },
        podAfter: 'unchanged',
      },
      expect.objectContaining({ file: 'cases/two/b.yaml', podAfter: undefined }),
    ]);
  });

  it.each([
    ['no YAML', 'response: {', 1],
    ['no map', '[]', 1],
    ['a key twice', 'request: {}\nrequest: {}\n', 2],
    ['an unknown key', 'response: {allowed: true}\npod: {}\n', 2],
    ['an unknown answer', 'response:\n  allowed: true\n  patch: []\n', 3],
    ['no answer', 'request: {}\n', 1],
    ['an answer that is neither yes nor no', 'request: {}\nresponse: {allowed: null}\n', 2],
    ['a request that is no map', 'request: []\nresponse: {allowed: true}\n', 1],
    ['a configuration that is no map', 'response: {allowed: true}\nconfiguration: x\n', 2],
    ['a pod that is none', 'response: {allowed: true}\npodAfter: same\n', 2],
    ['an anchor', 'response: &a {allowed: true}\n', 1],
  ])('refuses %s, with the line', (_, text, line) => {
    expect(faultOf(() => parse(text))).toMatchObject({ code: 'bundle.case', at: { file: 'cases/one/a.yaml', line } });
  });

  it('refuses what is no text', () => {
    expect(faultOf(() => parse(Uint8Array.of(0xff)))).toMatchObject({
      code: 'bundle.case',
      at: { file: 'cases/one/a.yaml' },
    });
  });
});
