// A bundle from an address: asked for again and again, later where that fails, and kept meanwhile.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type BundleUrlOptions,
  createBundleUrl,
  type DownloadAttempt,
  nextPause,
} from '../../../runtimes/node/bundle-url.ts';
import { packed } from './bundle-variant.ts';
import { faultFrom } from './fault-of.ts';
import { type ArchiveServer, archive, startArchiveServer, status } from './loopback-archive.ts';
import { scratchFolder } from './scratch-folder.ts';

const archiveOf = (text: string): Uint8Array => packed(new Map([['data.json', new TextEncoder().encode(text)]]));

const setUp = (server: ArchiveServer, more: Partial<BundleUrlOptions> = {}) => {
  const attempts: DownloadAttempt[] = [];
  const source = createBundleUrl({
    url: new URL(`${server.url}/bundle.tar.gz`),
    name: 'the bundle',
    caFile: '',
    tokenFile: '',
    limit: 100_000,
    timeout: 2000,
    interval: 20,
    report: (attempt) => attempts.push(attempt),
    random: () => 0.5,
    ...more,
  });
  const read = async (): Promise<string> => {
    const { files } = await (await source.read()).content.unpack();
    return new TextDecoder().decode(files.get('data.json'));
  };
  const poll = (changed: () => Promise<void> = async () => {}) => {
    const watch = source.poll(changed);
    onTestFinished(watch.close);
    return watch;
  };
  return { source, attempts, read, poll, results: () => attempts.map(({ result }) => result) };
};

describe('nextPause', () => {
  it('is about the interval while all is well', () => {
    expect([0, 0.5, 1].map((random) => nextPause(60_000, 0, random))).toEqual([54_000, 60_000, 66_000]);
  });

  it('begins small after a failure, doubles, and ends at the interval', () => {
    const most = Array.from({ length: 9 }, (_, index) => nextPause(60_000, index + 1, 1));
    expect(most).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    const least = most.map((_, index) => nextPause(60_000, index + 1, 0));
    expect(least).toEqual(most.map((pause) => pause / 2));
    expect(nextPause(60_000, 5000, 1)).toBe(60_000);
    expect(nextPause(100, 1, 1)).toBe(100);
  });
});

describe('a bundle at an address', () => {
  it('is downloaded once for any number of readings', async () => {
    const server = await startArchiveServer();
    server.answer(archive(archiveOf('one')));
    const { read, results } = setUp(server);
    expect([await read(), await read()]).toEqual(['one', 'one']);
    expect(server.asked.length).toBe(1);
    expect(results()).toEqual(['new']);
  });

  it('throws what is wrong with the first download', async () => {
    const server = await startArchiveServer();
    const { source } = setUp(server);
    expect((await faultFrom(source.read())).code).toBe('bundle.download');
    server.answer(status(304));
    expect((await faultFrom(source.read())).message).toContain('304');
    server.answer(archive(new TextEncoder().encode('no archive')));
    const { content } = await source.read();
    expect(await faultFrom(content.unpack())).toMatchObject({ code: 'bundle.archive', at: { file: 'the bundle' } });
  });

  it('is asked for with its tag, and taken up when it is another', async () => {
    const server = await startArchiveServer();
    server.answer(archive(archiveOf('one')));
    const { read, poll, results } = setUp(server);
    await read();
    const changed = vi.fn(async () => {});
    poll(changed);
    await expect.poll(() => results().length).toBeGreaterThan(3);
    expect(new Set(results().slice(1))).toEqual(new Set(['unchanged']));
    expect(server.asked.slice(1).every(({ etag }) => etag !== '')).toBe(true);
    expect(changed).not.toHaveBeenCalled();
    server.answer(archive(archiveOf('two')));
    await expect.poll(() => changed.mock.calls.length).toBe(1);
    expect(await read()).toBe('two');
  });

  it('is the same where only its tag is another, or it has none', async () => {
    const server = await startArchiveServer();
    let tag = 0;
    server.answer((_, response) => {
      tag += 1;
      response.writeHead(200, tag % 2 === 0 ? { etag: `"${tag}"` } : {}).end(archiveOf('one'));
    });
    const { read, poll, results, source } = setUp(server);
    const before = await source.read();
    const changed = vi.fn(async () => {});
    poll(changed);
    await expect.poll(() => results().length).toBeGreaterThan(4);
    expect(changed).not.toHaveBeenCalled();
    expect(await source.read()).toBe(before);
    expect(await read()).toBe('one');
  });

  it('is kept while its server fails, which is said each time', async () => {
    const server = await startArchiveServer();
    server.answer(archive(archiveOf('one')));
    const { read, poll, results } = setUp(server);
    await read();
    server.answer(status(500));
    poll();
    await expect.poll(() => results().filter((result) => result === 'failure').length).toBeGreaterThan(2);
    expect(await read()).toBe('one');
    server.answer(archive(archiveOf('two')));
    await expect.poll(read).toBe('two');
  });

  it('is not asked for when polling is off, or over', async () => {
    const server = await startArchiveServer();
    server.answer(archive(archiveOf('one')));
    const off = setUp(server, { interval: 'off' });
    await off.read();
    off.poll();
    const closed = setUp(server, { interval: 5 });
    await closed.read();
    const { close } = closed.poll();
    await expect.poll(() => closed.results().length).toBeGreaterThan(2);
    await close();
    // A request that was under way may still arrive.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const asked = server.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(server.asked.length).toBe(asked);
  });

  it('lets go of a download when polling ends', async () => {
    const server = await startArchiveServer();
    server.answer(archive(archiveOf('one')));
    const { read, poll, results } = setUp(server, { timeout: 60_000 });
    await read();
    server.answer(() => {});
    const { close } = poll();
    await expect.poll(() => server.asked.length).toBe(2);
    await close();
    expect(results()).toEqual(['new']);
  });

  it('is asked for with a token and an authority that may change', async () => {
    const server = await startArchiveServer('https');
    server.answer(archive(archiveOf('one')));
    const folder = await scratchFolder();
    const files = { caFile: path.join(folder, 'ca.pem'), tokenFile: path.join(folder, 'token') };
    const { source, read, poll } = setUp(server, files);
    await writeFile(files.tokenFile, 'one\n');
    expect(await faultFrom(source.read())).toMatchObject({ code: 'bundle.download', at: { file: files.caFile } });
    await writeFile(files.caFile, server.ca);
    await read();
    await writeFile(files.tokenFile, 'two\n');
    poll();
    await expect.poll(() => server.asked.at(-1)?.authorization).toBe('Bearer two');
    expect(server.asked[0]?.authorization).toBe('Bearer one');
  });
});
