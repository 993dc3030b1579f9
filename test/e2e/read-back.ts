// Holds a stored pod against the patch that made it: the API server drops a field that it doesn't know without a word.

import type { JsonObject, JsonValue } from '../../core/index.ts';
import type { Pod } from '../../core/k8s/pod.ts';
import { applyPatch } from '../../core/patch/apply.ts';
import { lostValues } from './stored-pod.ts';
import type { Exchange } from './webhook-server.ts';

/** Lists the values of the patched pod that the stored one lacks, each as `pointer: value became value`. */
export const lostFromPatch = ({ request, operations = [] }: Exchange, stored: Pod): readonly string[] => {
  const { metadata, spec } = applyPatch(
    request.object ?? {},
    operations.map((operation) => ({ ...operation })),
  ) as JsonObject;
  const { managedFields: _, creationTimestamp: __, ...kept } = metadata as JsonObject;
  // Serialised, for a type of values instead of the type of a pod.
  return lostValues({ metadata: kept, spec: spec ?? null }, JSON.parse(JSON.stringify(stored)) as JsonValue);
};
