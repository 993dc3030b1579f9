// One program for Node and workerd: reviews the same body many times, and says how long that took.
import { type Bundle, createInjector } from '../core/index.ts';

/** What to review, and how often. */
export interface Loop {
  readonly bundle: Omit<Bundle, 'module'>;
  /** A request body. */
  readonly body: string;
  /** How often before the time is taken, and while it is. */
  readonly warmUp: number;
  readonly runs: number;
}

/** Runs the loop and gives milliseconds. The clock of a Worker may be coarse; a whole loop is long enough for it. */
export const reviewLoop = async (loop: Loop, module: WebAssembly.Module): Promise<number> => {
  const injector = await createInjector({ bundle: { ...loop.bundle, module } });
  const body = new TextEncoder().encode(loop.body);
  const encoder = new TextEncoder();
  const repeat = async (times: number): Promise<void> => {
    for (let run = 0; run < times; run += 1) {
      encoder.encode(JSON.stringify((await injector.review(body)).response));
    }
  };
  await repeat(loop.warmUp);
  const start = performance.now();
  await repeat(loop.runs);
  return performance.now() - start;
};
