// An outside load generator: keep-alive TLS connections that send one review after the other.
// Called by bench/http.ts as `load.ts URL CONNECTIONS SECONDS`; prints one line of JSON.
import { connect, type TLSSocket } from 'node:tls';
import { sampleReview } from './sample-review.ts';
import { summarise } from './statistics.ts';

const [url = '', connections = '1', seconds = '1'] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const body = sampleReview({ wish: 'vault-agent', bytes: 8 * 1024 });
const request = Buffer.concat([
  Buffer.from(
    `POST /mutate?timeout=5s HTTP/1.1\r\nhost: podgraft\r\ncontent-type: application/json\r\ncontent-length: ${body.byteLength}\r\n\r\n`,
  ),
  body,
]);

const HEADER_END = Buffer.from('\r\n\r\n');

/** Bytes of the response at hand that are still to come; `undefined` while its header is incomplete. */
const responseLength = (received: Buffer): number | undefined => {
  const end = received.indexOf(HEADER_END);
  if (end < 0) {
    return undefined;
  }
  const head = received.subarray(0, end).toString('latin1');
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
    throw new Error(`unexpected response: ${head}`);
  }
  return end + HEADER_END.byteLength + Number(length);
};

const run = (until: number, times: number[]): Promise<void> =>
  new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    let start = 0;
    const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => send());
    const send = (): void => {
      received = Buffer.alloc(0);
      start = performance.now();
      socket.write(request);
    };
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      received = received.byteLength === 0 ? chunk : Buffer.concat([received, chunk]);
      const length = responseLength(received);
      if (length === undefined || received.byteLength < length) {
        return;
      }
      const now = performance.now();
      times.push(now - start);
      if (now < until) {
        send();
        return;
      }
      socket.end();
      resolve();
    });
  });

const measure = async (milliseconds: number): Promise<{ times: number[]; took: number }> => {
  const times: number[] = [];
  const start = performance.now();
  await Promise.all(Array.from({ length: Number(connections) }, () => run(start + milliseconds, times)));
  return { times, took: performance.now() - start };
};

const warmUp = await measure(500);
const { times, took } = await measure(Number(seconds) * 1000);
console.log(
  JSON.stringify({
    requests: warmUp.times.length + times.length,
    perSecond: (times.length / took) * 1000,
    ...summarise(times),
  }),
);
