// Downloads: bounded in time, size and redirects, by TLS to whom one trusts, and quiet about secrets.
import { describe, expect, it } from 'vitest';
import { type DownloadOptions, displayUrl, download } from '../../../runtimes/node/bundle-download.ts';
import { faultFrom } from './fault-of.ts';
import { type ArchiveServer, archive, startArchiveServer, status } from './loopback-archive.ts';

const BYTES = new TextEncoder().encode('an archive');

const options = (url: string, more: Partial<DownloadOptions> = {}): DownloadOptions => ({
  url: new URL(url),
  etag: undefined,
  ca: undefined,
  token: undefined,
  limit: 1000,
  timeout: 5000,
  signal: new AbortController().signal,
  ...more,
});

const get = (server: ArchiveServer, more: Partial<DownloadOptions> = {}, path = '/bundle.tar.gz') =>
  download(options(`${server.url}${path}`, more));

const refusal = async (server: ArchiveServer, more: Partial<DownloadOptions> = {}) => {
  const { code, message } = await faultFrom(get(server, more));
  return `${code}: ${message}`;
};

describe('download', () => {
  it('gets an archive, and its tag', async () => {
    const server = await startArchiveServer();
    server.answer(archive(BYTES));
    const found = await get(server);
    expect(found?.bytes).toEqual(BYTES);
    expect(found?.etag).toMatch(/^"[0-9a-f]{64}"$/);
    expect(await get(server, { etag: found?.etag })).toBeUndefined();
    expect((await get(server, { etag: '"other"' }))?.bytes).toEqual(BYTES);
    expect(server.asked.map(({ etag }) => etag)).toEqual(['', found?.etag, '"other"']);
  });

  it('gets one without a tag, and without a length', async () => {
    const server = await startArchiveServer();
    server.answer((_, response) => {
      response.write('an ');
      response.end('archive');
    });
    expect(await get(server)).toEqual({ bytes: BYTES, etag: undefined });
  });

  it.each([
    ['with a length that is too large', { 'content-length': '1001' }],
    ['without a length', {}],
  ])('refuses an archive beyond the limit, %s, and reads no further', async (_, headers) => {
    const server = await startArchiveServer();
    const sent = { bytes: 0, ended: false };
    server.answer((_request, response) => {
      response.writeHead(200, headers);
      const timer = setInterval(() => {
        response.write(Buffer.alloc(500));
        sent.bytes += 500;
      }, 5);
      response.on('close', () => {
        sent.ended = true;
        clearInterval(timer);
      });
    });
    expect(await refusal(server)).toBe('bundle.size: the archive is larger than 1000 bytes');
    await expect.poll(() => sent.ended).toBe(true);
    expect(sent.bytes).toBeLessThan(100_000);
  });

  it('takes an archive of exactly the limit', async () => {
    const server = await startArchiveServer();
    server.answer(archive(new Uint8Array(1000)));
    expect((await get(server))?.bytes.length).toBe(1000);
  });

  it('refuses one that breaks off', async () => {
    const server = await startArchiveServer();
    server.answer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await refusal(server)).toMatch(/^bundle\.download: the bundle cannot be had: .*(aborted|ECONNRESET)/);
  });

  it.each([204, 206, 304, 400, 401, 403, 404, 500, 503])('refuses the status %i', async (code) => {
    const server = await startArchiveServer();
    server.answer(status(code));
    expect(await refusal(server)).toBe(`bundle.download: the server answers ${code}`);
  });

  it('gives up in time, also when a little always comes', async () => {
    const server = await startArchiveServer();
    server.answer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await refusal(server, { timeout: 200 })).toContain('it took too long');
    server.answer(() => {});
    expect(await refusal(server, { timeout: 200 })).toContain('it took too long');
    const closing = new AbortController();
    const pending = refusal(server, { signal: closing.signal });
    closing.abort();
    expect(await pending).toContain('bundle.download');
  });

  it('says when nobody is there', async () => {
    const { code, message, at } = await faultFrom(download(options('http://127.0.0.1:9/b?secret=1')));
    expect([code, message]).toEqual(['bundle.download', expect.stringContaining('ECONNREFUSED')]);
    expect(at).toEqual({ file: 'http://127.0.0.1:9/b' });
    expect(displayUrl(new URL('https://h/b?secret=1#x'))).toBe('https://h/b');
  });
});

describe('redirects', () => {
  it('are followed, five at most', async () => {
    const server = await startArchiveServer();
    for (const code of [301, 302, 303, 307, 308]) {
      server.answer((request, response) => {
        const left = Number(request.url?.slice(1));
        (left === 0 ? archive(BYTES) : status(code, { location: `/${left - 1}` }))(request, response);
      });
      expect((await get(server, {}, '/5'))?.bytes).toEqual(BYTES);
      expect((await faultFrom(get(server, {}, '/6'))).message).toContain('more than 5 times');
    }
  });

  it.each([
    ['nowhere', {}],
    ['an address that is none', { location: 'http://[' }],
    ['a file', { location: 'file:///etc/passwd' }],
    ['data', { location: 'data:,x' }],
  ])('to %s are refused', async (_, headers) => {
    const server = await startArchiveServer();
    server.answer(status(302, headers as Readonly<Record<string, string>>));
    expect(await refusal(server)).toBe('bundle.download: the server redirects to no address');
  });

  it('from https to http are refused', async () => {
    const [plain, secure] = [await startArchiveServer(), await startArchiveServer('https')];
    plain.answer(archive(BYTES));
    secure.answer(status(302, { location: `${plain.url}/b` }));
    expect(await refusal(secure, { ca: secure.ca })).toContain('from https to http');
    expect(plain.asked).toEqual([]);
  });

  it('to another server go without the token', async () => {
    const [one, other] = [await startArchiveServer(), await startArchiveServer()];
    other.answer(archive(BYTES));
    one.answer((request, response) =>
      status(302, { location: request.url === '/a' ? '/b' : `${other.url}/c` })(request, response),
    );
    await get(one, { token: 'geheim' }, '/a');
    expect(one.asked.map(({ authorization }) => authorization)).toEqual(['Bearer geheim', 'Bearer geheim']);
    expect(other.asked.map(({ authorization }) => authorization)).toEqual(['']);
  });
});

describe('by TLS', () => {
  it('an authority of one’s own is trusted, and no other', async () => {
    const [server, stranger] = [await startArchiveServer('https'), await startArchiveServer('https')];
    server.answer(archive(BYTES));
    expect((await get(server, { ca: server.ca }))?.bytes).toEqual(BYTES);
    expect(await refusal(server, { ca: stranger.ca })).toMatch(/^bundle\.download: .*(SELF_SIGNED|UNABLE_TO_VERIFY)/);
    expect(await refusal(server)).toMatch(/^bundle\.download: .*(SELF_SIGNED|UNABLE_TO_VERIFY)/);
  });
});
