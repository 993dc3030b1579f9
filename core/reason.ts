// The table of sentences behind every code of why and why not.
import { isObject, type JsonObject, own } from './json.ts';

/** The system that codes of the core itself belong to. */
export const CORE = 'podgraft';

/** The core's own codes; a system's stand in its `codes.yaml`. */
const coreSentences = {
  not_a_pod: 'The object is not a Pod; podgraft injects into pods only.',
  subresource: 'The request is for a subresource of a pod.',
  not_create: 'The pod is not being created; most of its fields cannot change any more.',
  not_requested: 'No system found anything to do for this pod.',
  object_missing: 'The request creates a pod but carries no object.',
  pod_shape: 'A field of the pod has a type that Kubernetes does not allow there.',
  annotations_size: 'The annotations of the pod are larger than Kubernetes allows.',
  conflict: 'Two sides want different things in one place of the pod; podgraft never overwrites silently.',
  too_large: 'What the pod asks for is larger than podgraft renders.',
  container_patch: 'The JSON Patch that the pod asks for cannot be applied to the injected container.',
} as const;

/** A code of the core itself. */
export type CoreCode = keyof typeof coreSentences;

/** Finds the sentence for a code; `undefined` for an unknown one. */
export type FindSentence = (system: string, code: string) => string | undefined;

/** Reads the systems' sentences from `data.podgraft.codes` and joins the core's own. */
export const createSentences = (data: JsonObject): FindSentence => {
  const podgraft = own(data, 'podgraft');
  const codes = isObject(podgraft) ? own(podgraft, 'codes') : undefined;
  return (system, code) => {
    const ofSystem = system === CORE ? coreSentences : isObject(codes) ? own(codes, system) : undefined;
    const sentence = isObject(ofSystem) ? own(ofSystem, code) : undefined;
    return typeof sentence === 'string' ? sentence : undefined;
  };
};
