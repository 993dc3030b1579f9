// A running Node server as a face: cases go over TLS, to one server for each configuration file.
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdmissionResponseReview } from '../../core/index.ts';
import { runServe } from '../../runtimes/node/run-serve.ts';
import type { Running } from '../../runtimes/node/serve.ts';
import type { Flags } from '../../runtimes/node/setting-source.ts';
import { ensureBundle } from '../../scripts/policy/ensure-bundle.ts';
import { type GoldenCase, requestBody } from './golden-case.ts';
import type { Face, Reply } from './run-cases.ts';

/** An answer as it came over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** What an answer over HTTP says. */
export const replyOf = ({ status, text }: HttpAnswer): Reply =>
  status === 200 ? { review: JSON.parse(text) as AdmissionResponseReview } : { error: status };

/** The face, and how it ends. */
export interface ServerFace extends Face {
  /** Asks, and gives every byte of the answer. */
  readonly post: (golden: GoldenCase) => Promise<HttpAnswer>;
  readonly stop: () => Promise<void>;
}

/**
 * Makes the face; nothing runs before the first case.
 *
 * @param flags what the servers run with beside their configuration
 */
export const createServerFace = (configurationText: (golden: GoldenCase) => string, flags: Flags = {}): ServerFace => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-golden-'));
  const servers = new Map<string, Promise<StartedServer>>();
  const serverFor = (text: string): Promise<StartedServer> => {
    const known = servers.get(text) ?? startServer(join(folder, `${servers.size}.yaml`), text, flags);
    servers.set(text, known);
    return known;
  };
  const ask = async (golden: GoldenCase): Promise<HttpAnswer> =>
    post(await serverFor(configurationText(golden)), golden);
  return {
    name: 'a Node server over TLS',
    ask: async (golden) => replyOf(await ask(golden)),
    post: ask,
    stop: async () => {
      for (const server of servers.values()) {
        await (await server).stop();
      }
      rmSync(folder, { recursive: true });
    },
  };
};

interface StartedServer {
  readonly url: string;
  readonly agent: Agent;
  readonly stop: () => Promise<void>;
}

const startServer = async (file: string, text: string, flags: Flags): Promise<StartedServer> => {
  writeFileSync(file, text);
  const signals = new EventEmitter();
  const errors: string[] = [];
  let ended: Promise<number> | undefined;
  const bundle = await ensureBundle();
  const running = await new Promise<Running>((resolve, reject) => {
    ended = runServe({
      flags: {
        ...flags,
        config: file,
        bundle,
        authentication: 'off',
        listen: '127.0.0.1:0',
        metricsListen: 'off',
        drainDelay: '0s',
        reloadInterval: 'off',
      },
      env: {},
      stdout: { write: () => true },
      stderr: { write: (line: string) => errors.push(line) },
      signals,
      started: resolve,
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${errors.join('')}`)));
  });
  const agent = new Agent({ keepAlive: true, ca: running.certificate().cert });
  return {
    url: running.url,
    agent,
    stop: async () => {
      agent.destroy();
      signals.emit('SIGTERM');
      await ended;
    },
  };
};

const post = ({ url, agent }: StartedServer, golden: GoldenCase): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', ...golden.request.headers };
    const sent = request(`${url}/mutate`, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    sent.on('error', reject);
    sent.end(requestBody(golden));
  });
