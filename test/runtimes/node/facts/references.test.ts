// Facts of kind references, from a Kubernetes API on the loopback.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../core/json.ts';
import { secret, startKubernetes } from './fake-kubernetes.ts';
import { ask, codeOf, findWith } from './find-with.ts';
import type { Told } from './loopback-server.ts';

const MARKS = { prefixes: ['vault:', '>>vault:'], openings: ['${vault:', '${>>vault:'] };

const values = {
  PLAIN: 'debug',
  PREFIX: 'vault:kv/data/shop#pass',
  LATER: '>>vault:kv/data/shop#pass',
  INLINE: 'pg://${vault:kv/data/shop#user}@db',
  SECOND_LINE: 'a ${vault: b\n${vault:kv#c} }',
  OTHER_LINE: '${vault:kv\n#c}',
  NEVER_CLOSED: '${vault:kv',
  CAPITALS: 'VAULT:kv#a',
  BLANK: ' vault:kv#a',
  EMPTY: '',
};
const KEYS = ['INLINE', 'LATER', 'PREFIX', 'SECOND_LINE'];

const lookup = (resource: string, name: string): JsonObject & { kind: string } => ({
  kind: 'references',
  resource,
  name,
  ...MARKS,
});

describe('keys with a reference', () => {
  it.each<[string, JsonObject]>([
    ['configmaps', { data: values, binaryData: { BINARY: Buffer.from('vault:a#b').toString('base64') } }],
    ['secrets', secret({ ...values, BYTES: '\u0000\ufffd' })],
  ])('of %s, in order and without their values', async (resource, object) => {
    const api = await startKubernetes({ [`shop/${resource}/it`]: object });
    const find = await findWith({ kubeconfig: api.kubeconfig });
    expect(await ask(find, lookup(resource, 'it'))).toEqual({ keys: KEYS });
    expect(api.asked).toMatchObject([{ method: 'GET', path: `/api/v1/namespaces/shop/${resource}/it` }]);
  });

  it('of an object without data', async () => {
    const api = await startKubernetes({ 'shop/secrets/empty': {}, 'shop/configmaps/odd': { data: ['vault:a'] } });
    const find = await findWith({ kubeconfig: api.kubeconfig });
    expect(await ask(find, lookup('secrets', 'empty'))).toEqual({ keys: [] });
    expect(await ask(find, lookup('configmaps', 'odd'))).toEqual({ keys: [] });
  });

  it('are looked for anew each time', async () => {
    const data: Record<string, string> = { A: 'vault:a#b' };
    const api = await startKubernetes({ 'shop/configmaps/it': { data } });
    const find = await findWith({ kubeconfig: api.kubeconfig });
    expect(await ask(find, lookup('configmaps', 'it'))).toEqual({ keys: ['A'] });
    data['A'] = 'b';
    expect(await ask(find, lookup('configmaps', 'it'))).toEqual({ keys: [] });
  });

  it('are found in time that grows with the length only', async () => {
    const data = { LONG: '${vault:'.repeat(120_000), LINES: `${'${vault:\n'.repeat(100_000)}}` };
    const api = await startKubernetes({ 'shop/configmaps/it': { data } });
    const find = await findWith({ kubeconfig: api.kubeconfig });
    const start = performance.now();
    expect(await ask(find, lookup('configmaps', 'it'))).toEqual({ keys: [] });
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('no answer', () => {
  it.each<[string, Told | undefined, string]>([
    ['an object that is not there', undefined, 'not_found'],
    ['a 404 of something between', { status: 404, body: 'no such page' }, 'invalid'],
    ['a 404 of the API about something else', { status: 404, body: '{"kind":"Status","reason":"Gone"}' }, 'invalid'],
    ['a token that the API does not know', { status: 401 }, 'unauthorized'],
    ['a right that is missing', { status: 403 }, 'forbidden'],
    ['an API that fails', { status: 500 }, 'unavailable'],
    ['an API that has too much to do', { status: 429 }, 'unavailable'],
    ['a redirect', { status: 302, headers: { location: 'https://example.com' } }, 'invalid'],
    ['another kind of object', { body: '{"kind":"Secret","data":{}}' }, 'invalid'],
    ['something that is not JSON', { body: 'ok' }, 'invalid'],
    ['very many values', { body: `{"kind":"ConfigMap","data":[${'{},'.repeat(300_000)}{}]}` }, 'too_large'],
    [
      'more than an object may have',
      { body: `{"kind":"ConfigMap","data":{"A":"${'x'.repeat(5_000_000)}"}}` },
      'too_large',
    ],
  ])('%s', async (_, told, code) => {
    const api = await startKubernetes({}, () => told);
    const fact = await ask(await findWith({ kubeconfig: api.kubeconfig }), lookup('configmaps', 'it'));
    expect(codeOf(fact)).toBe(code);
  });

  it.each(['', '..', '../../secrets/other', 'a/b', 'a?b', 'A', 'a'.repeat(254), 'a%2fb'])(
    'the name %j',
    async (name) => {
      const api = await startKubernetes({});
      const fact = await ask(await findWith({ kubeconfig: api.kubeconfig }), lookup('secrets', name));
      expect(codeOf(fact)).toBe('invalid');
      expect(api.asked).toEqual([]);
    },
  );

  it.each<[string, JsonObject]>([
    ['another resource', { resource: 'pods' }],
    ['no marks', { prefixes: null }],
    ['marks that are everywhere', { openings: [''] }],
  ])('%s', async (_, fields) => {
    const api = await startKubernetes({});
    const fact = await ask(await findWith({ kubeconfig: api.kubeconfig }), { ...lookup('secrets', 'it'), ...fields });
    expect(codeOf(fact)).toBe('invalid');
    expect(api.asked).toEqual([]);
  });

  it('another namespace than that of the pod', async () => {
    const api = await startKubernetes({ 'bank/secrets/it': secret({ A: 'vault:a#b' }) });
    const find = await findWith({ kubeconfig: api.kubeconfig });
    expect(codeOf(await ask(find, { ...lookup('secrets', 'it'), namespace: 'bank' }))).toBe('forbidden');
    expect(api.asked).toEqual([]);
  });

  it('quotes no value', async () => {
    const api = await startKubernetes({}, () => ({ status: 200, body: '{"kind":"Secret","data":{"A":"c2VjcmV0"' }));
    const fact = await ask(await findWith({ kubeconfig: api.kubeconfig }), lookup('secrets', 'it'));
    expect(JSON.stringify(fact)).not.toContain('c2VjcmV0');
  });
});
