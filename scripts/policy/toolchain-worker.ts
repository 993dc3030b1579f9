// The thread in which OPA and compiled policies run; toolchain.ts starts it and may terminate it at any time.
import { parentPort, workerData } from 'node:worker_threads';
import { toError } from '../../core/errors.ts';
import { builtins } from '../../core/policy/builtins.ts';
import { createPolicy } from '../../core/policy/opa.ts';
import { createReactor } from '../../tools/opa/host.ts';
import type { CompiledResult, CompiledRun, WorkerMessage, WorkerTask } from './toolchain.ts';

const reactor = createReactor(workerData as WebAssembly.Module, builtins);

const send = (message: WorkerMessage): void => parentPort?.postMessage(message);

const evaluateAll = async (run: CompiledRun): Promise<readonly CompiledResult[]> => {
  const policy = await createPolicy({ module: await WebAssembly.compile(run.wasm), data: run.data });
  const results: CompiledResult[] = [];
  for (const entrypoint of run.entrypoints) {
    send({ kind: 'running', name: `the compiled ${entrypoint}` });
    try {
      // Null stands for no input.
      const value = await policy.evaluate(null, entrypoint);
      results.push(value === undefined ? { entrypoint } : { entrypoint, value });
    } catch (thrown) {
      results.push({ entrypoint, error: toError(thrown).message });
    }
  }
  return results;
};

const perform = (task: WorkerTask): Promise<unknown> =>
  task.kind === 'opa' ? reactor.call(task.request) : evaluateAll(task);

parentPort?.on('message', (task: WorkerTask) => {
  perform(task).then(
    (answer) => send({ kind: 'answer', answer }),
    (thrown) => send({ kind: 'dead', message: toError(thrown).message }),
  );
});
