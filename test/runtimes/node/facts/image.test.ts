// Facts of kind image, from a registry on the loopback.
import { describe, expect, it } from 'vitest';
import { pullSecret, secret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, indexOf, putImage, putManifest, startRegistry } from './fake-registry.ts';
import { askImage, codeOf, findIn } from './find-with.ts';

const COMMAND = { Entrypoint: ['/bin/app'], Cmd: ['--serve', 'é'] };
const FACT = { entrypoint: ['/bin/app'], command: ['--serve', 'é'] };

const withImage = (): Contents => {
  const contents: Contents = {};
  putImage(contents, 'team/app', COMMAND, '1.0');
  return contents;
};

describe('what an image runs', () => {
  it.each([
    ['both', COMMAND, FACT],
    ['an entrypoint', { Entrypoint: ['/e'] }, { entrypoint: ['/e'], command: [] }],
    ['a command, and null for the entrypoint', { Entrypoint: null, Cmd: ['c'] }, { entrypoint: [], command: ['c'] }],
    ['nothing', {}, { entrypoint: [], command: [] }],
  ])('%s', async (_, config, fact) => {
    const contents: Contents = {};
    putImage(contents, 'team/app', config, 'v1');
    const registry = await startRegistry({ contents });
    expect(await askImage(await findIn(registry), `${registry.host}/team/app:v1`)).toEqual(fact);
  });

  it('is found by a digest, which goes over a tag', async () => {
    const contents: Contents = {};
    const digest = putImage(contents, 'team/app', COMMAND);
    const registry = await startRegistry({ contents });
    const find = await findIn(registry);
    expect(await askImage(find, `${registry.host}/team/app@${digest}`)).toEqual(FACT);
    expect(await askImage(find, `${registry.host}/team/app:gone@${digest}`)).toEqual(FACT);
  });

  it('is asked under latest where there is no tag', async () => {
    const contents: Contents = {};
    putImage(contents, 'app', COMMAND, 'latest');
    const registry = await startRegistry({ contents });
    expect(await askImage(await findIn(registry), `${registry.host}/app`)).toEqual(FACT);
  });

  it('is asked by plain HTTP only where the operator says so', async () => {
    const registry = await startRegistry({ contents: withImage(), tls: false });
    const image = `${registry.host}/team/app:1.0`;
    expect(await askImage(await findIn(registry, { plainHttpRegistries: registry.host }), image)).toEqual(FACT);
    expect(codeOf(await askImage(await findIn(registry), image))).toBe('unavailable');
  });
});

describe('platforms', () => {
  const platforms = async (names: readonly string[], imagePlatform: string) => {
    const contents: Contents = {};
    const entries = names.map((name) => [name, putImage(contents, 'app', { Cmd: [name] })] as const);
    putManifest(contents, 'app', indexOf(Object.fromEntries(entries)), '1');
    const registry = await startRegistry({ contents });
    return codeOf(await askImage(await findIn(registry, { imagePlatform }), `${registry.host}/app:1`));
  };

  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/arm64', 'linux/arm64/v8'],
    ['linux/arm64/v8', 'linux/arm64/v8'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm/v6'],
    ['windows/amd64', 'windows/amd64'],
  ])('%s is found wherever it stands', async (wanted, name) => {
    const names = [
      'linux/s390x',
      'unknown/unknown',
      'linux/arm/v6',
      'linux/arm/v7',
      'linux/arm64/v8',
      'windows/amd64',
      'linux/amd64',
    ];
    expect(await platforms(names, wanted)).toEqual({ entrypoint: [], command: [name] });
  });

  it('no other one is taken in its place', async () => {
    expect(await platforms(['linux/arm64'], 'linux/amd64')).toBe('ambiguous');
    expect(await platforms(['linux/amd64/v3'], 'linux/amd64')).toBe('ambiguous');
  });

  it('an index may name another one, but not without end', async () => {
    const contents: Contents = {};
    const image = putImage(contents, 'app', COMMAND);
    const inner = putManifest(contents, 'app', indexOf({ 'linux/amd64': image }), 'one');
    const outer = putManifest(contents, 'app', indexOf({ 'linux/amd64': inner }), 'two');
    putManifest(contents, 'app', indexOf({ 'linux/amd64': outer }), 'three');
    const registry = await startRegistry({ contents });
    const find = await findIn(registry);
    expect(await askImage(find, `${registry.host}/app:two`)).toEqual(FACT);
    expect(codeOf(await askImage(find, `${registry.host}/app:three`))).toBe('invalid');
  });
});

describe('logins', () => {
  const SECRETS = { pullSecrets: ['other', 'right'], serviceAccount: 'runner' };

  it.each(['basic', 'bearer'] as const)('%s, with the pull secrets of the pod', async (login) => {
    const registry = await startRegistry({ contents: withImage(), login, users: { ann: 'pass:word' } });
    const api = await startKubernetes({
      'shop/secrets/other': pullSecret({ 'elsewhere.example': 'eve:x', [registry.host]: 'ann:old' }),
      'shop/secrets/right': pullSecret({ [`https://${registry.host}/v1/`]: 'ann:pass:word' }),
    });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS)).toEqual(FACT);
    expect(registry.asked.map(({ authorization }) => authorization ?? '').join()).not.toContain(
      Buffer.from('eve:x').toString('base64'),
    );
  });

  it('with those of the ServiceAccount, in the older format', async () => {
    const registry = await startRegistry({ contents: withImage(), login: 'bearer', users: { ann: 'pw' } });
    const api = await startKubernetes({
      'shop/serviceaccounts/runner': { imagePullSecrets: [{ name: 'gone' }, { name: 'old' }, {}] },
      'shop/secrets/old': secret({
        '.dockercfg': JSON.stringify({ [registry.host]: { username: 'ann', password: 'pw' } }),
      }),
    });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(await askImage(find, `${registry.host}/team/app:1.0`, { serviceAccount: 'runner' })).toEqual(FACT);
  });

  it('with a refresh token', async () => {
    const registry = await startRegistry({ contents: withImage(), login: 'bearer', users: { ann: 'refresh-me' } });
    const auths = { [registry.host]: { auth: Buffer.from('00:').toString('base64'), identitytoken: 'refresh-me' } };
    const api = await startKubernetes({
      'shop/secrets/right': secret({ '.dockerconfigjson': JSON.stringify({ auths }) }),
    });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS)).toEqual(FACT);
  });

  it('as nobody, where the image is public; and then no secret is sent anywhere', async () => {
    const registry = await startRegistry({ contents: withImage(), login: 'bearer', isPublic: true });
    const api = await startKubernetes({});
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS)).toEqual(FACT);
    expect(registry.asked.every(({ authorization }) => !(authorization ?? '').startsWith('Basic'))).toBe(true);
  });

  it('are not asked for where the registry does not want one', async () => {
    const registry = await startRegistry({ contents: withImage() });
    const api = await startKubernetes({ 'shop/secrets/right': pullSecret({ [registry.host]: 'ann:pw' }) });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS)).toEqual(FACT);
    expect(api.asked).toEqual([]);
    expect(registry.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('that fail say so, and which secret podgraft may not read', async () => {
    const registry = await startRegistry({ contents: withImage(), login: 'bearer', users: { ann: 'pw' } });
    const api = await startKubernetes({ 'shop/secrets/right': pullSecret({ [registry.host]: 'ann:wrong' }) });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(codeOf(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS))).toBe('unauthorized');
    const pullSecrets = ['forbidden-one', 'right'];
    expect(await askImage(find, `${registry.host}/team/app:1.0`, { pullSecrets })).toEqual({
      error: {
        code: 'unauthorized',
        message: `${registry.host} wants a login for team/app, and no pull secret holds one; podgraft may not read forbidden-one`,
      },
    });
  });

  it('that the registry knows tell what is there, and the next ones do not take that back', async () => {
    const registry = await startRegistry({ contents: withImage(), login: 'basic', users: { ann: 'pw' } });
    const api = await startKubernetes({
      'shop/secrets/right': pullSecret({ [`${registry.host}/team`]: 'ann:pw', [registry.host]: 'ann:old' }),
    });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(codeOf(await askImage(find, `${registry.host}/team/app:gone`, SECRETS))).toBe('not_found');
  });

  it('are given to nobody but the registry, and the server for tokens that it names by HTTPS', async () => {
    const thief = await startRegistry({ contents: {}, tls: false });
    const registry = await startRegistry({
      contents: withImage(),
      login: 'bearer',
      users: { ann: 'pw' },
      realm: `${thief.url}/token`,
    });
    const api = await startKubernetes({ 'shop/secrets/right': pullSecret({ [registry.host]: 'ann:pw' }) });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    expect(codeOf(await askImage(find, `${registry.host}/team/app:1.0`, SECRETS))).toBe('invalid');
    expect(thief.asked).toEqual([]);
  });
});

describe('certificates', () => {
  it('are verified, unless the pod says otherwise', async () => {
    const registry = await startRegistry({ contents: withImage() });
    const find = await findIn(registry, { registryCaFile: '' });
    const image = `${registry.host}/team/app:1.0`;
    expect(await askImage(find, image)).toEqual({
      error: { code: 'unavailable', message: `${registry.host} cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)` },
    });
    expect(await askImage(find, image, { skipTlsVerify: true })).toEqual(FACT);
    expect(codeOf(await askImage(find, image))).toBe('unavailable');
  });
});
