// A client for tests: whole requests by HTTPS, and raw bytes where a well-behaved client would not do.
import { Agent, type AgentOptions, request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What to send. */
export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** One piece with a content-length; a list is sent in chunks without. */
  readonly body?: string | Uint8Array | readonly (string | Uint8Array)[];
  readonly agent?: Agent;
}

/** The body of a small review. */
export const reviewBody = (uid: string): string =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid,
      kind: { group: '', version: 'v1', kind: 'Pod' },
      operation: 'CREATE',
      namespace: 'shop',
      object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'web' }] } },
    },
  });

/** An agent that keeps connections, closed with the test. */
export const keepAliveAgent = (options: AgentOptions = {}): Agent => {
  const agent = new Agent({ keepAlive: true, ...options });
  onTestFinished(() => agent.destroy());
  return agent;
};

const trust = (ca: string | undefined) =>
  ca === undefined ? { rejectUnauthorized: false } : { ca, servername: 'localhost' };

/** Sends one request; without a body, a GET. Without an authority to trust, any certificate will do. */
export const send = (url: string, ca: string | undefined, sending: Sending = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { body, agent = new Agent() } = sending;
    const method = sending.method ?? (body === undefined ? 'GET' : 'POST');
    const headers = body === undefined ? sending.headers : { 'content-type': 'application/json', ...sending.headers };
    const outgoing = request(url, { ...trust(ca), agent, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    let connected = false;
    outgoing.once('socket', (socket) => {
      connected = !socket.connecting;
      if (!connected) {
        socket.once('secureConnect', () => {
          connected = true;
        });
      }
    });
    outgoing.on('error', (error) => reject(connected ? new Error(`${error.message}, once connected`) : error));
    if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) {
      outgoing.end(body);
      return;
    }
    for (const chunk of body) {
      outgoing.write(chunk);
    }
    outgoing.end();
  });

/** Sends a review and reads what answers it. */
export const sendReview = async (url: string, ca: string, uid = 'one', agent?: Agent) => {
  const answer = await send(`${url}/mutate`, ca, { body: reviewBody(uid), ...(agent === undefined ? {} : { agent }) });
  return { status: answer.status, uid: JSON.parse(answer.text).response?.uid as unknown, headers: answer.headers };
};

/** A connection for raw bytes, with all that the server says on it. */
export const rawConnection = (url: string, ca: string): Promise<{ socket: TLSSocket; received: Promise<string> }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca, servername: 'localhost' });
    const chunks: Buffer[] = [];
    const received = new Promise<string>((end) => {
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('close', () => end(Buffer.concat(chunks).toString()));
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.on('error', () => {});
      resolve({ socket, received });
    });
    onTestFinished(() => void socket.destroy());
  });
