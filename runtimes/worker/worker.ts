// The Worker's entry: the compiled policy and its bundle come with the deployment, settings and store from bindings.
import { env } from 'cloudflare:workers';
import embedded from '../../build/worker/bundle.txt';
import module from '../../build/worker/policy.wasm';
import templates from '../../build/worker/templates.txt';
import { Fault, formatFault } from '../../core/errors.ts';
import { createWorker } from './create-worker.ts';
import type { RecordedTemplates } from './recorded-templates.ts';

const start = async () => {
  try {
    return await createWorker({ env, module, embedded, templates: JSON.parse(templates) as RecordedTemplates });
  } catch (thrown) {
    throw thrown instanceof Fault ? new Error(formatFault(thrown), { cause: thrown }) : thrown;
  }
};

export default await start();
