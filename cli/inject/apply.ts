// Applies the injector's operations to the pod they were made for.
import jsonPatch from 'fast-json-patch';
import type { JsonObject } from '../../core/json.ts';
import type { Operation } from '../../core/patch/operation.ts';

/** Gives the pod with the operations applied; the given one stays as it is. */
export const applyOperations = (pod: JsonObject, operations: readonly Operation[]): JsonObject =>
  jsonPatch.applyPatch<JsonObject>(pod, [...operations], false, false).newDocument;
