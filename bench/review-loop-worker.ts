// The loop in workerd: it is posted, and the milliseconds are answered.
import module from './policy.wasm';
import { type Loop, reviewLoop } from './review-loop.ts';

export default {
  fetch: async (request: Request): Promise<Response> =>
    Response.json(await reviewLoop((await request.json()) as Loop, module)),
};
