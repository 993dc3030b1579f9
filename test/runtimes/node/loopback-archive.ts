// A server of archives on the loopback: plain or by TLS, with entity tags, and whatever else a test wants of it.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createEphemeralCertificate } from '../../../runtimes/node/ephemeral-certificate.ts';

/** A running server. */
export interface ArchiveServer {
  readonly url: string;
  /** The authority of its certificate, PEM. */
  readonly ca: string;
  /** What was asked, in order: method, path, and the headers that matter. */
  readonly asked: readonly { readonly path: string; readonly etag: string; readonly authorization: string }[];
  /** What is answered from now on. */
  readonly answer: (how: Answering) => void;
}

/** Answers a request. */
export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves an archive with an entity tag, and 304 to who has it already. */
export const archive =
  (bytes: Uint8Array): Answering =>
  (request, response) => {
    const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
    if (request.headers['if-none-match'] === etag) {
      response.writeHead(304).end();
      return;
    }
    response.writeHead(200, { etag, 'content-length': bytes.byteLength }).end(bytes);
  };

/** Answers with a status and headers. */
export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  (_, response) =>
    void response.writeHead(code, headers).end();

/** Starts one; it ends with the test. */
export const startArchiveServer = async (scheme: 'http' | 'https' = 'http'): Promise<ArchiveServer> => {
  const asked: { path: string; etag: string; authorization: string }[] = [];
  const state: { answer: Answering } = { answer: status(404) };
  const listener: RequestListener = (request, response) => {
    const { 'if-none-match': etag = '', authorization = '' } = request.headers;
    asked.push({ path: request.url ?? '', etag, authorization });
    state.answer(request, response);
  };
  const { cert, key } = await createEphemeralCertificate(['localhost', '127.0.0.1'], Date.now());
  const server = scheme === 'http' ? createServer(listener) : createTlsServer({ cert, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    ca: cert,
    asked,
    answer: (how) => {
      state.answer = how;
    },
  };
};
