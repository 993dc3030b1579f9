// One bounded HTTP request: a size, a deadline, no redirect.
import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import { toError } from '../../../core/errors.ts';
import { BLOCKED, guardedLookup, isBlockedAddress } from './address-rule.ts';
import { noFact } from './no-fact.ts';

/** TLS, agent and further headers. */
export type Transport = RequestOptions & { readonly secureContext?: SecureContext };

/** What to send. */
export interface Outgoing {
  readonly url: URL;
  /** Default: GET, or POST where there is a body. */
  readonly method?: 'HEAD' | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Present: it is a POST. */
  readonly body?: string;
  /** The most bytes that the answer's body may have. */
  readonly limit: number;
  /** Aborted with the reason that is thrown. */
  readonly signal: AbortSignal;
  /** Whether addresses of {@link isBlockedAddress} may be asked. */
  readonly anyAddress: boolean;
  readonly options?: Transport;
}

/** What came back, whole. */
export interface Incoming {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Sends one request and reads the answer whole.
 *
 * @throws {Fault} `fact.unavailable`, `fact.forbidden` for a blocked address, `fact.too_large`, `fact.invalid`; and
 *   what the signal was aborted with
 */
export const sendRequest = async (outgoing: Outgoing): Promise<Incoming> => {
  const { url, signal } = outgoing;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!outgoing.anyAddress && isIP(host) !== 0 && isBlockedAddress(host)) {
    throw blocked(url);
  }
  try {
    return await exchange(outgoing);
  } catch (thrown) {
    signal.throwIfAborted();
    throw explain(url, toError(thrown));
  }
};

/** A kept connection may be closed by the other side just when it is used again; that is worth a second try. */
const exchange = async (outgoing: Outgoing): Promise<Incoming> => {
  const attempt: { reused: boolean } = { reused: false };
  try {
    return await exchangeOnce(outgoing, attempt);
  } catch (thrown) {
    if (attempt.reused && codeOf(toError(thrown)) === 'ECONNRESET' && !outgoing.signal.aborted) {
      return exchangeOnce(outgoing, attempt);
    }
    throw thrown;
  }
};

const exchangeOnce = (outgoing: Outgoing, attempt: { reused: boolean }): Promise<Incoming> =>
  new Promise((resolve, reject) => {
    const { url, method, headers = {}, body, signal, anyAddress, options = {} } = outgoing;
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = send(url, {
      ...options,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { ...options.headers, 'user-agent': 'podgraft', ...headers },
      signal,
      ...(anyAddress ? {} : { lookup: guardedLookup }),
    });
    sent.on('error', reject);
    sent.once('response', (response: IncomingMessage) => {
      readBody(response, outgoing).then(resolve, (thrown) => {
        reject(thrown);
        sent.destroy();
      });
    });
    sent.once('socket', () => {
      attempt.reused = sent.reusedSocket;
    });
    sent.end(body);
  });

const readBody = async (response: IncomingMessage, { url, limit }: Outgoing): Promise<Incoming> => {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw noFact('invalid', `${url.host} answers in an encoding that was not asked for`);
  }
  const chunks: Buffer[] = [];
  let size = Number(response.headers['content-length'] ?? 0);
  if (size <= limit) {
    size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit) {
        break;
      }
      chunks.push(chunk);
    }
  }
  if (size > limit) {
    throw noFact('too_large', `the answer of ${url.host} is larger than ${limit} bytes`);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
};

const codeOf = (error: Error): string => (error as NodeJS.ErrnoException).code ?? '';

const blocked = (url: URL): Error =>
  noFact('forbidden', `${url.hostname} leads to an address that podgraft is not allowed to ask`);

/** Node's code says whether it is the name, the connection or the certificate; its message may quote the answer. */
const explain = (url: URL, error: Error): Error => {
  const code = codeOf(error);
  if (code.startsWith('fact.')) {
    return error;
  }
  if (code === BLOCKED) {
    return blocked(url);
  }
  if (code.startsWith('HPE_')) {
    return noFact('invalid', `${url.host} does not answer in HTTP (${code})`, error);
  }
  return noFact('unavailable', `${url.host} cannot be reached (${code === '' ? 'the connection broke' : code})`, error);
};

/** From HTTPS only to HTTPS, and never with a login in the address. */
export const isSafeStep = (from: URL, to: URL): boolean =>
  (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')) &&
  to.username === '' &&
  to.password === '';
