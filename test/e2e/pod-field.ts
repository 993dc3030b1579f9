// The notation for fields of a pod that templates and patches share, and the fields that a patch sets.
import { isObject, type JsonValue, type Operation } from '../../core/index.ts';

/**
 * Lists the fields that operations set: `spec.containers[].env[].value`, and for each named item of a list also
 * `spec.containers[].env[VAULT_ADDR]`. A key of a free map shows as itself and as `*`.
 */
export const patchedFields = (operations: readonly Operation[]): readonly string[] => {
  return operations.flatMap(({ path, value }) => {
    const tokens = path
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    const place = tokens.reduce(join, '');
    const fields = place.endsWith('[]') ? itemFields(value, place) : valueFields(value, place);
    const parent = place.replace(/\.[^.]*$/, '');
    return isFreeMap(tokens.at(-2)) ? [...fields, `${tokens.slice(0, -1).join('.')}.*`] : [...fields, parent];
  });
};

/** Appends a key, or the place of a list item: `a` and `b` give `a.b`, `a` and `0` or `-` give `a[]`. */
export const join = (path: string, token: string): string => {
  if (/^(?:-|\d+)$/.test(token)) {
    return `${path}[]`;
  }
  return path === '' ? token : `${path}.${token}`;
};

const valueFields = (value: JsonValue, path: string): readonly string[] => {
  if (Array.isArray(value)) {
    return [path, ...value.flatMap((item) => itemFields(item, `${path}[]`))];
  }
  if (!isObject(value)) {
    return [path];
  }
  const free = isFreeMap(path.split('.').at(-1)) ? [`${path}.*`] : [];
  return [path, ...free, ...Object.entries(value).flatMap(([key, below]) => valueFields(below, join(path, key)))];
};

const itemFields = (item: JsonValue, path: string): readonly string[] => {
  const name = isObject(item) ? item['name'] : undefined;
  const named = typeof name === 'string' ? [`${path.slice(0, -1)}${name}]`] : [];
  return [path, ...named, ...valueFields(item, path)];
};

const isFreeMap = (key: string | undefined): boolean => key === 'annotations' || key === 'labels';
