// A server on the loopback, by HTTPS unless told otherwise, that notes what it is asked.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Certificate } from '../../../../runtimes/node/certificate.ts';
import { createEphemeralCertificate } from '../../../../runtimes/node/ephemeral-certificate.ts';

/** A request as it came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What to answer with. A body that is a function writes it itself. */
export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | ((response: ServerResponse) => void);
}

/** A running server. */
export interface LoopbackServer {
  /** `localhost:1234`. */
  readonly host: string;
  readonly url: string;
  /** The certificate to trust. */
  readonly ca: string;
  readonly certificate: Certificate;
  readonly asked: readonly Asked[];
}

/** What a server answers. */
export type AnswerAsked = (asked: Asked) => Told | Promise<Told>;

/** How a server speaks. */
export interface LoopbackOptions {
  readonly tls?: boolean;
  readonly certificate?: Certificate;
}

/** Starts a server that ends with the test. */
export const startLoopback = async (answer: AnswerAsked, options: LoopbackOptions = {}): Promise<LoopbackServer> => {
  const server = await openLoopback(answer, options);
  onTestFinished(server.close);
  return server;
};

/** Starts a server for longer than one test. */
export const openLoopback = async (
  answer: AnswerAsked,
  options: LoopbackOptions = {},
): Promise<LoopbackServer & { readonly close: () => void }> => {
  const { tls = true, certificate = await createEphemeralCertificate(['localhost', '127.0.0.1'], Date.now()) } =
    options;
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    void readRequest(request).then(async (one) => {
      asked.push(one);
      tell(response, await answer(one));
    });
  };
  const server = tls
    ? createTlsServer({ cert: certificate.cert, key: certificate.key }, listener)
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  return { host, url: `http${tls ? 's' : ''}://${host}`, ca: certificate.cert, certificate, asked, close };
};

const readRequest = async (request: IncomingMessage): Promise<Asked> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  const { method = '', url: path = '', headers } = request;
  return { method, path, authorization: headers.authorization, body: Buffer.concat(chunks).toString() };
};

const tell = (response: ServerResponse, { status = 200, headers = {}, body = '' }: Told): void => {
  response.on('error', () => {});
  response.writeHead(status, headers);
  if (typeof body === 'function') {
    response.flushHeaders();
    body(response);
  } else {
    response.end(body);
  }
};
