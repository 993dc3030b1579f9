// Gets an archive by HTTP, bounded in time, size and redirects.
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Fault, toError } from '../../core/errors.ts';

/** What to get, and how. */
export interface DownloadOptions {
  readonly url: URL;
  /** The tag of what is there already. */
  readonly etag: string | undefined;
  /** PEM: the authorities that are trusted in place of the system's. */
  readonly ca: string | undefined;
  /** Sent as `Authorization: Bearer`, to the first server alone. */
  readonly token: string | undefined;
  /** The most bytes. */
  readonly limit: number;
  /** Milliseconds for all of it, redirects included. */
  readonly timeout: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** What came of it; `undefined` where what is there already is the newest. */
export type Download = { readonly bytes: Uint8Array<ArrayBuffer>; readonly etag: string | undefined } | undefined;

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** Writes an address for people: what stands behind `?` may be a secret. */
export const displayUrl = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/**
 * Downloads an archive.
 *
 * @throws {Fault} `bundle.download` where the server can't be reached, or says no; `bundle.size` beyond the limit
 */
export const download = async (options: DownloadOptions): Promise<Download> => {
  const file = displayUrl(options.url);
  const late = AbortSignal.timeout(options.timeout);
  try {
    return await follow(options, AbortSignal.any([options.signal, late]));
  } catch (thrown) {
    if (thrown instanceof Fault) {
      throw new Fault(thrown.code, thrown.message, { at: { file }, cause: thrown });
    }
    const why = late.aborted ? 'it took too long' : reasonOf(thrown);
    throw new Fault('bundle.download', `the bundle cannot be had: ${why}`, { at: { file }, cause: thrown });
  }
};

const reasonOf = (thrown: unknown): string => {
  const { message, code } = toError(thrown) as NodeJS.ErrnoException;
  return code === undefined ? message : `${message} (${code})`;
};

const follow = async (options: DownloadOptions, signal: AbortSignal): Promise<Download> => {
  let { url, token } = options;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await ask({ ...options, url, token }, signal);
    const status = response.statusCode ?? 0;
    if (!REDIRECTS.includes(status)) {
      return receive(response, options);
    }
    response.destroy();
    const next = redirectTarget(url, response.headers.location);
    token = next.origin === url.origin ? token : undefined;
    url = next;
  }
  throw new Fault('bundle.download', `the server redirects more than ${MOST_REDIRECTS} times`);
};

const redirectTarget = (from: URL, location: string | undefined): URL => {
  const target = location === undefined || !URL.canParse(location, from) ? undefined : new URL(location, from);
  if (target === undefined || !['http:', 'https:'].includes(target.protocol)) {
    throw new Fault('bundle.download', 'the server redirects to no address');
  }
  if (from.protocol === 'https:' && target.protocol !== 'https:') {
    throw new Fault('bundle.download', 'the server redirects from https to http, which is refused');
  }
  return target;
};

const ask = ({ url, etag, ca, token }: DownloadOptions, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = {
      accept: 'application/gzip, application/octet-stream;q=0.9, */*;q=0.1',
      'accept-encoding': 'identity',
      'user-agent': 'podgraft',
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const common = { headers, signal, agent: false } as const;
    const outgoing =
      url.protocol === 'https:'
        ? requestHttps(url, { ...common, ...(ca === undefined ? {} : { ca }) }, resolve)
        : requestHttp(url, common, resolve);
    outgoing.on('error', reject);
    outgoing.end();
  });

const receive = async (response: IncomingMessage, { etag, limit }: DownloadOptions): Promise<Download> => {
  const status = response.statusCode ?? 0;
  if (status === 304 && etag !== undefined) {
    response.destroy();
    return undefined;
  }
  if (status !== 200) {
    response.destroy();
    throw new Fault('bundle.download', `the server answers ${status}`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > limit || Number(response.headers['content-length'] ?? 0) > limit) {
      // Leaving the loop closes the connection.
      throw new Fault('bundle.size', `the archive is larger than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
  return { bytes: new Uint8Array(Buffer.concat(chunks)), etag: response.headers.etag };
};
