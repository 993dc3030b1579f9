// A running server takes up changed files, or keeps the last good ones and says so.
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';
import type { Running } from '../../../runtimes/node/serve.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import { patchFrom, vaultAddressIn } from './example-review.ts';
import { keepAliveAgent, send, sendReview } from './https-client.ts';
import { configurationText, copyBundle, edit, logged, run } from './run-server.ts';
import { scratchFolder } from './scratch-folder.ts';
import { mountSecret } from './secret-mount.ts';

// Building the policy takes seconds, where it changed.
beforeAll(async () => void (await ensureBundle()), 180_000);

const metricsOf = async ({ metricsUrl }: Running): Promise<string> => (await fetch(metricsUrl ?? '')).text();

const address = async (running: Running) => vaultAddressIn(await patchFrom(running));

describe('the configuration', () => {
  it('is taken up when its mount swaps', async () => {
    const mount = await mountSecret(await scratchFolder(), { 'podgraft.yaml': configurationText('https://one:8200') });
    // A minute between looks: what is seen, is seen by the watch.
    const { running, log } = run({ config: mount.pathOf('podgraft.yaml'), reloadInterval: '60s' });
    const started = await running;
    expect(await address(started)).toBe('https://one:8200');
    await mount.swap({ 'podgraft.yaml': configurationText('https://two:8200') });
    await logged(log, { msg: 'policy reloaded' });
    expect(await address(started)).toBe('https://two:8200');
    expect(await metricsOf(started)).toContain('podgraft_reloads_total{what="policy",result="success"} 1\n');
  });

  it.each([
    ['is no YAML', () => 'policy: [', /podgraft\.yaml:\d+:\d+: /],
    ['names an unknown system', (text: string) => text.replace('vault_agent', 'nothing'), /podgraft\.yaml:4:.*nothing/],
    [
      'has an unknown setting',
      () => configurationText('https://two:8200', ['quux: 1']),
      /podgraft\.yaml:4:.*quux is not a setting/,
    ],
    ['is empty', () => '', /podgraft\.yaml/],
  ])('is not taken up when it %s; the last good one serves until it is right again', async (_, spoil, reason) => {
    const config = path.join(await scratchFolder(), 'podgraft.yaml');
    const good = configurationText('https://one:8200');
    await writeFile(config, good);
    const { running, log } = run({ config });
    const started = await running;
    await writeFile(config, spoil(good));
    const record = await logged(log, { msg: 'policy not reloaded; the last good one keeps serving' });
    expect(record).toMatchObject({ level: 'error', reason: expect.stringMatching(reason) });
    expect(await address(started)).toBe('https://one:8200');
    const metrics = await metricsOf(started);
    expect(metrics).toContain('podgraft_reloads_total{what="policy",result="failure"} 1\n');
    expect(metrics).toContain('podgraft_reload_succeeded{what="policy"} 0\n');
    await writeFile(config, configurationText('https://three:8200'));
    await logged(log, { msg: 'policy reloaded' });
    expect(await address(started)).toBe('https://three:8200');
    expect(await metricsOf(started)).toContain('podgraft_reload_succeeded{what="policy"} 1\n');
  });

  it('may go away and come back', async () => {
    const config = path.join(await scratchFolder(), 'podgraft.yaml');
    await writeFile(config, configurationText('https://one:8200'));
    const { running, log } = run({ config });
    const started = await running;
    await rename(config, `${config}.away`);
    const record = await logged(log, { msg: 'policy not reloaded; the last good one keeps serving' });
    expect(record['reason']).toContain('there is no such file');
    expect(await address(started)).toBe('https://one:8200');
    await rename(`${config}.away`, config);
    await logged(log, { msg: 'policy reloaded' });
  });

  it('changes no setting of the server, and says so', async () => {
    const config = path.join(await scratchFolder(), 'podgraft.yaml');
    await writeFile(config, configurationText('https://one:8200', ['bodyLimit: 64KiB']));
    const { running, log } = run({ config });
    const started = await running;
    await writeFile(config, configurationText('https://two:8200', ['bodyLimit: 1KiB']));
    await logged(log, { msg: 'the settings of the server changed; they hold from the next start' });
    await logged(log, { msg: 'policy reloaded' });
    expect(await address(started)).toBe('https://two:8200');
  });

  it('is left alone when re-reading is off', async () => {
    const config = path.join(await scratchFolder(), 'podgraft.yaml');
    await writeFile(config, configurationText('https://one:8200'));
    const { running } = run({ config, reloadInterval: 'off' });
    await running;
    await writeFile(config, configurationText('https://two:8200'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await address(await running)).toBe('https://one:8200');
  });
});

describe('the bundle', () => {
  it('is taken up when a new one is moved over the old one, with a new digest', async () => {
    const bundle = await copyBundle();
    const { running, log } = run({ bundle });
    const started = await running;
    const before = /podgraft_bundle_info\{digest="([^"]+)"/.exec(await metricsOf(started))?.[1];
    const next = await copyBundle();
    await edit(path.join(next, 'data.json'), (text) =>
      text.replaceAll('https://vault.vault.svc:8200', 'https://new:8200'),
    );
    // Its cases were recorded with the address before.
    await rm(path.join(next, 'cases'), { recursive: true });
    await rename(bundle, `${bundle}.old`);
    await rename(next, bundle);
    const { bundle: digest } = await logged(log, { msg: 'policy reloaded' });
    expect(digest).not.toBe(before);
    expect(await address(started)).toBe('https://new:8200');
    expect(await metricsOf(started)).toContain(`podgraft_bundle_info{digest="${digest}"} 1\n`);
    expect(await metricsOf(started)).not.toContain(before);
  });

  it.each([
    ['a template', 'templates/vault_agent/template.yaml', (text: string) => text.replace('spec:', 'sepc:')],
    ['the compiled policy', 'policy.wasm', () => 'no wasm'],
    ['a schema', 'schemas/vault_agent.json', () => '[]'],
  ])('is not taken up with %s broken, not even by half', async (_, name, change) => {
    const bundle = await copyBundle();
    const { running, log } = run({ bundle });
    const started = await running;
    const info = /podgraft_bundle_info\{.*/;
    const before = info.exec(await metricsOf(started))?.[0];
    const next = await copyBundle();
    // Good in itself, but it comes with something broken.
    await edit(path.join(next, 'data.json'), (text) =>
      text.replaceAll('https://vault.vault.svc:8200', 'https://half:8200'),
    );
    await edit(path.join(next, name), change);
    await rename(bundle, `${bundle}.old`);
    await rename(next, bundle);
    await vi.waitFor(
      () => {
        const failures = log.filter(({ msg }) => msg === 'policy not reloaded; the last good one keeps serving');
        expect(JSON.stringify(failures)).toContain(path.basename(name));
      },
      { timeout: 5000 },
    );
    expect(await address(started)).toBe('https://vault.vault.svc:8200');
    expect(info.exec(await metricsOf(started))?.[0]).toBe(before);
  });
});

describe('the certificate', () => {
  const pair = async () => createEphemeralCertificate(['localhost'], Date.now());

  const serveWith = async (
    files: { readonly 'tls.crt': string; readonly 'tls.key': string },
    reloadInterval: string,
  ) => {
    const mount = await mountSecret(await scratchFolder(), files);
    const flags = { certificateFile: mount.pathOf('tls.crt'), keyFile: mount.pathOf('tls.key'), reloadInterval };
    return { mount, ...run(flags) };
  };

  it('is swapped when the mount swaps; connections that stand go on', async () => {
    const [one, two] = [await pair(), await pair()];
    const { mount, running, log } = await serveWith({ 'tls.crt': one.cert, 'tls.key': one.key }, '60s');
    const started = await running;
    const agent = keepAliveAgent({ maxSockets: 1 });
    expect(await sendReview(started.url, one.cert, 'a', agent)).toMatchObject({ status: 200 });
    await mount.swap({ 'tls.crt': two.cert, 'tls.key': two.key });
    const record = await logged(log, { msg: 'certificate reloaded' });
    expect(record).toMatchObject({ fingerprint: two.fingerprint, expires: new Date(two.expires).toISOString() });
    expect(JSON.stringify(log)).not.toContain(two.key.split('\n')[1]);
    expect(await sendReview(started.url, one.cert, 'b', agent)).toMatchObject({ status: 200 });
    expect(await sendReview(started.url, two.cert, 'c')).toMatchObject({ status: 200 });
    await expect(send(`${started.url}/healthz`, one.cert)).rejects.toThrow();
    expect(await metricsOf(started)).toContain(`podgraft_certificate_expiry_timestamp_seconds ${two.expires / 1000}\n`);
  });

  it('stays when the next pair is bad, and is swapped when it is good again', async () => {
    const [one, two, three] = [await pair(), await pair(), await pair()];
    const { mount, running, log } = await serveWith({ 'tls.crt': one.cert, 'tls.key': one.key }, '200ms');
    const started = await running;
    for (const [cert, key, reason] of [
      [two.cert, three.key, 'certificate.mismatch'],
      ['nothing', two.key, 'certificate.invalid'],
      [two.cert, '', 'certificate.invalid'],
    ] as const) {
      const seen = log.length;
      await mount.swap({ 'tls.crt': cert, 'tls.key': key });
      await vi.waitFor(() => expect(JSON.stringify(log.slice(seen))).toContain(reason), { timeout: 5000 });
      expect(await sendReview(started.url, one.cert)).toMatchObject({ status: 200 });
    }
    expect(await metricsOf(started)).toContain('podgraft_reload_succeeded{what="certificate"} 0\n');
    await mount.swap({ 'tls.crt': three.cert, 'tls.key': three.key });
    await logged(log, { msg: 'certificate reloaded' });
    expect(await sendReview(started.url, three.cert)).toMatchObject({ status: 200 });
    expect(await metricsOf(started)).toContain('podgraft_reload_succeeded{what="certificate"} 1\n');
  });
});
