// OPA in a worker thread: a request that takes too long, or kills the instance, costs one worker and nothing else.
import { Worker } from 'node:worker_threads';
import { Fault, toError } from '../../core/errors.ts';
import type { JsonObject, JsonValue } from '../../core/json.ts';
import type { ReactorAnswer, ReactorRequest } from '../../tools/opa/host.ts';
import { compileReactor } from './reactor.ts';

/** What the worker is sent. */
export type WorkerTask =
  | { readonly kind: 'opa'; readonly request: ReactorRequest }
  | {
      readonly kind: 'compiled';
      readonly wasm: Uint8Array<ArrayBuffer>;
      readonly data: JsonObject;
      readonly entrypoints: readonly string[];
    };

/** What the worker sends back; `running` any number of times before one of the others. */
export type WorkerMessage =
  | { readonly kind: 'running'; readonly name: string }
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'dead'; readonly message: string };

/** What a compiled entrypoint evaluated to: its value, nothing, or an error's text. */
export interface CompiledResult {
  readonly entrypoint: string;
  readonly value?: JsonValue;
  readonly error?: string;
}

/** A compiled policy and the entrypoints to evaluate, each with no input. */
export interface CompiledRun {
  readonly wasm: Uint8Array<ArrayBuffer>;
  readonly data: JsonObject;
  readonly entrypoints: readonly string[];
}

/** OPA, and the evaluator of what it compiled. Both throw a {@link Fault} `toolchain.timeout` or `toolchain.died`. */
export interface Toolchain {
  readonly call: (request: ReactorRequest, limitMs?: number) => Promise<ReactorAnswer>;
  /** Evaluates in the SDK that production uses. */
  readonly evaluate: (run: CompiledRun, limitMs?: number) => Promise<readonly CompiledResult[]>;
  readonly close: () => Promise<void>;
}

const DEFAULT_LIMIT_MS = 120_000;
/** About 3,000 rules deep; a thread's own 4 MiB end at 200. */
const STACK_MB = 16;

/** Prepares a toolchain; nothing is loaded before the first call. Calls are answered one after the other. */
export const createToolchain = (): Toolchain => {
  let module: Promise<WebAssembly.Module> | undefined;
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const perform = async (task: WorkerTask, limitMs: number): Promise<unknown> => {
    module ??= compileReactor();
    worker ??= startWorker(await module);
    try {
      return await ask(worker, { task, limitMs });
    } catch (thrown) {
      await worker.terminate();
      worker = undefined;
      throw thrown;
    }
  };
  const enqueue = (task: WorkerTask, limitMs: number): Promise<unknown> => {
    const result = last.then(() => perform(task, limitMs));
    last = result.catch(() => undefined);
    return result;
  };

  return {
    call: async (request, limitMs = DEFAULT_LIMIT_MS) => {
      const answer = (await enqueue({ kind: 'opa', request }, limitMs)) as ReactorAnswer;
      if (answer.fault !== undefined) {
        throw new Fault('toolchain.died', `OPA failed at "${request.verb}": ${answer.fault}`);
      }
      return answer;
    },
    evaluate: async (run, limitMs = DEFAULT_LIMIT_MS) =>
      (await enqueue({ kind: 'compiled', ...run }, limitMs)) as readonly CompiledResult[],
    close: async () => {
      await last;
      await worker?.terminate();
      worker = undefined;
    },
  };
};

const startWorker = (module: WebAssembly.Module): Worker =>
  new Worker(new URL('./toolchain-worker.ts', import.meta.url), {
    workerData: module,
    execArgv: [],
    resourceLimits: { stackSizeMb: STACK_MB },
  });

const ask = (worker: Worker, { task, limitMs }: { task: WorkerTask; limitMs: number }): Promise<unknown> =>
  new Promise((resolve, reject) => {
    let running = task.kind === 'opa' ? `opa ${task.request.verb}` : 'the compiled policy';
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit).unref();
      finish();
    };
    const die = (message: string): void =>
      settle(() => reject(new Fault('toolchain.died', `${running} failed: ${message}`)));
    const onMessage = (message: WorkerMessage): void => {
      if (message.kind === 'running') {
        running = message.name;
      } else if (message.kind === 'answer') {
        settle(() => resolve(message.answer));
      } else {
        die(message.message);
      }
    };
    const onError = (thrown: unknown): void => die(toError(thrown).message);
    const onExit = (code: number): void => die(`its thread ended with ${code}`);
    const timer = setTimeout(
      () => settle(() => reject(new Fault('toolchain.timeout', `${running} took longer than ${limitMs} ms`))),
      limitMs,
    );
    worker.on('message', onMessage).on('error', onError).on('exit', onExit).ref();
    worker.postMessage(task);
  });
