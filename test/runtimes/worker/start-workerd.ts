// Runs the Worker in workerd: exactly what would be uploaded, with bindings of the test's choosing.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Miniflare, NoOpLog, type WorkerOptions } from 'miniflare';
import { buildWorker } from '../../../scripts/worker/build-worker.ts';
import { compatibilityDate } from '../../../scripts/worker/wrangler.ts';

/** The modules of an upload, as workerd takes them. */
export type WorkerModules = Extract<WorkerOptions, { modules: readonly object[] }>['modules'];

/** Builds the Worker, once a test file. */
export const buildModules = async (): Promise<WorkerModules> => {
  const folder = mkdtempSync(join(tmpdir(), 'podgraft-worker-'));
  try {
    await buildWorker(folder);
    const names = readdirSync(folder).filter((name) => /\.(js|wasm|txt)$/.test(name));
    // The first module is the entry.
    return names
      .sort((name) => (name === 'worker.js' ? -1 : 1))
      .map((name) => ({ type: typeOf(name), path: name, contents: readFileSync(join(folder, name)) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const typeOf = (name: string): 'ESModule' | 'CompiledWasm' | 'Text' => {
  if (name.endsWith('.js')) {
    return 'ESModule';
  }
  return name.endsWith('.wasm') ? 'CompiledWasm' : 'Text';
};

/** A Worker that runs. */
export interface RunningWorker {
  readonly miniflare: Miniflare;
  /** The lines that it logged, and those of the runtime. */
  readonly lines: readonly string[];
  /** Posts a review, or whatever else. */
  readonly post: (body: Uint8Array | string, init?: PostInit) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** What may be different from an API server's request. */
export interface PostInit {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Facts of the connection, as the platform would give them. */
  readonly cf?: Readonly<Record<string, unknown>>;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The Worker's bindings. */
export type Bindings = Partial<Omit<WorkerOptions, 'modules'>>;

/** What a start may have beside the Worker. */
export interface StartOptions {
  /** Workers that the Worker's bindings name. */
  readonly others?: readonly WorkerOptions[];
  /** Gets the lines, also of a start that fails. */
  readonly lines?: string[];
}

/** Starts workerd. Requests reach the Worker over HTTP on the loopback. */
export const startWorkerd = async (
  modules: WorkerModules,
  bindings: Bindings,
  { others = [], lines = [] }: StartOptions = {},
): Promise<RunningWorker> => {
  const keep = (line: string): void => void lines.push(line);
  const worker = { name: 'podgraft', compatibilityDate: compatibilityDate(), ...bindings, modules } as WorkerOptions;
  const miniflare = new Miniflare({
    cf: false,
    log: new NoOpLog(),
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      createInterface({ input: stdout }).on('line', keep);
      createInterface({ input: stderr }).on('line', keep);
    },
    workers: [worker, ...others],
  });
  try {
    await miniflare.ready;
  } catch (thrown) {
    await miniflare.dispose().catch(() => undefined);
    throw thrown;
  }
  return {
    miniflare,
    lines,
    post: async (body, { path = '/mutate', headers = {}, cf } = {}) => {
      const response = await miniflare.dispatchFetch(`http://podgraft.example${path}`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        ...(cf === undefined ? {} : { cf }),
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    },
    stop: () => miniflare.dispose(),
  };
};
