// HTTPS servers that do a part of what the webhook does, to compare with: `layer-server.ts LAYER`.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Injector } from '../core/index.ts';
import { createEphemeralCertificate } from '../runtimes/node/ephemeral-certificate.ts';
import type { Layer } from './layers.ts';
import { sampleReview } from './sample-review.ts';

/** By callbacks: nothing is faster in Node, and what is compared with should not be slow. */
const receive = (request: IncomingMessage, then: (body: Buffer) => void): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => then(Buffer.concat(chunks)));
};

const answer = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
};

/** Parses the review and answers a constant beside its uid. */
const answerConstant =
  (filling: string): RequestListener =>
  (request, response) =>
    receive(request, (body) => {
      const { uid } = (JSON.parse(body.toString('utf8')) as { request: { uid: string } }).request;
      const constant = { uid, allowed: true, ...(filling === '' ? {} : { filling }) };
      answer(
        response,
        JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: constant }),
      );
    });

/** Imported here, so that the servers that review nothing hold nothing of it in memory. */
const createReviewer = async (): Promise<Injector> => {
  const { createInjector } = await import('../core/index.ts');
  const { loadBundle } = await import('../runtimes/node/bundle-folder.ts');
  const { ensureBundle } = await import('../scripts/policy/ensure-bundle.ts');
  return createInjector({ bundle: await loadBundle(await ensureBundle()) });
};

const review = async (injector: Injector, body: Buffer): Promise<string> =>
  JSON.stringify((await injector.review(new Uint8Array(body))).response);

const answerReview = async (times: number): Promise<RequestListener> => {
  const injector = await createReviewer();
  return (request, response) =>
    receive(request, async (body) => {
      for (let time = 1; time < times; time += 1) {
        await review(injector, body);
      }
      answer(response, await review(injector, body));
    });
};

/** As long as the webhook's own answer to the review that is sent. */
const longFilling = async (): Promise<string> => {
  const body = Buffer.from(sampleReview({ wish: 'vault-agent', bytes: 8 * 1024 }));
  return 'x'.repeat((await review(await createReviewer(), body)).length);
};

const answerByApp = async (): Promise<RequestListener> => {
  const { getRequestListener } = await import('@hono/node-server');
  const { createApp } = await import('../core/index.ts');
  const injector = await createReviewer();
  return getRequestListener(createApp({ injector: () => injector }).fetch);
};

const listeners: Readonly<Record<Exclude<Layer, 'whole'>, () => RequestListener | Promise<RequestListener>>> = {
  bare: () => answerConstant(''),
  long: async () => answerConstant(await longFilling()),
  review: () => answerReview(1),
  again: () => answerReview(4),
  app: answerByApp,
};

const [layer = ''] = process.argv.slice(2);
const listener = await listeners[layer as keyof typeof listeners]();
const { cert, key } = await createEphemeralCertificate(['localhost', '127.0.0.1'], Date.now());
const server = createServer({ cert, key, keepAliveTimeout: 120_000 }, listener);
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'serving', url: `https://127.0.0.1:${port}` }));
});
