// Finds what makes a well-formed body unreadable to the policy's own JSON parser.
import { isObject, type JsonValue } from '../json.ts';

/** Deeper than any Kubernetes object; the policy's parser recurses and gives up at some depth beyond it. */
const MAX_DEPTH = 1000;

/**
 * Explains why the policy could not read a body that `JSON.parse` accepted: it is nested too deeply, or a text holds
 * half of a surrogate pair. Asked only after the policy failed, because it looks at every value. Iterative: the
 * nesting it measures could exhaust the stack.
 */
export const unreadable = (body: JsonValue): string | undefined => {
  const stack: { value: JsonValue; depth: number }[] = [{ value: body, depth: 1 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, depth } = next;
    if (depth > MAX_DEPTH) {
      return `the request body is nested more than ${MAX_DEPTH} levels deep`;
    }
    if (typeof value === 'string' && !value.isWellFormed()) {
      return 'the request body holds an unpaired surrogate, which is no Unicode text';
    }
    for (const child of children(value)) {
      stack.push({ value: child, depth: depth + 1 });
    }
  }
  return undefined;
};

const children = (value: JsonValue): readonly JsonValue[] => {
  if (Array.isArray(value)) {
    return value;
  }
  return isObject(value) ? [...Object.keys(value), ...Object.values(value)] : [];
};
