// Reviews pods with a chosen set of systems enabled, in a chosen order.
import type { Injector, JsonObject } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { configuredInjector } from '../configured-injector.ts';
import { decodePatch } from '../golden/answer.ts';
import { podReviewBody } from '../pod-review.ts';
import { systems } from './wish.ts';

/** What one review comes to: the pod after it, or why it is refused. */
export type Reviewed = { readonly pod: JsonObject; readonly operations: number } | { readonly denied: string };

/** Reviews a pod with these systems enabled, in this order. */
export type ReviewPod = (order: readonly string[], object: JsonObject) => Promise<Reviewed>;

/** Makes the function; an injector is made once for each order. */
export const createReviewPod = (): ReviewPod => {
  const injectors = new Map<string, Promise<Injector>>();
  const injectorFor = (order: readonly string[]): Promise<Injector> => {
    const known = injectors.get(order.join()) ?? createFor(order);
    injectors.set(order.join(), known);
    return known;
  };
  return async (order, object) => {
    const { response } = await (await injectorFor(order)).review(podReviewBody(object));
    if (!response.response.allowed) {
      return { denied: response.response.status?.message ?? '' };
    }
    const operations = decodePatch(response);
    return { pod: applyPatch(object, operations) as JsonObject, operations: operations.length };
  };
};

const createFor = (order: readonly string[]): Promise<Injector> =>
  configuredInjector({
    order: [...order],
    ...Object.fromEntries(systems.map((system) => [system, { enabled: order.includes(system) }])),
  });
