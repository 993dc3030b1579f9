// A running server and its bundle: where it comes from, which ones it refuses, and how it goes back.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { stampManifest } from '../../../core/bundle/module-check.ts';
import { type BundleFiles, readManifest } from '../../../core/bundle/parse-files.ts';
import { writeTar } from '../../../core/bundle/write-tar.ts';
import type { Running } from '../../../runtimes/node/serve.ts';
import type { Flags } from '../../../runtimes/node/setting-source.ts';
import { ensureBundle } from '../../../scripts/policy/ensure-bundle.ts';
import {
  changed,
  makeReleaseKey,
  makeVariant,
  packed,
  type ReleaseKey,
  replaceFile,
  signed,
  type Variant,
} from './bundle-variant.ts';
import { exampleReview, patchFrom } from './example-review.ts';
import { send } from './https-client.ts';
import { archive, startArchiveServer, status } from './loopback-archive.ts';
import { EMPTY_MODULE, policyModule } from './policy-module.ts';
import { type LogRecord, logged, run } from './run-server.ts';
import { scratchFolder } from './scratch-folder.ts';

let variants: readonly [Variant, Variant, Variant];
beforeAll(async () => {
  await ensureBundle();
  variants = await Promise.all([makeVariant('one'), makeVariant('two'), makeVariant('three')]);
}, 180_000);

const metricsOf = async ({ metricsUrl }: Running): Promise<string> => (await fetch(metricsUrl ?? '')).text();

const readyText = async (running: Running): Promise<string> =>
  (await send(`${running.url}/readyz`, running.certificate().cert)).text;

/** The bundle that answers, by what it grafts and by what it says of itself. */
const answering = async (running: Running) => {
  const answer = await send(`${running.url}/mutate`, running.certificate().cert, { body: exampleReview });
  const images = new Set(JSON.stringify(await patchFrom(running)).match(/hashicorp\/vault:[\w.-]+/g));
  return { bundle: JSON.parse(answer.text).response.auditAnnotations.bundle as string, images: [...images] };
};

const answerOf = ({ digest, image }: Variant) => ({ bundle: digest, images: [image] });

/** A server of one archive, signed. */
const serveArchive = async (flags: Flags = {}) => {
  const key = await makeReleaseKey();
  const file = path.join(await scratchFolder(), 'bundle.tar.gz');
  await writeFile(file, packed(await signed(variants[0].files, key)));
  const { running, log } = run({ bundle: file, bundleKeys: key.file, ...flags });
  return { key, file, running: await running, log };
};

const failure = async (log: readonly LogRecord[], reason: string): Promise<void> =>
  void (await expect
    .poll(
      () =>
        log
          .filter(({ msg }) => String(msg).startsWith('policy not reloaded'))
          .map(({ reason: why }) => String(why))
          .join('\n'),
      { timeout: 10_000 },
    )
    .toContain(reason));

describe('an archive', { timeout: 60_000 }, () => {
  it('is served, signed, and the next one after it; /readyz and the metrics tell which, and since when', async () => {
    const { key, file, running, log } = await serveArchive();
    expect(await answering(running)).toEqual(answerOf(variants[0]));
    expect(await readyText(running)).toMatch(
      new RegExp(`^ok\\nbundle: ${variants[0].digest}\\nage: \\d+ s\\nchecked: \\d+ s ago\\n$`),
    );
    const before = await metricsOf(running);
    await replaceFile(file, packed(await signed(variants[1].files, key)));
    await logged(log, { msg: 'policy reloaded', bundle: variants[1].digest, signedBy: 'ES256' });
    expect(await answering(running)).toEqual(answerOf(variants[1]));
    expect(await readyText(running)).toContain(`bundle: ${variants[1].digest}\n`);
    const after = await metricsOf(running);
    expect(after).toContain(`podgraft_bundle_info{digest="${variants[1].digest}"} 1\n`);
    expect(after).not.toContain(variants[0].digest);
    const served = (text: string): number => Number(/^podgraft_bundle_served_timestamp_seconds (.*)$/m.exec(text)?.[1]);
    const checked = (text: string): number =>
      Number(/^podgraft_bundle_checked_timestamp_seconds (.*)$/m.exec(text)?.[1]);
    expect(served(after)).toBeGreaterThan(served(before));
    expect(Math.abs(Date.now() / 1000 - served(after))).toBeLessThan(30);
    expect(checked(after)).toBeGreaterThanOrEqual(served(before));
  });

  it('that came before is taken back at once, without being made anew', async () => {
    const { key, file, running, log } = await serveArchive();
    const [one, two] = await Promise.all(
      variants.slice(0, 2).map(async ({ files }) => packed(await signed(files, key))),
    );
    await replaceFile(file, two ?? new Uint8Array());
    await logged(log, { msg: 'policy reloaded', bundle: variants[1].digest });
    await replaceFile(file, one ?? new Uint8Array());
    await logged(log, { msg: 'policy reloaded', bundle: variants[0].digest });
    expect(await answering(running)).toEqual(answerOf(variants[0]));
    expect(await readyText(running)).toContain(`bundle: ${variants[0].digest}\n`);
  });

  it('is verified anew when the keys change', async () => {
    const { key, file, running, log } = await serveArchive();
    const next = await makeReleaseKey();
    await replaceFile(file, packed(await signed(variants[1].files, next)));
    await failure(log, 'made with another key');
    await replaceFile(key.file, new TextEncoder().encode(key.pem + next.pem));
    await logged(log, { msg: 'policy reloaded', bundle: variants[1].digest });
    await replaceFile(key.file, new TextEncoder().encode('none'));
    await failure(log, '(bundle.key)');
    expect(await answering(running)).toEqual(answerOf(variants[1]));
  });

  it('need not be signed where that is said, but a wrong signature is refused all the same', async () => {
    const { key, file, running, log } = await serveArchive({ bundleSignature: 'optional' });
    const stranger = await makeReleaseKey();
    await replaceFile(file, packed(await signed(variants[1].files, stranger)));
    await failure(log, '(bundle.signature)');
    await replaceFile(file, packed(variants[2].files));
    await logged(log, { msg: 'the bundle is not signed, and need not be', bundle: variants[2].digest });
    await logged(log, { msg: 'policy reloaded', bundle: variants[2].digest });
    await replaceFile(file, packed(await signed(variants[1].files, key)));
    await logged(log, { msg: 'policy reloaded', bundle: variants[1].digest });
    expect(await answering(running)).toEqual(answerOf(variants[1]));
  });
});

describe('the running bundle is untouched by one that', { timeout: 60_000 }, () => {
  type Spoil = (files: BundleFiles, key: ReleaseKey) => Promise<Uint8Array>;

  const resigned =
    (file: string, content?: string | Uint8Array): Spoil =>
    async (files, key) =>
      packed(await signed(changed(files, file, content), key));
  const afterwards =
    (file: string, content?: string): Spoil =>
    async (files, key) =>
      packed(changed(await signed(files, key), file, content));

  it.each<[string, Spoil, string]>([
    ['is cut off', async (files, key) => packed(await signed(files, key)).slice(0, -1000), 'bundle.archive'],
    ['is empty', async () => new Uint8Array(), 'bundle.archive'],
    ['is not packed', async (files, key) => writeTar(await signed(files, key)), 'bundle.archive'],
    ['is not signed', async (files) => packed(files), 'bundle.unsigned'],
    ['is signed by another', async (files) => packed(await signed(files, await makeReleaseKey())), 'bundle.signature'],
    [
      'has a signature that is none',
      async (files) => packed(changed(files, '.signatures.json', '{}')),
      'bundle.signature',
    ],
    ['has a changed file', afterwards('templates/vault_agent/template.yaml', 'x'), 'bundle.tampered'],
    ['has a file more', afterwards('templates/vault_agent/template-two.yaml', 'x'), 'bundle.tampered'],
    ['has a file less', afterwards('schemas/vault_agent.json'), 'bundle.tampered'],
    ['leads out of its folder', async (files, key) => escaping(await signed(files, key)), 'bundle.path'],
    [
      'unpacks to far more than it is',
      async (files, key) => packed(await signed(changed(files, 'x', new Uint8Array(12_000_000)), key)),
      'bundle.size',
    ],
    [
      'is larger than the limit',
      async (files, key) => packed(await signed(changed(files, 'x', noise(5_000_000)), key)),
      'bundle.size',
    ],
    [
      'was made for another module',
      async (files, key) => packed(await signed(withModule(files, 'sha256:other'), key)),
      'bundle.module',
    ],
    ['has another module', resigned('policy.wasm', EMPTY_MODULE), 'bundle.module'],
    [
      'has a module that is no policy',
      async (files, key) => packed(await signed(withOther(files, EMPTY_MODULE), key)),
      'bundle.module',
    ],
    [
      'has a module of another ABI',
      async (files, key) => packed(await signed(withOther(files, policyModule(2)), key)),
      'policy.load',
    ],
    ['has no data', resigned('data.json'), 'bundle.invalid'],
    ['has data in two places', resigned('more/data.yaml', 'x: 1'), 'bundle.invalid'],
    ['has a template that does not compile', resigned('templates/vault_agent/template.yaml', 'x: 1'), 'template.form'],
    ['has a case that is none', resigned('cases/vault_agent/new.yaml', 'x: 1'), 'bundle.case'],
    ['fails a case', async (files, key) => packed(await signed(failing(files), key)), 'bundle.self-test'],
  ])('%s', async (_, spoil, code) => {
    const { key, file, running, log } = await serveArchive({ bundleLimit: '4MiB' });
    await replaceFile(file, await spoil(variants[1].files, key));
    await failure(log, `(${code})`);
    expect(await answering(running)).toEqual(answerOf(variants[0]));
    expect(await readyText(running)).toContain(`bundle: ${variants[0].digest}\n`);
    expect(await metricsOf(running)).toContain('podgraft_reload_succeeded{what="policy"} 0\n');
  });

  const noise = (length: number): Uint8Array =>
    Uint8Array.from({ length }, (_, index) => Math.imul(index, 2_654_435_761) >>> 13);

  const escaping = (files: BundleFiles): Uint8Array => {
    const tar = writeTar(files);
    // The first name is longer than this one; the checksum is made right.
    tar.set(new TextEncoder().encode('../data.json\0'));
    const sum = tar.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
    tar.set(new TextEncoder().encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    return new Uint8Array(gzipSync(tar));
  };

  const withModule = (files: BundleFiles, module: string): BundleFiles =>
    changed(files, '.manifest', JSON.stringify(stampManifest(readManifest(files), module)));

  /** A module that the manifest says nothing of, as OPA's own tools pack it. */
  const withOther = (files: BundleFiles, module: Uint8Array): BundleFiles =>
    changed(changed(files, 'policy.wasm', module), '.manifest', '{"roots": ["podgraft"]}');

  const failing = (files: BundleFiles): BundleFiles => {
    const name = 'cases/vault_agent/refuse.yaml';
    const text = new TextDecoder().decode(files.get(name));
    return changed(files, name, text.replace('allowed: false', 'allowed: true'));
  };
});

describe('a folder', { timeout: 60_000 }, () => {
  it('may be signed as well; then every file in it counts', async () => {
    const key = await makeReleaseKey();
    const around = await scratchFolder();
    const folder = path.join(around, 'bundle');
    const put = async (files: BundleFiles): Promise<void> => {
      for (const [name, content] of files) {
        await mkdir(path.dirname(path.join(`${folder}.new`, name)), { recursive: true });
        await writeFile(path.join(`${folder}.new`, name), content);
      }
      await rm(folder, { recursive: true, force: true });
      await rename(`${folder}.new`, folder);
    };
    await put(await signed(variants[0].files, key));
    const started = run({ bundle: folder, bundleKeys: key.file });
    const running = await started.running;
    await put(changed(await signed(variants[1].files, key), 'notes.txt', 'x'));
    await failure(started.log, 'notes.txt: the file was not signed (bundle.tampered)');
    expect(await answering(running)).toEqual(answerOf(variants[0]));
    await put(await signed(variants[1].files, key));
    await logged(started.log, { msg: 'policy reloaded', bundle: variants[1].digest });
    expect(await answering(running)).toEqual(answerOf(variants[1]));
  });
});

describe('an address', { timeout: 60_000 }, () => {
  it('is asked for newer bundles; bad ones and a server that fails leave what is served', async () => {
    const key = await makeReleaseKey();
    const caFile = path.join(await scratchFolder(), 'ca.pem');
    const server = await startArchiveServer('https');
    await writeFile(caFile, server.ca);
    server.answer(archive(packed(await signed(variants[0].files, key))));
    const flags = { bundle: `${server.url}/b.tar.gz?sig=geheim`, bundleKeys: key.file, bundleCaFile: caFile };
    const started = run({ ...flags, bundleInterval: '200ms', reloadInterval: 'off' });
    const running = await started.running;
    expect(await answering(running)).toEqual(answerOf(variants[0]));
    server.answer(archive(packed(await signed(variants[1].files, key))));
    await logged(started.log, { msg: 'policy reloaded', bundle: variants[1].digest });
    server.answer(archive(packed(variants[2].files)));
    await failure(started.log, `${server.url}/b.tar.gz#.signatures.json: the bundle has no .signatures.json`);
    server.answer(status(503));
    const broken = await logged(started.log, { msg: 'the bundle cannot be had; the last good one keeps serving' });
    expect(broken['reason']).toBe(`${server.url}/b.tar.gz: the server answers 503 (bundle.download)`);
    expect(await answering(running)).toEqual(answerOf(variants[1]));
    server.answer(archive(packed(await signed(variants[2].files, key))));
    await logged(started.log, { msg: 'policy reloaded', bundle: variants[2].digest });
    for (const result of ['new', 'unchanged', 'failure']) {
      await expect
        .poll(() => metricsOf(running))
        .toMatch(new RegExp(`podgraft_bundle_downloads_total\\{result="${result}"\\} [1-9]`));
    }
    expect(started.stdout()).not.toContain('geheim');
  });

  it('that gives nothing good ends the start, with the reason', async () => {
    const server = await startArchiveServer();
    const none = run({ bundle: `${server.url}/b.tar.gz?sig=geheim` });
    expect(await none.code).toBe(1);
    expect(none.stderr()).toBe(`podgraft: ${server.url}/b.tar.gz: the server answers 404 (bundle.download)\n`);
    const key = await makeReleaseKey();
    server.answer(archive(packed(variants[0].files)));
    const unsigned = run({ bundle: `${server.url}/b.tar.gz`, bundleKeys: key.file });
    expect(await unsigned.code).toBe(1);
    expect(unsigned.stderr()).toContain('(bundle.unsigned)');
  });
});
