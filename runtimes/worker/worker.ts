// The Worker's entry: the compiled policy and its bundle come with the deployment, settings and store from bindings.
import { env } from 'cloudflare:workers';
import embedded from '../../build/worker/bundle.txt';
import module from '../../build/worker/policy.wasm';
import { Fault, formatFault } from '../../core/errors.ts';
import { createWorker } from './create-worker.ts';

const start = async () => {
  try {
    return await createWorker({ env, module, embedded });
  } catch (thrown) {
    throw thrown instanceof Fault ? new Error(formatFault(thrown), { cause: thrown }) : thrown;
  }
};

export default await start();
