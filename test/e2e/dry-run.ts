// Asks the API server what it would store, without storing it.

import { isObject, type JsonObject } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import { type Api, ApiError } from '../../scripts/cluster/api.ts';

/** The pod that would be stored, or the words in which the API server refused it. */
export type Verdict =
  | { readonly pod: Pod; readonly refused?: never }
  | { readonly refused: string; readonly pod?: never };

/** Creates `pod` in `namespace` in dry run. What a server sets itself (status, managed fields) is left out of it first. */
export const createInDryRun = async (api: Api, namespace: string, pod: JsonObject): Promise<Verdict> => {
  const { status: _, metadata, ...rest } = pod;
  const { managedFields: __, creationTimestamp: ___, ...kept } = isObject(metadata) ? metadata : {};
  const object = { ...rest, apiVersion: 'v1', kind: 'Pod', metadata: { ...kept, namespace } };
  try {
    return { pod: await api.post<Pod>(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, object) };
  } catch (error) {
    if (error instanceof ApiError) {
      return { refused: error.message };
    }
    throw error;
  }
};
