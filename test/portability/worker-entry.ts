// Runs the cases in workerd: the input is posted, the digests are answered.
import module from './policy.wasm';
import { digestAnswers, runSuite, type SuiteInput } from './suite.ts';

export default {
  fetch: async (request: Request): Promise<Response> =>
    Response.json(await digestAnswers(await runSuite((await request.json()) as SuiteInput, module))),
};
