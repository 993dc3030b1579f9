// A whole server, from its settings to its exit code.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { exampleReview, patchFrom, vaultAddressIn } from './example-review.ts';
import { keepAliveAgent, send } from './https-client.ts';
import { configurationText, copyBundle, edit, logged, run } from './run-server.ts';
import { scratchFolder } from './scratch-folder.ts';

// Building the policy takes seconds, where it changed.
beforeAll(async () => void (await ensureBundle()), 180_000);

const file = async (name: string, text: string): Promise<string> => {
  const found = path.join(await scratchFolder(), name);
  await writeFile(found, text);
  return found;
};

describe('serving', () => {
  it('injects into the sample pod, with the configuration that the file gives', async () => {
    const config = await file('podgraft.yaml', configurationText('https://vault.example:8200', ['bodyLimit: 64KiB']));
    const { running } = run({ config });
    expect(vaultAddressIn(await patchFrom(await running))).toBe('https://vault.example:8200');
    const { status } = await send(`${(await running).url}/mutate`, (await running).certificate().cert, {
      body: exampleReview.padEnd(65 * 1024),
    });
    expect(status).toBe(413);
  });

  it('takes settings from the environment, under the flags', async () => {
    const config = await file('podgraft.yaml', configurationText('https://vault.example:8200'));
    const { running } = run({ listen: undefined }, { PODGRAFT_CONFIG: config, PODGRAFT_LISTEN: '[::1]:0' });
    expect((await running).url).toMatch(/^https:\/\/\[::1\]:\d+$/);
  });

  it('logs one line a review, and never what the pod carries', async () => {
    const secrets = ['sw0rdfish-value', 'sw0rdfish-annotation', 'sw0rdfish-label', 'sw0rdfish-argument'] as const;
    const review = JSON.parse(exampleReview);
    review.request.object.metadata.annotations['vault.hashicorp.com/agent-inject-template-db'] = secrets[1];
    review.request.object.metadata.labels.app = secrets[2];
    review.request.object.spec.containers[0].env = [{ name: 'PASSWORD', value: secrets[0] }];
    review.request.object.spec.containers[0].args = [secrets[3]];
    const { running, log, stdout, stderr } = run({ logLevel: 'trace' });
    const { url, certificate } = await running;
    const ca = certificate().cert;
    await patchFrom(await running, JSON.stringify(review));
    await send(`${url}/mutate`, ca, { body: `${JSON.stringify(review)}}` });
    await send(`${url}/mutate`, ca, { body: `"${secrets[0]}` });
    review.request.object.spec.containers[0].env = secrets[0];
    await send(`${url}/mutate`, ca, { body: JSON.stringify(review) });
    expect(await logged(log, { msg: 'review', outcome: 'injected' })).toMatchObject({
      uid: review.request.uid,
      namespace: 'shop',
      generateName: 'web-5d9c7b8f6-',
      operation: 'CREATE',
      codes: [expect.stringMatching(/^vault_agent\//)],
      steps: { decide: expect.any(Number), render: expect.any(Number) },
      ms: expect.any(Number),
      bundle: expect.stringMatching(/^sha256:/),
    });
    await logged(log, { msg: 'request refused', code: 'review.json' });
    await logged(log, { msg: 'review', outcome: 'denied' });
    expect(log.filter(({ msg }) => msg === 'review')).toHaveLength(2);
    expect(stdout() + stderr()).not.toContain('sw0rdfish');
  });

  it('says of a failure which review it was, and what it means', async () => {
    const review = JSON.parse(exampleReview);
    review.request.object.large = Array(100_000).fill('sw0rdfish');
    const { running, log, stdout } = run({ policyMemory: '6MiB' });
    const { url, certificate } = await running;
    const { status } = await send(`${url}/mutate`, certificate().cert, { body: JSON.stringify(review) });
    expect(status).toBe(500);
    expect(await logged(log, { msg: 'review failed', code: 'policy.evaluate' })).toMatchObject({
      uid: review.request.uid,
      namespace: 'shop',
      generateName: 'web-5d9c7b8f6-',
      operation: 'CREATE',
      reason: expect.stringContaining('policyMemory'),
    });
    expect(stdout()).not.toContain('sw0rdfish');
  });

  it('counts on a port of its own', async () => {
    const { running } = run();
    const started = await running;
    await patchFrom(started);
    await send(`${started.url}/mutate`, started.certificate().cert, { body: '{' });
    const text = await (await fetch(started.metricsUrl ?? '')).text();
    expect(text).toContain('podgraft_reviews_total{outcome="injected"} 1\n');
    expect(text).toMatch(/podgraft_review_codes_total\{outcome="injected",system="vault_agent",code="\w+"\} 1\n/);
    expect(text).toContain('podgraft_faults_total{code="review.json",status="400"} 1\n');
    expect(text).toMatch(/podgraft_bundle_info\{digest="sha256:[0-9a-f]{64}"\} 1\n/);
    expect((await send(`${started.url}/metrics`, started.certificate().cert)).status).toBe(404);
  });
});

describe('a broken start', () => {
  it.each([
    [
      'a YAML error',
      'apiVersion: podgraft.dev/v1alpha1\nkind: [',
      /podgraft\.yaml:2:\d+: .+ \(configuration\.yaml\)\n$/,
    ],
    ['another kind', 'apiVersion: podgraft.dev/v1alpha1\nkind: Pod\n', /podgraft\.yaml:2:\d+.*: kind is not/],
    [
      'an unknown setting',
      configurationText('x', ['listne: ":1"']),
      /podgraft\.yaml:4:\d+.*: listne is not a setting; did you mean listen\?/,
    ],
    ['a bad setting', configurationText('x', ['bodyLimit: 8MB']), /podgraft\.yaml:4:\d+.*: bodyLimit "8MB" is not/],
    [
      'an unknown system',
      configurationText('x').replace('vault_agent', 'vault_agnet'),
      /podgraft\.yaml:4:\d+.*: .*vault_agnet/,
    ],
  ])('with %s in the configuration says file, line and reason', async (_, text, message) => {
    const { code, stderr, stdout } = run({ config: await file('podgraft.yaml', text) });
    expect(await code).toBe(1);
    expect(stderr()).toMatch(message);
    expect(stderr()).toMatch(/^podgraft: [^\n]+\n$/);
    expect(stdout()).not.toContain('serving');
  });

  it.each([
    [
      'a template',
      'templates/vault_agent/template.yaml',
      (text: string) => `${text}\nsurplus: [`,
      /template\.yaml:\d+:\d+: /,
    ],
    ['the data', 'data.json', (text: string) => `${text}{`, /bundle\/data\.json:\d+:\d+: the file is not JSON/],
    ['the compiled policy', 'policy.wasm', () => 'no wasm', /policy\.wasm: the bundle was made for the module/],
  ])('with %s broken says the file and the reason', async (_, name, change, message) => {
    const bundle = await copyBundle();
    await edit(path.join(bundle, name), change);
    const { code, stderr } = run({ bundle });
    expect(await code).toBe(1);
    expect(stderr()).toMatch(message);
    expect(stderr()).toMatch(/^podgraft: [^\n]+\n$/);
  });

  it('with a certificate that does not fit its key says so', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => createEphemeralCertificate(['localhost'], Date.now())));
    const certificateFile = await file('tls.crt', one?.cert ?? '');
    const keyFile = await file('tls.key', two?.key ?? '');
    const { code, stderr } = run({ certificateFile, keyFile });
    expect(await code).toBe(1);
    expect(stderr()).toBe(
      `podgraft: ${keyFile}:1: the key does not belong to the certificate in ${certificateFile}; replace both files together (certificate.mismatch)\n`,
    );
  });

  it('with an address that is taken says so, and leaves nothing running', async () => {
    const { url } = await run().running;
    const second = run({ listen: new URL(url).host, metricsListen: '127.0.0.1:0' });
    expect(await second.code).toBe(1);
    expect(second.stderr()).toMatch(
      /cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\): another process has this port; stop it, or choose another by --listen, PODGRAFT_LISTEN or server\.listen \(server\.listen\)\n$/,
    );
    const third = run({ listen: '127.0.0.1:0', metricsListen: new URL(url).host });
    expect(await third.code).toBe(1);
    expect(third.stderr()).toMatch(
      /\(EADDRINUSE\): .* by --metrics-listen, PODGRAFT_METRICS_LISTEN or server\.metricsL/,
    );
    const nowhere = run({ listen: '192.0.2.1:0' });
    expect(await nowhere.code).toBe(1);
    expect(nowhere.stderr()).toMatch(/\(EADDRNOTAVAIL\): this machine has no such address/);
  });

  it('with an unknown flag or variable says what is meant', async () => {
    const flag = run({ lisen: 'x' });
    expect(await flag.code).toBe(1);
    expect(flag.stderr()).toContain('--lisen is not a setting; did you mean --listen?');
    const variable = run({}, { PODGRAFT_LOGLEVEL: 'info' });
    expect(await variable.code).toBe(1);
    expect(variable.stderr()).toContain('did you mean PODGRAFT_LOG_LEVEL?');
  });
});

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'on %s: readiness fails first, all are answered, exit 0',
    async (name) => {
      const { running, code, signal, log } = run({ drainDelay: '500ms' });
      const { url, certificate } = await running;
      const ca = certificate().cert;
      const agent = keepAliveAgent({ maxSockets: 8 });
      const statuses: number[] = [];
      const failures: string[] = [];
      let stopped = false;
      // Eight clients that go on until the server no longer takes connections, as an API server does.
      const client = async (): Promise<void> => {
        while (!stopped) {
          try {
            statuses.push((await send(`${url}/mutate`, ca, { body: exampleReview, agent })).status);
          } catch (thrown) {
            failures.push(String(thrown));
            return;
          }
        }
      };
      const clients = Promise.all(Array.from({ length: 8 }, client));
      while (statuses.length < 50) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      signal(name);
      const atSignal = statuses.length;
      expect((await send(`${url}/readyz`, ca)).status).toBe(503);
      expect((await send(`${url}/healthz`, ca)).status).toBe(200);
      expect(await code).toBe(0);
      stopped = true;
      await clients;
      expect(statuses.length).toBeGreaterThan(atSignal + 8);
      expect(new Set(statuses)).toEqual(new Set([200]));
      // A connection that the server never accepted may be refused or reset; one that it did is answered.
      expect(failures.filter((failure) => failure.includes('once connected'))).toEqual([]);
      await logged(log, { msg: 'stopped', code: 0 });
    },
  );

  it('a second signal stops at once', async () => {
    const { running, code, signal, log } = run({ drainDelay: '60s' });
    const { url } = await running;
    const begin = performance.now();
    signal('SIGTERM');
    signal('SIGINT');
    expect(await code).toBe(130);
    expect(performance.now() - begin).toBeLessThan(2000);
    await logged(log, { msg: 'stopping at once' });
    await expect(send(`${url}/healthz`, '')).rejects.toThrow('ECONNREFUSED');
  });
});
