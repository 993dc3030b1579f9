// Reviews pods with a chosen set of systems enabled, in a chosen order.
import { createInjector, type Injector, type JsonObject, parseConfiguration } from '../../core/index.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { decodePatch } from '../golden/answer.ts';
import { testBundle } from '../test-bundle.ts';
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
    const { response } = await (await injectorFor(order)).review(bodyOf(object));
    if (!response.response.allowed) {
      return { denied: response.response.status?.message ?? '' };
    }
    const operations = decodePatch(response);
    return { pod: applyPatch(object, operations) as JsonObject, operations: operations.length };
  };
};

const createFor = async (order: readonly string[]): Promise<Injector> => {
  const sections = systems.map((system) => `  ${system}: {enabled: ${order.includes(system)}}`);
  const lines = ['apiVersion: podgraft.dev/v1alpha1', 'kind: Configuration', 'policy:', `  order: [${order.join()}]`];
  const configuration = parseConfiguration([...lines, ...sections, ''].join('\n'), 'podgraft.yaml');
  return createInjector({ bundle: await testBundle(), configuration });
};

const bodyOf = (object: JsonObject): Uint8Array => {
  const request = {
    uid: 'u',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    resource: { group: '', version: 'v1', resource: 'pods' },
    operation: 'CREATE',
    namespace: 'shop',
    object,
  };
  return new TextEncoder().encode(
    JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }),
  );
};
