// The operator's own logins for registries: when they are sent, and what becomes of a changed file.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../../core/errors.ts';
import { parseLogins, readLoginsFile } from '../../../../runtimes/node/facts/registry-logins.ts';
import { faultFrom, faultOf } from '../fault-of.ts';
import { send } from '../https-client.ts';
import { logged, run } from '../run-server.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { mountSecret } from '../secret-mount.ts';
import { pullSecret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from './fake-registry.ts';
import { askImage, codeOf, findIn } from './find-with.ts';

const FACT = { entrypoint: ['/from/the/image'], command: [] };

const startPrivate = (login: 'basic' | 'bearer', users: Readonly<Record<string, string>> = { op: 'pw' }) => {
  const contents: Contents = {};
  putImage(contents, 'team/app', { Entrypoint: ['/from/the/image'] }, '1');
  putImage(contents, 'team/app', { Entrypoint: ['/from/the/image'] }, '2');
  return startRegistry({ contents, login, users });
};

const fileWith = (logins: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    auths: Object.fromEntries(
      Object.entries(logins).map(([host, login]) => [host, { auth: Buffer.from(login).toString('base64') }]),
    ),
  });

const loginsOf = (logins: Readonly<Record<string, string>>) => {
  const entries = parseLogins(fileWith(logins), 'config.json');
  return { logins: () => entries };
};

describe('the logins of the operator', () => {
  it.each(['basic', 'bearer'] as const)('are taken where the pod has none: %s', async (login) => {
    const registry = await startPrivate(login);
    const find = await findIn(registry, {}, loginsOf({ [registry.host]: 'op:pw' }));
    expect(await askImage(find, `${registry.host}/team/app:1`)).toEqual(FACT);
  });

  it('come after those of the pod', async () => {
    const registry = await startPrivate('basic', { ann: 'pw', op: 'pw' });
    const api = await startKubernetes({
      'shop/secrets/wrong': pullSecret({ [registry.host]: 'ann:old' }),
      'shop/secrets/right': pullSecret({ [registry.host]: 'ann:pw' }),
    });
    const find = await findIn(registry, { kubeconfig: api.kubeconfig }, loginsOf({ [registry.host]: 'op:pw' }));
    const image = `${registry.host}/team/app:1`;
    const users = () =>
      registry.asked.map(({ authorization = '' }) => Buffer.from(authorization.slice(6), 'base64').toString());
    expect(await askImage(find, image, { pullSecrets: ['right'] })).toEqual(FACT);
    expect(users()).not.toContain('op:pw');
    expect(await askImage(find, image, { pullSecrets: ['wrong'] })).toEqual(FACT);
    expect(users()).toEqual(expect.arrayContaining(['ann:old', 'op:pw']));
  });

  it('go to the registry that they name, and to no other', async () => {
    const registry = await startPrivate('basic');
    const other = loginsOf({ [`${registry.host}/other`]: 'op:pw', 'registry.example': 'op:pw' });
    const find = await findIn(registry, {}, other);
    expect(codeOf(await askImage(find, `${registry.host}/team/app:1`))).toBe('unauthorized');
    expect(registry.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
  });

  it('are not sent where a pod asks that the certificate goes unverified', async () => {
    const registry = await startPrivate('basic');
    const find = await findIn(registry, {}, loginsOf({ [registry.host]: 'op:pw' }));
    const image = `${registry.host}/team/app:1`;
    expect(codeOf(await askImage(find, image, { skipTlsVerify: true }))).toBe('unauthorized');
    expect(registry.asked.every(({ authorization }) => authorization === undefined)).toBe(true);
    expect(await askImage(find, image)).toEqual(FACT);
  });
});

describe('the file', () => {
  const faultFor = (text: string): Fault => faultOf(() => parseLogins(text, 'config.json'));

  it.each<[string, string, string | undefined]>([
    ['is no JSON', '{"auths": {"a.io": "hush', undefined],
    ['is a list', '[]', undefined],
    ['only names helper programs', '{"credsStore": "desktop"}', undefined],
    ['holds no login', '{"auths": {}}', undefined],
    ['leaves a login to a helper program', '{"auths": {"a.io": {}}, "credsStore": "desktop"}', '/auths/a.io'],
    ['has half a login', '{"auths": {"https://a.io/v1/": {"username": "hush"}}}', '/auths/https:~1~1a.io~1v1~1'],
    ['has a host with a wildcard', '{"auths": {"*.io": {"username": "hush", "password": "hush"}}}', '/auths/*.io'],
    ['has a host with a class', '{"auths": {"[a-z].io": {"username": "a", "password": "b"}}}', '/auths/[a-z].io'],
  ])('is refused where it %s', (_, text, pointer) => {
    const fault = faultFor(text);
    expect(fault).toMatchObject({ code: 'facts.logins', at: { file: 'config.json' } });
    expect(fault.at?.pointer).toBe(pointer);
    expect(fault.message).not.toContain('hush');
  });

  it('is refused where it is not there', async () => {
    expect(await faultFrom(readLoginsFile('/nowhere/config.json'))).toMatchObject({
      code: 'facts.logins',
      message: 'the logins for registries cannot be read (there is no such file)',
    });
  });

  it.each([
    ['registry.example:5000', 'registry.example:5000'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['https://1.dkr.ecr.eu-west-1.amazonaws.com', '1.dkr.ecr.eu-west-1.amazonaws.com'],
    ['[fd00::1]:5000/team', '[fd00::1]:5000/team'],
  ])('may name %s', (host, pattern) => {
    expect(parseLogins(fileWith({ [host]: 'op:pw' }), 'config.json')).toEqual([
      { pattern, credential: { username: 'op', password: 'pw', identityToken: '' } },
    ]);
  });
});

describe('a server', () => {
  const review = async (url: string, image: string): Promise<string> => {
    const spec = { containers: [{ name: 'app', image, env: [{ name: 'A', value: 'vault:kv/data/a#b' }] }] };
    const metadata = { name: 'web', annotations: { 'vault.security.banzaicloud.io/vault-addr': 'https://vault:8200' } };
    const request = {
      uid: 'one',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      operation: 'CREATE',
      namespace: 'shop',
      object: { apiVersion: 'v1', kind: 'Pod', metadata, spec },
    };
    const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
    const { response } = JSON.parse((await send(`${url}/mutate`, undefined, { body })).text);
    return response.allowed ? Buffer.from(response.patch, 'base64').toString() : response.status.message;
  };

  it('takes up a changed file, keeps the last good one, and says so without a secret', async () => {
    const users: Record<string, string> = { op: 'first-pw' };
    const registry = await startPrivate('bearer', users);
    const folder = await scratchFolder();
    const mount = await mountSecret(folder, { '.dockerconfigjson': fileWith({ [registry.host]: 'op:first-pw' }) });
    const registryCaFile = path.join(await scratchFolder(), 'ca.pem');
    await writeFile(registryCaFile, registry.ca);
    const { running, log, stdout } = run({
      facts: 'image',
      kubeconfig: 'off',
      registries: registry.host,
      registryCaFile,
      registryConfigFile: mount.pathOf('.dockerconfigjson'),
    });
    const { url, metricsUrl = '' } = await running;
    const image = `${registry.host}/team/app`;
    expect(await review(url, `${image}:1`)).toContain('/from/the/image');

    users['op'] = 'second-pw';
    await mount.swap({ '.dockerconfigjson': fileWith({ [registry.host]: 'op:second-pw' }) });
    expect(await logged(log, { msg: 'logins reloaded' })).toMatchObject({ registries: [registry.host] });
    expect(await review(url, `${image}:2`)).toContain('/from/the/image');

    await mount.swap({ '.dockerconfigjson': '{"auths": {"a.io": "second-pw' });
    const record = await logged(log, { msg: 'logins not reloaded; the last good one keeps serving' });
    expect(record['reason']).toContain('(facts.logins)');
    expect(await (await fetch(metricsUrl)).text()).toContain('podgraft_reload_succeeded{what="logins"} 0\n');
    expect(await review(url, `${image}:latest`)).toContain('has no such image');
    expect(stdout()).not.toMatch(/(first|second)-pw/);
  }, 60_000);

  it('does not start with a broken file', async () => {
    const file = path.join(await scratchFolder(), 'config.json');
    await writeFile(file, '{}');
    const { code, stderr } = run({ facts: 'image', kubeconfig: 'off', registryConfigFile: file });
    expect(await code).toBe(1);
    expect(stderr()).toContain(`${file}: the file is no config.json of Docker`);
  }, 30_000);
});
