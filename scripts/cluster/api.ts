// A small client of the Kubernetes API: JSON over HTTPS, with a client certificate.
import { Agent, request } from 'node:https';
import type { JsonObject } from '../../core/json.ts';

/** What the test needs to reach the API server; PEM texts. It is passed from process to process as JSON. */
export interface ApiAccess {
  readonly url: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** The API server's refusal. `message` is the Status object's own. */
export class ApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
  }
}

/**
 * Each call answers with the object that the server sent back, and throws `ApiError` for a status of 400 and above.
 * The type of that object is the caller's word: the API server is trusted to keep its own schema.
 */
export interface Api {
  readonly get: <T = JsonObject>(path: string) => Promise<T>;
  readonly post: <T = JsonObject>(path: string, body: unknown) => Promise<T>;
  readonly mergePatch: <T = JsonObject>(path: string, body: unknown) => Promise<T>;
  readonly delete: (path: string) => Promise<JsonObject>;
  readonly close: () => void;
}

export const createApi = (access: ApiAccess): Api => {
  const agent = new Agent({ keepAlive: true, ca: access.authority, cert: access.certificate, key: access.key });

  const call = <T>(method: string, path: string, body?: unknown, type = 'application/json'): Promise<T> => {
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }) };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, access.url), { method, agent, headers, timeout: 30_000 }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          try {
            resolve(readAnswer(incoming.statusCode ?? 0, Buffer.concat(chunks).toString()) as T);
          } catch (error) {
            reject(error);
          }
        });
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 30 s`)));
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  };

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    mergePatch: (path, body) => call('PATCH', path, body, 'application/merge-patch+json'),
    delete: (path) => call('DELETE', path),
    close: () => agent.destroy(),
  };
};

const readAnswer = (status: number, text: string): JsonObject => {
  const body = parseObject(text);
  if (status < 400) {
    return body;
  }
  const message = body['message'];
  throw new ApiError(status, typeof message === 'string' ? message : text);
};

/** `/readyz` answers in plain text; everything else in JSON. */
const parseObject = (text: string): JsonObject => {
  if (!text.startsWith('{')) {
    return { text };
  }
  return JSON.parse(text);
};
