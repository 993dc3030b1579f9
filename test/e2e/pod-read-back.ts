// Creates pods in dry run through the webhook, and holds what would be stored against podgraft's patch.
import { expect } from 'vitest';
import type { JsonObject } from '../../core/index.ts';
import { createInDryRun, type Verdict } from './dry-run.ts';
import type { Harness } from './harness.ts';
import { patchedFields } from './pod-field.ts';
import { lostFromPatch } from './read-back.ts';
import { templateFields } from './template-field.ts';
import type { Exchange } from './webhook-server.ts';

/** What became of a pod, and whether podgraft changed it. */
export type ReadBack = Verdict & { readonly patched: boolean };

/** Creates pods and remembers which fields their patches set. */
export interface PodReadBack {
  readonly create: (pod: JsonObject) => Promise<ReadBack>;
  /** The fields of a system's templates that no patch has set so far. */
  readonly unseen: (system: string) => readonly string[];
}

/** Reads back what is created in a namespace that the harness's webhook selects. */
export const createPodReadBack = (harness: () => Harness, namespace: string): PodReadBack => {
  const seen = new Set<string>();
  const hold = ({ pod }: Verdict, exchange: Exchange): void => {
    if (pod !== undefined) {
      expect(lostFromPatch(exchange, pod)).toEqual([]);
    }
    for (const field of patchedFields(exchange.operations ?? [])) {
      seen.add(field);
    }
  };
  const create = async (pod: JsonObject): Promise<ReadBack> => {
    const { api, relay } = harness();
    relay.take();
    const verdict = await createInDryRun(api, namespace, pod);
    const exchanges = relay.take();
    expect(exchanges.length).toBeGreaterThan(0);
    for (const exchange of exchanges) {
      hold(verdict, exchange);
    }
    const [first, ...later] = exchanges.map(({ operations = [] }) => operations);
    // The API server asks again where it mounted the token into a new container.
    expect(later.flat(), 'operations of later reviews').toEqual([]);
    return { ...verdict, patched: first !== undefined && first.length > 0 };
  };
  return { create, unseen: (system) => templateFields(system).filter((field) => !seen.has(field)) };
};
