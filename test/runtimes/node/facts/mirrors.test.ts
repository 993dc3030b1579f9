// Mirrors: what is asked in place of a registry, with which logins.
import { describe, expect, it } from 'vitest';
import { mirrors } from '../../../../runtimes/node/facts/registry-kind.ts';
import { pullSecret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from './fake-registry.ts';
import { askImage, codeOf, findIn } from './find-with.ts';

const FACT = { entrypoint: [], command: ['app'] };

const withImage = (name: string): Contents => {
  const contents: Contents = {};
  putImage(contents, name, { Cmd: ['app'] }, '1');
  return contents;
};

describe('a mirror', () => {
  it.each([
    ['redis:1', 'docker.io', 'library/redis'],
    ['index.docker.io/redis:1', 'docker.io', 'library/redis'],
    ['team/app:1', 'docker.io', 'team/app'],
    ['ghcr.io/team/app:1', 'ghcr.io', 'team/app'],
    ['registry.example:5000/app:1', 'registry.example:5000', 'app'],
  ])('is asked for %s and told that %s is meant', async (image, registry, repository) => {
    const mirror = await startRegistry({ contents: withImage(repository) });
    const find = await findIn(mirror, { registries: '*', registryMirrors: `${registry}=${mirror.host}` });
    expect(await askImage(find, image)).toEqual(FACT);
    const queries = mirror.asked.map(({ path }) => new URL(path, mirror.url).search);
    expect(queries).toEqual([`?ns=${encodeURIComponent(registry)}`, `?ns=${encodeURIComponent(registry)}`]);
  });

  it('may have the images below a path, and tokens for it', async () => {
    const contents = withImage('hub/proxy/library/redis');
    const mirror = await startRegistry({ contents, login: 'bearer', isPublic: true });
    const find = await findIn(mirror, { registries: '*', registryMirrors: `docker.io=${mirror.host}/hub/proxy` });
    expect(await askImage(find, 'redis:1')).toEqual(FACT);
    const token = mirror.asked.find(({ path }) => path.startsWith('/token'));
    expect(new URL(token?.path ?? '', mirror.url).searchParams.get('scope')).toBe(
      'repository:hub/proxy/library/redis:pull',
    );
  });

  it('is asked by plain HTTP where it is named for that', async () => {
    const mirror = await startRegistry({ contents: withImage('library/redis'), tls: false });
    const flags = { registries: 'docker.io', registryMirrors: `docker.io=${mirror.host}` };
    expect(await askImage(await findIn(mirror, { ...flags, plainHttpRegistries: mirror.host }), 'redis:1')).toEqual(
      FACT,
    );
    expect(codeOf(await askImage(await findIn(mirror, flags), 'redis:1'))).toBe('unavailable');
  });

  it('gets the logins for it, and none of those for the registry', async () => {
    const mirror = await startRegistry({
      contents: withImage('library/redis'),
      login: 'basic',
      users: { ann: 'mirror-pw' },
    });
    const api = await startKubernetes({
      'shop/secrets/hub': pullSecret({ 'https://index.docker.io/v1/': 'ann:hub-pw' }),
      'shop/secrets/mirror': pullSecret({ [mirror.host]: 'ann:mirror-pw' }),
    });
    const find = await findIn(mirror, {
      kubeconfig: api.kubeconfig,
      registries: '*',
      registryMirrors: `docker.io=${mirror.host}`,
    });
    expect(codeOf(await askImage(find, 'redis:1', { pullSecrets: ['hub'] }))).toBe('unauthorized');
    expect(mirror.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
    expect(await askImage(find, 'redis:1', { pullSecrets: ['hub', 'mirror'] })).toEqual(FACT);
  });

  it('changes nothing about what pods may name, nor about how it may be asked', async () => {
    const mirror = await startRegistry({ contents: withImage('library/redis') });
    const find = await findIn(mirror, {
      registries: 'docker.io',
      registryMirrors: `docker.io=${mirror.host}`,
      unverifiedRegistries: 'docker.io',
    });
    expect(codeOf(await askImage(find, `${mirror.host}/library/redis:1`))).toBe('forbidden');
    expect(codeOf(await askImage(find, 'redis:1', { skipTlsVerify: true }))).toBe('forbidden');
    expect(await askImage(find, 'redis:2')).toEqual({
      error: { code: 'not_found', message: 'docker.io has no such image of library/redis' },
    });
  });
});

describe('mirrors are written', () => {
  it.each([
    ['docker.io=mirror.example', 'docker.io', 'mirror.example', ''],
    ['index.docker.io=Mirror.Example:443', 'docker.io', 'mirror.example', ''],
    ['localhost:5000=[fd00::1]:5000/a/b-c', 'localhost:5000', '[fd00::1]:5000', 'a/b-c'],
    ['ghcr.io=docker.io/cache', 'ghcr.io', 'registry-1.docker.io', 'cache'],
  ])('%s', (text, of, host, prefix) => {
    expect(mirrors.parse(text)).toMatchObject([{ of, host, prefix }]);
  });

  it.each([
    '',
    'docker.io',
    'docker.io=',
    '=mirror.example',
    '*=mirror.example',
    'docker.io=*.example',
    'docker.io=https://mirror.example',
    'docker.io=mirror.example/',
    'docker.io=mirror.example/A',
    'docker.io=mirror.example/../a',
    'docker.io=mirror.example/a?b',
    'docker.io=a.example=b.example',
    'docker.io=a.example,index.docker.io=b.example',
    'docker.io=a.example,',
  ])('never as %j', (text) => {
    expect(mirrors.parse(text)).toBeUndefined();
  });
});
