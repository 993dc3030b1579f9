// Facts as a pod meets them: through the webhook, with the policy that asks for them.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, vi } from 'vitest';
import type { JsonObject } from '../../../../core/json.ts';
import { podReview } from '../../../pod-review.ts';
import { send } from '../https-client.ts';
import { logged, run } from '../run-server.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { pullSecret, startKubernetes } from './fake-kubernetes.ts';
import { type Contents, putImage, startRegistry } from './fake-registry.ts';
import type { LoopbackServer, Told } from './loopback-server.ts';

const reviewOf = (containers: readonly JsonObject[], spec: JsonObject = {}): string =>
  JSON.stringify(
    podReview(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', annotations: { 'vault.security.banzaicloud.io/vault-addr': 'https://vault:8200' } },
        spec: { containers, serviceAccountName: 'runner', ...spec },
      },
      { uid: 'one' },
    ),
  );

const start = async (registry: LoopbackServer, kubeconfig: string) => {
  const registryCaFile = path.join(await scratchFolder(), 'ca.pem');
  await writeFile(registryCaFile, registry.ca);
  const flags = { facts: 'image,references', kubeconfig, registries: registry.host, registryCaFile };
  return run({ authentication: 'off', ...flags }).running;
};

interface Answer {
  readonly status: number;
  readonly response: {
    readonly allowed: boolean;
    readonly patch?: string;
    readonly status?: { readonly message: string };
  };
}

const review = async (url: string, body: string, query = ''): Promise<Answer> => {
  const { status, text } = await send(`${url}/mutate${query}`, undefined, { body });
  return { status, response: (JSON.parse(text) as Pick<Answer, 'response'>).response };
};

const patchOf = ({ response }: Answer): string => Buffer.from(response.patch ?? '', 'base64').toString();

it('a container without a command runs what its image says, found with its pull secret', async () => {
  const contents: Contents = {};
  putImage(contents, 'team/app', { Entrypoint: ['/from/the/image'], Cmd: ['serve'] }, '1.0');
  const registry = await startRegistry({ contents, login: 'bearer', users: { ann: 'pw' } });
  const api = await startKubernetes({ 'shop/secrets/pull': pullSecret({ [registry.host]: 'ann:pw' }) });
  const { url, metricsUrl = '' } = await start(registry, api.kubeconfig);
  const container = {
    name: 'app',
    image: `${registry.host}/team/app:1.0`,
    env: [{ name: 'A', value: 'vault:kv/data/a#b' }],
  };
  const body = reviewOf([container], { imagePullSecrets: [{ name: 'pull' }] });
  const first = await review(url, body);
  expect(first).toMatchObject({ status: 200, response: { allowed: true } });
  expect(patchOf(first)).toContain('/from/the/image');
  expect(await review(url, body)).toEqual(first);
  const denied = await review(url, reviewOf([container]));
  expect(denied.response.status?.message).toContain(`${registry.host} wants a login for team/app`);
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain('podgraft_lookups_total{kind="image",result="found",kept="false"} 1\n');
  expect(metrics).toContain('podgraft_lookups_total{kind="image",result="found",kept="true"} 1\n');
  expect(metrics).toContain('podgraft_lookups_total{kind="image",result="unauthorized",kept="false"} 1\n');
  expect(metrics).toContain('podgraft_lookup_duration_seconds_count{kind="image"} 2\n');
}, 30_000);

it('the authorities of registries are taken up when their file changes', async () => {
  const contents: Contents = {};
  putImage(contents, 'team/app', { Entrypoint: ['/from/the/image'] }, '1.0');
  const [registry, other] = await Promise.all([startRegistry({ contents }), startRegistry({ contents })]);
  const api = await startKubernetes({});
  const registryCaFile = path.join(await scratchFolder(), 'ca.pem');
  await writeFile(registryCaFile, other.ca);
  const flags = { facts: 'image', kubeconfig: api.kubeconfig, imageCacheAge: '1s' };
  const { running, log } = run({ authentication: 'off', registries: registry.host, registryCaFile, ...flags });
  const { url, metricsUrl = '' } = await running;
  const container = { name: 'app', image: `${registry.host}/team/app:1.0`, env: [{ name: 'A', value: 'vault:a#b' }] };
  expect(patchOf(await review(url, reviewOf([container])))).not.toContain('/from/the/image');
  await writeFile(registryCaFile, registry.ca);
  await logged(log, { msg: 'authorities reloaded' });
  // That the image was not to be had is kept for a moment.
  await vi.waitFor(async () => expect(patchOf(await review(url, reviewOf([container])))).toContain('/from/the/image'), {
    timeout: 5000,
    interval: 200,
  });
  await writeFile(registryCaFile, 'nothing');
  await logged(log, { msg: 'authorities not reloaded; the last good one keeps serving' });
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain('podgraft_reload_succeeded{what="authorities"} 0\n');
}, 30_000);

it('a reference in a ConfigMap is found; its value goes nowhere', async () => {
  const registry = await startRegistry({ contents: {} });
  const api = await startKubernetes({
    'shop/configmaps/settings': { data: { DSN: 'vault:kv/data/a#b', OTHER: 'hush' } },
  });
  const { url } = await start(registry, api.kubeconfig);
  const container = { name: 'app', image: 'app', command: ['/app'], envFrom: [{ configMapRef: { name: 'settings' } }] };
  const answer = await review(url, reviewOf([container]));
  expect(patchOf(answer)).toContain('"/app"');
  expect(JSON.stringify(answer) + patchOf(answer)).not.toContain('hush');
}, 30_000);

it('what is not found in time is a 503, before the API server gives up', async () => {
  const registry = await startRegistry({ contents: {} });
  const api = await startKubernetes({}, () => new Promise<Told>(() => {}));
  const { url, metricsUrl = '' } = await start(registry, api.kubeconfig);
  const container = { name: 'app', image: 'app', command: ['/app'], envFrom: [{ configMapRef: { name: 'settings' } }] };
  const began = performance.now();
  const { status, text } = await send(`${url}/mutate?timeout=1s`, undefined, { body: reviewOf([container]) });
  expect(performance.now() - began).toBeLessThan(1000);
  expect(status).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ code: 'facts.timeout' });
  const metrics = await (await fetch(metricsUrl)).text();
  expect(metrics).toContain('podgraft_lookups_total{kind="references",result="timeout",kept="false"} 1\n');
}, 30_000);

it('nothing of it is loaded where facts are off', async () => {
  const module = path.join(import.meta.dirname, '../../../../runtimes/node/facts/create-find-facts.ts');
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { createFindFacts } = await import(${JSON.stringify(module)});
    const settings = { facts: process.argv[1], kubeconfig: process.argv[2], registryCaFile: '', imageCacheSize: 65536 };
    await createFindFacts({ ...settings, facts: settings.facts === 'off' ? 'off' : [settings.facts] });
    console.log(loaded.filter((url) => url.includes('@kubernetes')).length);
  `;
  const loads = async (facts: string, kubeconfig: string): Promise<number> => {
    const args = ['--input-type=module', '--eval', script, facts, kubeconfig];
    return Number((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const api = await startKubernetes({});
  expect(await loads('off', '')).toBe(0);
  expect(await loads('image', 'off')).toBe(0);
  expect(await loads('references', api.kubeconfig)).toBeGreaterThan(0);
}, 30_000);
