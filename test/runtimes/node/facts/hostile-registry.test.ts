// Registries that answer what no registry should.
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../../core/json.ts';
import { pullSecret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, indexOf, manifestFor, putImage, putManifest, sha256, startRegistry } from './fake-registry.ts';
import { askImage, codeOf, findIn, findWith } from './find-with.ts';
import { type Asked, type LoopbackServer, startLoopback, type Told } from './loopback-server.ts';

const codeFor = async (registry: LoopbackServer, image = 'app:1'): Promise<unknown> =>
  codeOf(await askImage(await findIn(registry), `${registry.host}/${image}`, {}, 20_000));

const codeWith = async (contents: Contents, image?: string): Promise<unknown> =>
  codeFor(await startRegistry({ contents }), image);

const endless = (response: ServerResponse): void => {
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
    response.once('drain', more);
  };
  more();
};

const CONFIG = JSON.stringify({ config: { Cmd: ['app'] } });

describe('answers', () => {
  it.each<[string, Told, string]>([
    ['without an end', { body: endless }, 'too_large'],
    ['that promise too much', { headers: { 'content-length': '99999999' }, body: () => {} }, 'too_large'],
    ['longer than any honest one', { body: JSON.stringify({ layers: ['x'.repeat(1024 * 1024)] }) }, 'too_large'],
    ['of very many values', { body: `{"schemaVersion":2,"layers":[${'{},'.repeat(300_000)}{}]}` }, 'too_large'],
    ['in a compression nobody asked for', { headers: { 'content-encoding': 'gzip' }, body: 'x' }, 'invalid'],
    ['that break off', { body: (response) => void response.write('{', () => response.destroy()) }, 'unavailable'],
    ['that are not JSON', { body: '<html>welcome to the hotel</html>' }, 'invalid'],
    ['that are not UTF-8', { body: new Uint8Array([0x7b, 0xff, 0x7d]) }, 'invalid'],
    ['that are a list', { body: '[]' }, 'invalid'],
    ['nested without end', { body: '['.repeat(150_000) }, 'invalid'],
    ['of schema 1', { body: JSON.stringify({ schemaVersion: 1, history: [] }) }, 'invalid'],
    ['that are empty', { body: '' }, 'invalid'],
    ['with status 500', { status: 500 }, 'unavailable'],
    ['with status 429', { status: 429 }, 'unavailable'],
    ['with status 418', { status: 418 }, 'invalid'],
    ['with status 403', { status: 403 }, 'forbidden'],
    ['with status 404', { status: 404 }, 'not_found'],
    [
      'that want a login in words that nobody knows',
      { status: 401, headers: { 'www-authenticate': 'Dance' } },
      'unauthorized',
    ],
    ['that want a login and do not say how', { status: 401 }, 'unauthorized'],
    ['that redirect without end', { status: 307, headers: { location: '/v2/app/manifests/1' } }, 'invalid'],
    ['that redirect to nowhere', { status: 307 }, 'invalid'],
    ['that redirect to a file', { status: 302, headers: { location: 'file:///etc/passwd' } }, 'invalid'],
    ['that redirect to plain HTTP', { status: 302, headers: { location: 'http://example.com/' } }, 'invalid'],
    ['that redirect with a login', { status: 302, headers: { location: 'https://a:b@example.com/' } }, 'invalid'],
    [
      'that redirect to metadata',
      { status: 302, headers: { location: 'https://169.254.169.254/latest' } },
      'forbidden',
    ],
    ['that redirect to the loopback', { status: 302, headers: { location: 'https://localhost:1/' } }, 'forbidden'],
    [
      'that redirect to the loopback, in disguise',
      { status: 302, headers: { location: 'https://[::ffff:7f00:1]/' } },
      'forbidden',
    ],
    [
      'that redirect to the loopback, as a number',
      { status: 302, headers: { location: 'https://2130706433/' } },
      'forbidden',
    ],
    [
      'with another digest than they say',
      { body: '{"schemaVersion":2}', headers: { 'docker-content-digest': sha256('x') } },
      'invalid',
    ],
    [
      'with a digest that is none',
      { body: '{"schemaVersion":2}', headers: { 'docker-content-digest': 'md5:00' } },
      'invalid',
    ],
  ])('%s', async (_, told, code) => {
    expect(await codeWith({ 'app/manifests/1': told })).toBe(code);
  });

  it('that are no HTTP', async () => {
    const server = await startLoopback(() => ({ body: (response) => response.socket?.end('EHLO\r\n') }));
    expect(await codeFor(server)).toBe('invalid');
  });

  it('with headers without end', async () => {
    const server = await startLoopback(() => ({ headers: { 'x-long': 'x'.repeat(100_000) } }));
    expect(await codeFor(server)).toBe('invalid');
  });

  it('from nobody', async () => {
    const registry = await startRegistry({ contents: {} });
    const find = await findWith({ facts: 'image', registries: 'localhost:1' });
    expect(await askImage(find, 'localhost:1/app')).toEqual({
      error: { code: 'unavailable', message: 'localhost:1 cannot be reached (ECONNREFUSED)' },
    });
    expect(registry.asked).toEqual([]);
  });
});

describe('digests', () => {
  it('of a manifest that was asked for by one', async () => {
    const contents: Contents = {};
    const digest = putImage(contents, 'app', { Cmd: ['app'] });
    contents[`app/manifests/${digest}`] = { body: JSON.stringify(manifestFor(CONFIG)) };
    expect(await codeWith(contents, `app@${digest}`)).toBe('invalid');
  });

  it('of a manifest that an index names', async () => {
    const contents: Contents = {};
    const digest = putImage(contents, 'app', { Cmd: ['app'] });
    putManifest(contents, 'app', indexOf({ 'linux/amd64': digest }), '1');
    contents[`app/manifests/${digest}`] = { body: JSON.stringify(manifestFor(CONFIG)) };
    expect(await codeWith(contents)).toBe('invalid');
  });

  it('of a configuration', async () => {
    const contents: Contents = { [`app/blobs/${sha256(CONFIG)}`]: { body: `${CONFIG} ` } };
    putManifest(contents, 'app', manifestFor(CONFIG), '1');
    expect(await codeWith(contents)).toBe('invalid');
  });
});

describe('manifests', () => {
  const good = manifestFor(CONFIG);
  it.each<[string, JsonValue, string]>([
    ['an image and an index at once', { ...good, manifests: [] }, 'invalid'],
    ['without a configuration', { schemaVersion: 2 }, 'invalid'],
    [
      'of something that cannot run',
      { ...good, config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: sha256('') } },
      'invalid',
    ],
    [
      'with a way out for a digest',
      {
        ...good,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: '../../../../api/v1/secrets' },
      },
      'invalid',
    ],
    [
      'with a digest of another kind',
      { ...good, config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: 'sha1:00' } },
      'invalid',
    ],
    ['an index that is no list', { schemaVersion: 2, manifests: { length: 1 } }, 'ambiguous'],
    [
      'an index of nothing',
      { schemaVersion: 2, manifests: [null, 1, {}, { platform: null }, { platform: { os: 1 } }] },
      'ambiguous',
    ],
    [
      'an index with a way out for a digest',
      { schemaVersion: 2, manifests: [{ digest: '..', platform: { os: 'linux', architecture: 'amd64' } }] },
      'invalid',
    ],
    [
      'with a name from the prototype',
      JSON.parse('{"schemaVersion":2,"__proto__":{"config":{}}}') as JsonValue,
      'invalid',
    ],
  ])('%s', async (_, manifest, code) => {
    const contents: Contents = { [`app/blobs/${sha256(CONFIG)}`]: { body: CONFIG } };
    putManifest(contents, 'app', manifest, '1');
    expect(await codeWith(contents)).toBe(code);
  });
});

describe('configurations', () => {
  it.each<[string, JsonValue, string]>([
    ['an entrypoint that is a text', { Entrypoint: '/bin/sh' }, 'invalid'],
    ['a command with a number', { Cmd: ['sleep', 1] }, 'invalid'],
    ['half of a surrogate pair', { Cmd: ['\ud800'] }, 'invalid'],
    ['a config that is a list', [], 'invalid'],
    ['words without end', { Cmd: ['x'.repeat(40_000)] }, 'too_large'],
  ])('%s', async (_, config, code) => {
    const contents: Contents = {};
    putImage(contents, 'app', config, '1');
    expect(await codeWith(contents)).toBe(code);
  });
});

describe('redirects', () => {
  it('are followed, without the login', async () => {
    const contents: Contents = {};
    putManifest(contents, 'app', manifestFor(CONFIG), '1');
    const registry = await startRegistry({ contents, login: 'basic', users: { ann: 'pw' } });
    const elsewhere = await startLoopback(() => ({ body: CONFIG }), { certificate: registry.certificate });
    contents[`app/blobs/${sha256(CONFIG)}`] = { status: 307, headers: { location: `${elsewhere.url}/signed?for=you` } };
    const api = await startKubernetes({ 'shop/secrets/pull': pullSecret({ [registry.host]: 'ann:pw' }) });
    const registries = `${registry.host},${elsewhere.host}`;
    const find = await findIn(registry, { kubeconfig: api.kubeconfig, registries });
    const fact = await askImage(find, `${registry.host}/app:1`, { pullSecrets: ['pull'] });
    expect(fact).toEqual({ entrypoint: [], command: ['app'] });
    expect(elsewhere.asked).toMatchObject([{ path: '/signed?for=you', authorization: undefined }]);
  });
});

describe('where podgraft may ask', () => {
  it.each([
    ['127.0.0.1:1/app', 'forbidden'],
    ['localhost:1/app', 'forbidden'],
    ['localhost/app', 'forbidden'],
    ['[::1]:1/app', 'forbidden'],
    ['0.0.0.0:1/app', 'forbidden'],
    ['169.254.169.254/latest', 'forbidden'],
    ['[fe80::1]/app', 'forbidden'],
    ['0x7f000001:1/app', 'forbidden'],
  ])('%s is not asked by default', async (image, code) => {
    expect(codeOf(await askImage(await findWith({ facts: 'image' }), image))).toBe(code);
  });

  it('only what the list says, where there is one', async () => {
    const registry = await startRegistry({ contents: {} });
    const find = await findIn(registry, { registries: 'docker.io,*.example.com' });
    expect(await askImage(find, `${registry.host}/app:1`)).toEqual({
      error: { code: 'forbidden', message: `podgraft is not allowed to ask the registry ${registry.host}` },
    });
    expect(registry.asked).toEqual([]);
  });

  it('without verification only where the operator lets pods choose that', async () => {
    const registry = await startRegistry({ contents: {} });
    const find = await findIn(registry, { unverifiedRegistries: 'off' });
    const more = { skipTlsVerify: true };
    expect(codeOf(await askImage(find, `${registry.host}/app:1`, more))).toBe('forbidden');
    expect(registry.asked).toEqual([]);
  });
});

describe('servers for tokens', () => {
  const token = async (told: Told | ((asked: Asked) => Told)): Promise<unknown> => {
    const server = { url: '' };
    const registry = await startLoopback((asked) =>
      asked.path.startsWith('/token')
        ? typeof told === 'function'
          ? told(asked)
          : told
        : { status: 401, headers: { 'www-authenticate': `Bearer realm="${server.url}/token"` } },
    );
    server.url = registry.url;
    return codeFor(registry);
  };

  it.each<[string, Told, string]>([
    ['that fail', { status: 503 }, 'unavailable'],
    ['without an end', { body: endless }, 'too_large'],
    ['that give a header more', { body: JSON.stringify({ token: 'a\r\nx-evil: 1' }) }, 'unauthorized'],
    ['that give a number', { body: '{"token":1}' }, 'unauthorized'],
    ['that give nothing', { body: '' }, 'unauthorized'],
    ['that send elsewhere', { status: 302, headers: { location: 'https://example.com' } }, 'unauthorized'],
    ['that give what is of no use', { body: '{"token":"a"}' }, 'unauthorized'],
  ])('%s', async (_, told, code) => {
    expect(await token(told)).toBe(code);
  });

  it.each([
    '',
    'http://example.com/token',
    'file:///etc/passwd',
    'https://a:b@example.com',
    'https://169.254.169.254/',
  ])('are not asked at %j', async (realm) => {
    const registry = await startLoopback(() => ({
      status: 401,
      headers: { 'www-authenticate': `Bearer realm="${realm}"` },
    }));
    expect(['invalid', 'forbidden']).toContain(await codeFor(registry));
    expect(registry.asked).toHaveLength(1);
  });
});

describe('names of images', () => {
  it.each([
    '',
    ':',
    '@',
    'App',
    'a//b',
    'a/../b',
    'host:5000/',
    'a@sha256:12',
    'a b',
    'a:b:c/d e',
    `a:${'t'.repeat(129)}`,
    'a/b?x=y',
    'a#b',
    'a\u0000',
    `${'a/'.repeat(600)}a`,
    'reg.example:99999999/a',
  ])('%j is none', async (image) => {
    expect(codeOf(await askImage(await findWith({ facts: 'image' }), image))).toBe('invalid');
  });
});
