// The parts that finding facts is made of.
import { describe, expect, it } from 'vitest';
import { isBlockedAddress } from '../../../../runtimes/node/facts/address-rule.ts';
import { parseChallenges } from '../../../../runtimes/node/facts/challenge.ts';
import { credentialsFor, readEntries } from '../../../../runtimes/node/facts/docker-config.ts';
import { parseImageReference } from '../../../../runtimes/node/facts/image-reference.ts';
import { createLimit } from '../../../../runtimes/node/facts/limit.ts';
import { secret } from './fake-kubernetes.ts';

describe('names of images', () => {
  const DIGEST = `sha256:${'a'.repeat(64)}`;
  it.each([
    ['nginx', 'docker.io', 'registry-1.docker.io', 'library/nginx', 'latest'],
    ['team/app:1', 'docker.io', 'registry-1.docker.io', 'team/app', '1'],
    ['docker.io/nginx', 'docker.io', 'registry-1.docker.io', 'library/nginx', 'latest'],
    ['index.docker.io/team/app', 'docker.io', 'registry-1.docker.io', 'team/app', 'latest'],
    ['registry-1.docker.io/nginx:1', 'docker.io', 'registry-1.docker.io', 'library/nginx', '1'],
    ['ghcr.io/a/b/c:v1.2_3', 'ghcr.io', 'ghcr.io', 'a/b/c', 'v1.2_3'],
    ['GHCR.io:443/a', 'ghcr.io', 'ghcr.io', 'a', 'latest'],
    ['localhost/a', 'localhost', 'localhost', 'a', 'latest'],
    ['reg:5000/a', 'reg:5000', 'reg:5000', 'a', 'latest'],
    ['[fd00::1]:5000/a:1', '[fd00::1]:5000', '[fd00::1]:5000', 'a', '1'],
    [`a/b__c-d.e@${DIGEST}`, 'docker.io', 'registry-1.docker.io', 'a/b__c-d.e', DIGEST],
    [`a:tag@${DIGEST}`, 'docker.io', 'registry-1.docker.io', 'library/a', DIGEST],
  ])('%s', (image, registry, host, repository, manifest) => {
    expect(parseImageReference(image)).toMatchObject({ registry, host, repository, manifest });
  });
});

describe('demands of registries', () => {
  const read = (header: string) =>
    parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

  it.each([
    [
      'Bearer realm="https://a/t",service="a, b",scope="c\\"d"',
      [['bearer', { realm: 'https://a/t', service: 'a, b', scope: 'c"d' }]],
    ],
    [
      'Basic realm=x, Bearer Realm="y" , service=z',
      [
        ['basic', { realm: 'x' }],
        ['bearer', { realm: 'y', service: 'z' }],
      ],
    ],
    [
      'Negotiate, Basic',
      [
        ['negotiate', {}],
        ['basic', {}],
      ],
    ],
    ['realm="nobody"', []],
    ['', []],
    ['Bearer realm="never closed', [['bearer', {}]]],
  ])('%s', (header, challenges) => {
    expect(read(header)).toEqual(challenges);
  });

  it('are read in time that grows with their length only', () => {
    const start = performance.now();
    parseChallenges(`Bearer ${'a="'.repeat(5000)}${'\\'.repeat(5000)}`);
    parseChallenges(`${' ,'.repeat(8000)}`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('pull secrets', () => {
  const auths = (patterns: readonly string[]) =>
    secret({
      '.dockerconfigjson': JSON.stringify({
        auths: Object.fromEntries(patterns.map((pattern) => [pattern, { username: pattern, password: 'x' }])),
      }),
    });
  const chosen = (patterns: readonly string[], image: string) =>
    credentialsFor(readEntries(auths(patterns)), image).map(({ username }) => username);

  it.each([
    [['https://index.docker.io/v1/'], 'docker.io/library/nginx', 1],
    [['docker.io'], 'docker.io/library/nginx', 1],
    [['registry-1.docker.io'], 'docker.io/a/b', 1],
    [['docker.io/team'], 'docker.io/other/app', 0],
    [['https://ghcr.io/v2/'], 'ghcr.io/a', 1],
    [['*.example.com'], 'a.example.com/b', 1],
    [['*.example.com'], 'a.b.example.com/b', 0],
    [['*.example.com'], 'example.com/b', 0],
    [['r?g.example.com'], 'reg.example.com/b', 1],
    [['re*g*.example.com'], 'reggae.example.com/b', 1],
    [['re*x.example.com'], 'reggae.example.com/b', 0],
    [['example.com'], 'example.com:5000/b', 0],
    [['example.com:5000'], 'example.com:5000/b', 1],
    [['*'], 'localhost/b', 1],
    [[''], 'localhost/b', 0],
  ])('of %j for %s', (patterns, image, count) => {
    expect(chosen(patterns, image)).toHaveLength(count);
  });

  it('come the most specific first', () => {
    expect(chosen(['*.a.io', 'b.a.io', 'b.a.io/team', 'c.io'], 'b.a.io/team/app')).toEqual([
      'b.a.io/team',
      'b.a.io',
      '*.a.io',
    ]);
  });

  it.each([
    [{}],
    [{ data: 'x' }],
    [secret({ '.dockerconfigjson': '{' })],
    [secret({ '.dockerconfigjson': 'null' })],
    [secret({ '.dockerconfigjson': '{"auths":[]}' })],
    [secret({ '.dockerconfigjson': '{"auths":{"a.io":null,"b.io":{},"c.io":{"auth":"%%"},"d.io":{"username":"x"}}}' })],
    [{ type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': 1 } }],
    [{ ...auths(['a.io']), type: 'Opaque' }],
    [{ ...auths(['a.io']), type: 'kubernetes.io/dockercfg' }],
  ])('%j hold nothing', (object) => {
    expect(readEntries(object)).toEqual([]);
  });

  it('are matched in time that grows with the product of the lengths at most', () => {
    const start = performance.now();
    expect(chosen([`${'*a'.repeat(2000)}b`], `${'a'.repeat(5000)}/x`)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '169.254.169.254',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a9fe:a9fe',
    'fd00:ec2::254',
    '100.100.100.200',
  ])('%s is blocked', (address) => expect(isBlockedAddress(address)).toBe(true));

  it.each([
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '8.8.8.8',
    'fd12::1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    'host',
  ])('%s is not', (address) => expect(isBlockedAddress(address)).toBe(false));
});

describe('the limit', () => {
  const never = new AbortController().signal;

  it('holds for all, and for each owner, and lets others by', async () => {
    const run = createLimit({ total: 3, each: 2 });
    const running: string[] = [];
    const most = { all: 0, one: 0 };
    const gates: (() => void)[] = [];
    const task = (owner: string) =>
      run(owner, never, async () => {
        running.push(owner);
        most.all = Math.max(most.all, running.length);
        most.one = Math.max(most.one, running.filter((other) => other === 'one').length);
        await new Promise<void>((resolve) => gates.push(resolve));
        running.splice(running.indexOf(owner), 1);
      });
    const tasks = ['one', 'one', 'one', 'one', 'two', 'two'].map(task);
    await Promise.resolve();
    expect(running).toEqual(['one', 'one', 'two']);
    for (let ended = 0; ended < tasks.length; ended += 1) {
      await expect.poll(() => gates.length).toBeGreaterThan(ended);
      gates[ended]?.();
    }
    await Promise.all(tasks);
    expect(most).toEqual({ all: 3, one: 2 });
  });

  it('lets go of who gives up, and of what fails', async () => {
    const run = createLimit({ total: 1, each: 1 });
    const gate = Promise.withResolvers<void>();
    const first = run('a', never, () => gate.promise);
    const controller = new AbortController();
    const second = run('a', controller.signal, async () => 'second');
    controller.abort(new Error('too late'));
    await expect(second).rejects.toThrow('too late');
    await expect(run('a', controller.signal, async () => 'never')).rejects.toThrow('too late');
    gate.reject(new Error('failed'));
    await expect(first).rejects.toThrow('failed');
    expect(await run('a', never, async () => 'third')).toBe('third');
  });
});
