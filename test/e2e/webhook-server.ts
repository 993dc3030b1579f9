// A webhook server inside the test: it keeps every review that passes and hands the body on to whoever answers.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request } from 'node:https';
import type { JsonObject, Operation } from '../../core/index.ts';
import type { KeyPair } from '../../scripts/cluster/certificate.ts';

/** What a webhook answers over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** One review that passed: both of its halves, and the patch decoded. */
export interface Exchange {
  readonly request: JsonObject & { readonly object?: JsonObject };
  readonly response: JsonObject & { readonly allowed?: boolean };
  /** Undefined where the answer has no patch. */
  readonly operations: readonly Operation[] | undefined;
}

export interface WebhookServer {
  readonly url: string;
  /** Gives the exchanges since the last call, oldest first, and forgets them. */
  readonly take: () => readonly Exchange[];
  /** Stops serving; a second call does nothing. */
  readonly close: () => Promise<void>;
}

export type AnswerReview = (body: Uint8Array) => Promise<HttpAnswer>;

/** Serves on a free port of loopback. */
export const startWebhookServer = async (pair: KeyPair, answer: AnswerReview): Promise<WebhookServer> => {
  let exchanges: Exchange[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await readAll(incoming);
    const answered = await answer(body);
    outgoing.writeHead(answered.status, { 'content-type': 'application/json' }).end(answered.body);
    if (answered.status === 200) {
      exchanges.push(readExchange(body, answered.body));
    }
  };
  const server = createServer({ cert: pair.certificate, key: pair.key }, (incoming, outgoing) => {
    pass(incoming, outgoing).catch((error: unknown) => outgoing.writeHead(502).end(String(error)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new Error('the webhook server has no TCP address');
  }
  return {
    url: `https://127.0.0.1:${address.port}`,
    take: () => {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    close: async () => {
      if (!server.listening) {
        return;
      }
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** Answers by asking the webhook at `target`, whose certificate `authority` signed. */
export const relayTo = (target: () => string, authority: string): AnswerReview => {
  const agent = new Agent({ ca: authority, keepAlive: true });
  return async (body) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length };
    const outgoing = request(new URL('/mutate', target()), { method: 'POST', agent, headers });
    outgoing.end(body);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: incoming.statusCode ?? 502, body: await readAll(incoming) };
  };
};

/** Makes the answer that allows a review, with these operations. */
export const allowWith = (body: Uint8Array, operations: readonly Operation[]): HttpAnswer => {
  const { apiVersion, kind, request: asked } = JSON.parse(Buffer.from(body).toString());
  const patch = Buffer.from(JSON.stringify(operations)).toString('base64');
  const patched = operations.length > 0 ? { patchType: 'JSONPatch', patch } : {};
  const response = { uid: asked.uid, allowed: true, ...patched };
  return { status: 200, body: Buffer.from(JSON.stringify({ apiVersion, kind, response })) };
};

const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const readExchange = (asked: Uint8Array, answered: Uint8Array): Exchange => {
  const { request: review } = JSON.parse(Buffer.from(asked).toString());
  const { response } = JSON.parse(Buffer.from(answered).toString());
  const patch: string | undefined = response.patch;
  const operations = patch === undefined ? undefined : JSON.parse(Buffer.from(patch, 'base64').toString());
  return { request: review, response, operations };
};
