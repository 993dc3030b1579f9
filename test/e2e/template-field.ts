// Lists the fields of a pod that a system's templates can set.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { isObject, type JsonObject, type JsonValue } from '../../core/index.ts';
import { join } from './pod-field.ts';

/** Operators that come to a text, or to whatever a parameter holds: what is below them is no field of the pod. */
const LEAF_OPERATORS = ['$eval', '$json', '$base64', '$words'];

/** Lists the fields of all templates of a system, in the notation of `patchedFields`. */
export const templateFields = (system: string): readonly string[] => {
  const folder = new URL(`../../policies/${system}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => /^template.*\.yaml$/.test(file));
  if (files.length === 0) {
    throw new Error(`system ${system} has no template`);
  }
  const fields = files.flatMap((file) => fieldsOf(parse(readFileSync(new URL(file, folder), 'utf8')).spec));
  return [...new Set(fields)].sort();
};

interface Spec {
  readonly fragments?: JsonObject;
  readonly pod?: Graft;
  readonly containers?: readonly Graft[];
}

interface Graft {
  readonly add?: JsonValue;
  readonly set?: JsonValue;
}

const fieldsOf = ({ fragments = {}, pod = {}, containers = [] }: Spec): readonly string[] => {
  const below = ({ add = {}, set = {} }: Graft, path: string): readonly string[] =>
    [add, set].flatMap((value) => valueFields(value, path, fragments));
  return [...below(pod, ''), ...containers.flatMap((block) => below(block, 'spec.containers[]'))];
};

const valueFields = (value: JsonValue, path: string, fragments: JsonObject): readonly string[] => {
  if (Array.isArray(value)) {
    return value.flatMap((item) => itemFields(item, `${path}[]`, fragments));
  }
  if (!isObject(value)) {
    return [path];
  }
  const results = operatorResults(value, fragments);
  if (results !== undefined) {
    return results === 'leaf' ? [path] : results.flatMap((one) => valueFields(one, path, fragments));
  }
  return Object.entries(value).flatMap(([key, child]) =>
    valueFields(child, join(path, isHole(key) ? '*' : key), fragments),
  );
};

/** An item of a list: it may be an operator that comes to one item, or to a list of them. */
const itemFields = (item: JsonValue, path: string, fragments: JsonObject): readonly string[] => {
  if (Array.isArray(item)) {
    return item.flatMap((one) => itemFields(one, path, fragments));
  }
  if (!isObject(item)) {
    return [path];
  }
  const results = operatorResults(item, fragments);
  if (results !== undefined) {
    return results === 'leaf' ? [path] : results.flatMap((one) => itemFields(one, path, fragments));
  }
  const name = item['name'];
  const named = typeof name === 'string' && !isHole(name) ? [`${path.slice(0, -1)}${name}]`] : [];
  return [...named, ...valueFields(item, path, fragments)];
};

/** What an operator may come to; undefined where the object is a plain map. */
const operatorResults = (value: JsonObject, fragments: JsonObject): readonly JsonValue[] | 'leaf' | undefined => {
  const operator = Object.keys(value).find((key) => key.startsWith('$') && !isHole(key));
  if (operator === undefined) {
    return undefined;
  }
  if (LEAF_OPERATORS.includes(operator)) {
    return 'leaf';
  }
  if (operator === '$if') {
    return [value['then'], value['else']].filter((branch) => branch !== undefined);
  }
  if (operator === '$flatten') {
    return [value['$flatten'] ?? []];
  }
  if (operator === '$map') {
    return Object.keys(value).flatMap((key) => (key.startsWith('each(') ? [[value[key] ?? []]] : []));
  }
  if (operator === '$use') {
    return [fragments[String(value['$use'])] ?? []];
  }
  throw new Error(`the template language has no operator ${operator}`);
};

const isHole = (text: string): boolean => text.includes('${');
