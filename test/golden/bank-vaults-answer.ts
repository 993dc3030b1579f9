// What the original's rewriting through typed structures does to any pod, taken away on both sides.
import { isObject, type JsonObject, type JsonValue, own } from '../../core/index.ts';

/**
 * Leaves out what means nothing: null, empty texts, lists and maps. The original drops some of them from a pod and adds
 * others, whether or not it injects. The configuration in a container's variable is shown decoded.
 */
export const normaliseBankVaultsPod = (pod: JsonObject): JsonValue => prune(pod) ?? {};

const decode = (variable: JsonObject): JsonObject =>
  own(variable, 'name') === 'AGENT_CONFIG'
    ? { ...variable, value: JSON.parse(Buffer.from(String(own(variable, 'value')), 'base64').toString('utf8')) }
    : variable;

const prune = (value: JsonValue): JsonValue | undefined => {
  if (Array.isArray(value)) {
    const kept = value.flatMap((item: JsonValue) => prune(item) ?? []);
    return kept.length === 0 ? undefined : kept;
  }
  if (isObject(value)) {
    const kept = Object.entries(decode(value)).flatMap(([key, member]) => {
      const rest = prune(member);
      return rest === undefined ? [] : [[key, rest] as const];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return value === null || value === '' ? undefined : value;
};
