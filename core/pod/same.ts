// Tells when what a pod already has is the same as what a template would add.
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';

/**
 * Tells whether `there` has all that `ours` says, at any depth. The API server adds defaults to a pod between two
 * reviews, so more may be there; an empty text, `false` and an absent field are one, because it drops the former.
 */
export const contains = (there: JsonValue | undefined, ours: JsonValue): boolean => {
  if (isNothing(ours)) {
    return isNothing(there);
  }
  if (Array.isArray(ours)) {
    return (
      Array.isArray(there) &&
      there.length === ours.length &&
      ours.every((item: JsonValue, index) => contains(there[index] as JsonValue, item))
    );
  }
  if (isObject(ours)) {
    return isObject(there) && Object.keys(ours).every((key) => contains(own(there, key), own(ours, key) as JsonValue));
  }
  return there === ours;
};

const isNothing = (value: JsonValue | undefined): boolean =>
  value === undefined || value === null || value === '' || value === false;

/** Tells whether two values say the same, in both directions. */
export const isSame = (there: JsonValue | undefined, ours: JsonValue): boolean =>
  contains(there, ours) && (there === undefined || contains(ours, there));

/** A volume or a variable: the same fields on both sides, and in them all that ours says. */
export const isSameSource = (there: JsonObject, ours: JsonObject): boolean =>
  contains(there, ours) &&
  Object.keys(there).every((key) => isNothing(own(there, key)) || own(ours, key) !== undefined);

/** A mount: equal, wherever a trailing slash of its path stands. */
export const isSameMount = (there: JsonObject, ours: JsonObject): boolean =>
  isSame({ ...there, mountPath: mountKey(there) }, { ...ours, mountPath: mountKey(ours) });

/** Two mounts of one key whose paths differ all the same; the API server takes both. */
export const hasOtherPath = (one: JsonObject, other: JsonObject): boolean =>
  own(one, 'mountPath') !== own(other, 'mountPath');

/** A container: our command, arguments and variables; other webhooks may change its image, probes and resources. */
export const isSameContainer = (there: JsonObject, ours: JsonObject): boolean =>
  isSame(own(there, 'command') ?? [], own(ours, 'command') ?? []) &&
  isSame(own(there, 'args') ?? [], own(ours, 'args') ?? []) &&
  items(ours, 'env').every((variable) =>
    items(there, 'env').some((other) => own(other, 'name') === own(variable, 'name') && isSameSource(other, variable)),
  );

const items = (container: JsonObject, key: string): readonly JsonObject[] => {
  const list = own(container, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
};

/** The key of a mount: its path without trailing slashes. */
export const mountKey = (mount: JsonObject): string => {
  const path = own(mount, 'mountPath');
  if (typeof path !== 'string') {
    return '';
  }
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') {
    end -= 1;
  }
  return path.slice(0, end);
};

/** The key of everything that Kubernetes matches by name. */
export const nameKey = (item: JsonObject): string => {
  const name = own(item, 'name');
  return typeof name === 'string' ? name : '';
};
