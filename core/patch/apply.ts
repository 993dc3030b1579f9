// Applies JSON Patches: plain ones, and the free-form ones that a pod asks for on an injected container.
import jsonpatch, { type Operation as LibraryOperation } from 'fast-json-patch';
import { Fault, toError } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { decodeObject } from '../k8s/decode.ts';
import { jsonType } from '../k8s/unmarshal-error.ts';
import { type Change, type Library, runOperations } from './lenient.ts';

/**
 * Applies the operations of a JSON Patch ([RFC 6902](https://www.rfc-editor.org/rfc/rfc6902)) and returns the new
 * document; neither argument is changed.
 *
 * @throws {Fault} `patch.apply` where an operation is malformed or cannot be applied
 */
export const applyPatch = (document: JsonValue, operations: readonly JsonValue[]): JsonValue => {
  try {
    const patch = jsonpatch.deepClone(operations) as LibraryOperation[];
    return jsonpatch.applyPatch(document, patch, true, false).newDocument as JsonValue;
  } catch (thrown) {
    const [message = ''] = toError(thrown).message.split('\n');
    throw new Fault('patch.apply', message, { cause: thrown });
  }
};

/** The patched container, or why there is none. */
export type PatchedContainer = { readonly container: JsonObject } | { readonly error: string };

/**
 * Applies a free-form patch to a container and reads the result as a Container again, so that what Kubernetes does not
 * know vanishes. It is as lenient as the engine of vault-k8s is ({@link runOperations}), and fails in its words.
 * Neither argument is changed.
 */
export const applyContainerPatch = (container: JsonObject, operations: readonly JsonValue[]): PatchedContainer => {
  const stranger = operations.find((operation) => operation !== null && !isObject(operation));
  if (stranger !== undefined) {
    const complaint = `json: cannot unmarshal ${jsonType(stranger)} into Go value of type jsonpatch.Operation`;
    return { error: `failed to decode JSON patch: ${complaint}` };
  }
  const patched = runOperations(container, operations, library);
  if ('error' in patched) {
    return { error: `failed to apply JSON patch: ${patched.error}` };
  }
  const decoded = decodeObject(patched.document, 'Container');
  // Go writes these two even where they are empty.
  return 'error' in decoded ? decoded : { container: { name: '', resources: {}, ...decoded.object } };
};

const library: Library = {
  clone: (value) => jsonpatch.deepClone(value) as JsonValue,
  change: (document: JsonValue, operation: Change) =>
    jsonpatch.applyOperation(document, operation as LibraryOperation).newDocument as JsonValue,
  equal: (a, b) => {
    try {
      jsonpatch.applyOperation(a, { op: 'test', path: '', value: b });
      return true;
    } catch {
      return false;
    }
  },
};
