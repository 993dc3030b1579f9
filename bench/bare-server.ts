// The floor to compare with: a Node HTTPS server that parses the review and answers a constant.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createEphemeralCertificate } from '../runtimes/node/ephemeral-certificate.ts';

const { cert, key } = await createEphemeralCertificate(['localhost', '127.0.0.1'], Date.now());
const answer = (uid: unknown): string =>
  JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } });

const server = createServer({ cert, key, keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { request: { uid: string } };
    const body = answer(review.request.uid);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ msg: 'serving', url: `https://127.0.0.1:${port}` }));
});
