// The decision: what the policy answers to one review. policies/schemas/decision.json states the same for Rego.
import type { JsonObject, JsonValue } from '../json.ts';

/** One template to graft, with the parameters that differ from its defaults and configuration. */
export interface Injection {
  readonly system: string;
  readonly template: string;
  readonly parameters: JsonObject;
  /** Why: a code of the system. */
  readonly reason: string;
  readonly containerPatches?: readonly ContainerPatch[];
  /** TCP ports that the injected containers take without declaring them: a pod has one network, and one of each. */
  readonly listens?: readonly number[];
}

/** A free-form JSON Patch that a pod asks for, applied to a container that the template rendered. */
export interface ContainerPatch {
  /** The rendered container's name. */
  readonly container: string;
  readonly operations: readonly JsonValue[];
  /** Stands before the engine's text when the patch cannot be applied: the system's own words. */
  readonly denialPrefix: string;
}

/** Why a pod is refused. Any denial refuses the whole request. */
export interface Denial {
  readonly system: string;
  readonly code: string;
  readonly message: string;
}

/** Why a system leaves a pod alone. */
export interface Skip {
  readonly system: string;
  readonly code: string;
}

/**
 * A fact from outside the review that a decision needs. `kind` is of a closed set, the rest is the kind's own.
 * The answer stands in `input.facts` under `key`, in the second round.
 */
export interface Lookup {
  readonly key: string;
  readonly kind: string;
  readonly [field: string]: JsonValue;
}

/** The answer of the policy to one review. */
export interface Decision {
  readonly injections: readonly Injection[];
  readonly lookups: readonly Lookup[];
  readonly denials: readonly Denial[];
  readonly skips: readonly Skip[];
  readonly warnings: readonly string[];
  readonly audit: { readonly [key: string]: string };
}
