// The pod that the API server would show to a webhook, and the way back to what the manifest says.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/json.ts';
import { type AdmittedPod, admitServiceAccount, dropServiceAccount } from '../service-account.ts';
import type { Workload } from './workload.ts';

/** A pod as it is created, and how to take back what creation added. */
export interface CreatedPod {
  readonly pod: JsonObject;
  readonly namespace: string;
  /** Gives the manifest's pod or pod template with what the webhook did to the created pod. */
  readonly restore: (injected: JsonObject) => JsonObject;
}

/** How a pod comes to be created. */
export interface Creation {
  /** For objects that name no namespace. */
  readonly namespace: string;
  /** Whether ServiceAccount admission runs first. */
  readonly serviceAccount: boolean;
}

/** The keys of `metadata` that a webhook's patch may mean to change; the others are those of the manifest. */
const GRAFTED = ['annotations', 'labels'];

/** Makes the pod that a controller, or `kubectl create`, would send: in its namespace, with a name to be generated. */
export const createPod = (workload: Workload, creation: Creation): CreatedPod => {
  const namespace = workload.namespace === '' ? creation.namespace : workload.namespace;
  const original = workload.pod;
  const metadata = objectAt(original, 'metadata');
  const isPod = workload.kind === 'Pod';
  const named = {
    ...original,
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, ...(isPod ? {} : { generateName: `${workload.name}-` }), namespace },
  };
  const admitted: AdmittedPod | undefined = creation.serviceAccount ? admitServiceAccount(named) : undefined;
  return {
    pod: admitted?.pod ?? named,
    namespace,
    restore: (injected) => {
      const { spec, metadata: grafted } = admitted === undefined ? injected : dropServiceAccount(injected, admitted);
      const kept = isObject(grafted) ? GRAFTED.flatMap((key) => member(grafted, key)) : [];
      const result = { ...metadata, ...Object.fromEntries(kept) };
      return {
        ...original,
        ...(own(original, 'metadata') === undefined && kept.length === 0 ? {} : { metadata: result }),
        ...(spec === undefined ? {} : { spec }),
      };
    },
  };
};

const objectAt = (object: JsonObject, key: string): JsonObject => {
  const value = own(object, key);
  return isObject(value) ? value : {};
};

const member = (object: JsonObject, key: string): readonly (readonly [string, JsonValue])[] => {
  const value = own(object, key);
  return value === undefined ? [] : [[key, value]];
};
