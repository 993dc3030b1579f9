// Finding facts: in time, once for many, for a while, and counted.
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../core/errors.ts';
import type { LookupEvent } from '../../../../runtimes/node/facts/lookup-metrics.ts';
import { pullSecret, secret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from './fake-registry.ts';
import { ask, askImage, codeOf, findIn, findWith } from './find-with.ts';
import { type LoopbackServer, startLoopback } from './loopback-server.ts';

const REFERENCES = { kind: 'references', resource: 'secrets', name: 'it', prefixes: ['vault:'], openings: [] };

const timeOf = async (task: Promise<unknown>): Promise<{ fault: unknown; ms: number }> => {
  const start = performance.now();
  const fault = await task.then(
    (value) => value,
    (thrown: unknown) => thrown,
  );
  return { fault, ms: performance.now() - start };
};

/** A registry that starts to answer when told to. */
const startSlow = async () => {
  const contents: Contents = {};
  putImage(contents, 'app', { Cmd: ['app'] }, '1');
  const gate = Promise.withResolvers<void>();
  const server = await startLoopback(async ({ path }) => {
    await gate.promise;
    return contents[path.replace('/v2/', '')] ?? { status: 404 };
  });
  return { server, open: gate.resolve };
};

const manifests = ({ asked }: LoopbackServer): number =>
  asked.filter(({ method, path }) => method === 'GET' && path.includes('/manifests/')).length;

describe('time', () => {
  it('runs out some time before the API server gives up, and that is no fact', async () => {
    const { server } = await startSlow();
    const { fault, ms } = await timeOf(askImage(await findIn(server), `${server.host}/app:1`, {}, 1000));
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).code).toBe('facts.timeout');
    expect(ms).toBeGreaterThan(700);
    expect(ms).toBeLessThan(1000);
  });

  it('runs out by the setting where the API server waits longer, or does not say', async () => {
    const { server } = await startSlow();
    const find = await findIn(server, { factsTimeout: '200ms' });
    for (const budget of [undefined, 30_000]) {
      const { fault, ms } = await timeOf(askImage(find, `${server.host}/app:1`, {}, budget));
      expect((fault as Fault).code).toBe('facts.timeout');
      expect(ms).toBeLessThan(900);
    }
  });

  it('runs out for an answer that drips, and for the Kubernetes API', async () => {
    const drip = await startLoopback(() => ({
      body: (response) => {
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      },
    }));
    const dripping = await timeOf(askImage(await findIn(drip), `${drip.host}/app:1`, {}, 400));
    expect((dripping.fault as Fault).code).toBe('facts.timeout');
    const api = await startKubernetes({}, () => new Promise(() => {}));
    const hanging = await timeOf(ask(await findWith({ kubeconfig: api.kubeconfig }), REFERENCES, 400));
    expect((hanging.fault as Fault).code).toBe('facts.timeout');
  });

  it('that ran out for one review is not lost for the next', async () => {
    const { server, open } = await startSlow();
    const find = await findIn(server);
    const { fault } = await timeOf(askImage(find, `${server.host}/app:1`, {}, 300));
    expect((fault as Fault).code).toBe('facts.timeout');
    open();
    await expect.poll(() => server.asked.length).toBe(2);
    await wait(50);
    expect(await askImage(find, `${server.host}/app:1`, {}, 300)).toEqual({ entrypoint: [], command: ['app'] });
    expect(server.asked).toHaveLength(2);
  });
});

describe('answers about images', () => {
  const start = async () => {
    const contents: Contents = {};
    const digest = putImage(contents, 'app', { Cmd: ['old'] }, '1');
    const registry = await startRegistry({ contents });
    return { contents, digest, registry, image: `${registry.host}/app:1` };
  };

  it('are kept, and asked for anew where the pod wants that', async () => {
    const { contents, digest, registry, image } = await start();
    const find = await findIn(registry);
    expect(await askImage(find, image)).toMatchObject({ command: ['old'] });
    putImage(contents, 'app', { Cmd: ['new'] }, '1');
    expect(await askImage(find, image)).toMatchObject({ command: ['old'] });
    expect(await askImage(find, image, { refresh: true })).toMatchObject({ command: ['new'] });
    expect(await askImage(find, image)).toMatchObject({ command: ['new'] });
    expect(manifests(registry)).toBe(2);
    const byDigest = `${registry.host}/app@${digest}`;
    await askImage(find, byDigest);
    expect(await askImage(find, byDigest, { refresh: true })).toMatchObject({ command: ['old'] });
    expect(manifests(registry)).toBe(3);
  });

  it('that are asked for anew cost the manifest once, for as long as the tag leads to it', async () => {
    const { contents, registry, image } = await start();
    const find = await findIn(registry);
    const anew = () => askImage(find, image, { refresh: true });
    for (let pod = 0; pod < 5; pod += 1) {
      expect(await anew()).toMatchObject({ command: ['old'] });
    }
    expect(manifests(registry)).toBe(1);
    putImage(contents, 'app', { Cmd: ['new'] }, '1');
    expect(await anew()).toMatchObject({ command: ['new'] });
    expect(manifests(registry)).toBe(2);
    delete contents['app/manifests/1'];
    expect(codeOf(await anew())).toBe('not_found');
  });

  it.each([
    ['does not know the question', { status: 405 }],
    ['does not say the digest', {}],
    ['says one that is none', { headers: { 'docker-content-digest': 'md5:00' } }],
  ])('are asked for in full where the registry %s', async (_, told) => {
    const contents: Contents = {};
    putImage(contents, 'app', { Cmd: ['app'] }, '1');
    const server = await startLoopback(({ method, path }) =>
      method === 'HEAD' ? told : (contents[path.replace('/v2/', '')] ?? { status: 404 }),
    );
    const find = await findIn(server);
    expect(await askImage(find, `${server.host}/app:1`, { refresh: true })).toMatchObject({ command: ['app'] });
  });

  it('of many tags of one image do not wait for each other without end', async () => {
    const contents: Contents = {};
    const digest = putImage(contents, 'app', { Cmd: ['app'] });
    for (let tag = 0; tag < 40; tag += 1) {
      contents[`app/manifests/${tag}`] = contents[`app/manifests/${digest}`] ?? {};
    }
    const registry = await startRegistry({ contents });
    const find = await findIn(registry, { factsTimeout: '5s' });
    const facts = await Promise.all(
      Array.from({ length: 40 }, (_, tag) => askImage(find, `${registry.host}/app:${tag}`, { refresh: true })),
    );
    expect(facts).toEqual(facts.map(() => ({ entrypoint: [], command: ['app'] })));
    expect(manifests(registry)).toBe(1);
  });

  it('under a tag are kept for as long as the setting says', async () => {
    const { contents, registry, image } = await start();
    const find = await findIn(registry, { imageCacheAge: '1s' });
    await askImage(find, image);
    putImage(contents, 'app', { Cmd: ['new'] }, '1');
    await expect
      .poll(() => askImage(find, image), { timeout: 5000, interval: 200 })
      .toMatchObject({ command: ['new'] });
  });

  it('are not given to who has other pull secrets, or does not verify', async () => {
    const contents: Contents = {};
    putImage(contents, 'app', { Cmd: ['private'] }, '1');
    const registry = await startRegistry({ contents, login: 'bearer', users: { ann: 'pw' } });
    const api = await startKubernetes({ 'shop/secrets/pull': pullSecret({ [registry.host]: 'ann:pw' }) });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig });
    const image = `${registry.host}/app:1`;
    expect(await askImage(find, image, { pullSecrets: ['pull'] })).toMatchObject({ command: ['private'] });
    expect(codeOf(await askImage(find, image))).toBe('unauthorized');
    expect(
      codeOf(await askImage(find, image, { pullSecrets: ['pull'], namespace: 'shop', skipTlsVerify: true })),
    ).toEqual({
      entrypoint: [],
      command: ['private'],
    });
    const others = await find([{ key: 'it', kind: 'image', image, namespace: 'bank', pullSecrets: ['pull'] }], {
      namespace: 'bank',
      budget: undefined,
    });
    expect(codeOf(others['it'])).toBe('unauthorized');
  });

  it('are asked for once by those who ask at the same time', async () => {
    const { server, open } = await startSlow();
    const find = await findIn(server);
    const asking = Array.from({ length: 20 }, () => askImage(find, `${server.host}/app:1`, { refresh: true }));
    open();
    expect(new Set((await Promise.all(asking)).map((fact) => JSON.stringify(fact))).size).toBe(1);
    expect(manifests(server)).toBe(1);
  });

  it('that are none are kept for a moment', async () => {
    const { contents, registry } = await start();
    const find = await findIn(registry);
    const image = `${registry.host}/app:2`;
    expect(codeOf(await askImage(find, image))).toBe('not_found');
    putImage(contents, 'app', { Cmd: ['two'] }, '2');
    expect(codeOf(await askImage(find, image))).toBe('not_found');
    expect(await askImage(find, image, { refresh: true })).toMatchObject({ command: ['two'] });
  });

  it('take no more memory than they may', async () => {
    const contents: Contents = {};
    for (let number = 0; number < 40; number += 1) {
      putImage(contents, 'app', { Cmd: [`${number}`, 'x'.repeat(4000)] }, `${number}`);
    }
    const registry = await startRegistry({ contents });
    const find = await findIn(registry, { imageCacheSize: '64KiB' });
    for (let number = 0; number < 40; number += 1) {
      await askImage(find, `${registry.host}/app:${number}`);
    }
    const before = manifests(registry);
    await askImage(find, `${registry.host}/app:39`);
    expect(manifests(registry)).toBe(before);
    await askImage(find, `${registry.host}/app:0`);
    expect(manifests(registry)).toBe(before + 1);
  });
});

describe('kinds', () => {
  it('that are off or unknown are answered so', async () => {
    const find = await findWith({ facts: 'off' });
    expect(await askImage(find, 'nginx')).toEqual({
      error: { code: 'no_adapter', message: 'this podgraft does not look up facts of kind "image"' },
    });
    const images = await findWith({ facts: 'image' });
    expect(codeOf(await ask(images, REFERENCES))).toBe('no_adapter');
    expect(codeOf(await ask(images, { kind: 'weather' }))).toBe('no_adapter');
  });

  it('that cannot work stop the start', async () => {
    await expect(findWith({ facts: 'references' })).rejects.toMatchObject({ code: 'facts.kubernetes' });
    await expect(findWith({ kubeconfig: '' })).rejects.toMatchObject({ code: 'facts.kubernetes' });
    await expect(findWith({ kubeconfig: '/nowhere/kubeconfig' })).rejects.toMatchObject({
      code: 'facts.kubernetes',
      at: { file: '/nowhere/kubeconfig' },
    });
    await expect(findWith({ facts: 'image', registryCaFile: '/nowhere/ca.pem' })).rejects.toMatchObject({
      code: 'facts.authority',
    });
    await expect(findWith({ facts: 'image', registryCaFile: import.meta.filename })).rejects.toMatchObject({
      code: 'facts.authority',
    });
  });

  it('are counted', async () => {
    const contents: Contents = {};
    putImage(contents, 'app', { Cmd: ['app'] }, '1');
    const registry = await startRegistry({ contents });
    const api = await startKubernetes({ 'shop/secrets/it': secret({}) });
    const events: Omit<LookupEvent, 'milliseconds'>[] = [];
    const observe = ({ milliseconds, ...event }: LookupEvent): void => {
      expect(milliseconds).toBeGreaterThanOrEqual(0);
      events.push(event);
    };
    const flags = { facts: 'image,references', kubeconfig: api.kubeconfig, factsTimeout: '5s' };
    const find = await findIn(registry, flags, { observe });
    await askImage(find, `${registry.host}/app:1`);
    await askImage(find, `${registry.host}/app:1`);
    await askImage(find, `${registry.host}/app:2`);
    await askImage(find, `${registry.host}/app:2`);
    await ask(find, REFERENCES);
    await ask(find, { ...REFERENCES, name: 'forbidden-it' });
    await ask(find, { kind: 'weather' });
    await askImage(find, `${registry.host}/app:1`, { refresh: true }, 0).catch(() => {});
    expect(events).toEqual([
      { kind: 'image', result: 'found', kept: false },
      { kind: 'image', result: 'found', kept: true },
      { kind: 'image', result: 'not_found', kept: false },
      { kind: 'image', result: 'not_found', kept: true },
      { kind: 'references', result: 'found', kept: false },
      { kind: 'references', result: 'forbidden', kept: false },
      { kind: 'unknown', result: 'no_adapter', kept: false },
      { kind: 'image', result: 'timeout', kept: false },
    ]);
  });
});
