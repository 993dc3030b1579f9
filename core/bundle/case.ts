// Reads the cases of a bundle: a request, and what must become of it.
import { Fault, type Place } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { parseYaml } from '../template/parse.ts';
import type { BundleFiles } from './parse-files.ts';

/** A case, in the form in which the answers of other injectors are recorded, with a configuration of podgraft's own. */
export interface BundleCase {
  readonly file: string;
  /** Laid over the bundle's defaults, as the section `policy` of the operator's file. */
  readonly configuration: JsonObject;
  /** The member `request` of the AdmissionReview. */
  readonly request: JsonObject;
  /** What the lookups find, by their key. */
  readonly facts: JsonObject;
  /** `allowed`, and whichever of `message`, `warnings`, `outcome` and `codes` matter. */
  readonly response: JsonObject;
  /** The object after the patch; `unchanged` where there must be none; `undefined` where it does not matter. */
  readonly podAfter: JsonObject | 'unchanged' | undefined;
}

const CASE = /^cases\/[^/]+\/[^/]+\.yaml$/;
const KEYS = ['name', 'description', 'configuration', 'request', 'facts', 'response', 'podAfter'];
const RESPONSE_KEYS = ['allowed', 'message', 'warnings', 'outcome', 'codes'];

/** Whether a file of a bundle is a case. */
export const isCaseFile = (name: string): boolean => CASE.test(name);

/**
 * Reads all cases of a bundle, in the order of their names.
 *
 * @throws {Fault} `bundle.case`, with file, line and column
 */
export const parseCases = (files: BundleFiles): readonly BundleCase[] =>
  [...files]
    .filter(([name]) => isCaseFile(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, bytes]) => parseCase(file, decode(file, bytes)));

const decode = (file: string, bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Fault('bundle.case', 'the file is not UTF-8', { at: { file } });
  }
};

const parseCase = (file: string, text: string): BundleCase => {
  const { value, placeOf } = readYaml(text, file);
  const refuse = (message: string, path: readonly string[]): Fault =>
    new Fault('bundle.case', message, { at: placeOf(path) });
  const at = (key: string): JsonObject => {
    const found = own(value, key) ?? {};
    if (!isObject(found)) {
      throw refuse(`${key} is not a map`, [key]);
    }
    return found;
  };
  checkKeys(value, KEYS, (key) => refuse(`"${key}" is none of ${KEYS.join(', ')}`, [key]));
  const response = at('response');
  checkKeys(response, RESPONSE_KEYS, (key) =>
    refuse(`"${key}" is none of ${RESPONSE_KEYS.join(', ')}`, ['response', key]),
  );
  if (typeof own(response, 'allowed') !== 'boolean') {
    throw refuse('allowed is neither true nor false', ['response']);
  }
  const podAfter = own(value, 'podAfter');
  if (podAfter !== undefined && podAfter !== 'unchanged' && !isObject(podAfter)) {
    throw refuse('podAfter is neither an object nor "unchanged"', ['podAfter']);
  }
  return {
    file,
    configuration: at('configuration'),
    request: at('request'),
    facts: at('facts'),
    response,
    podAfter,
  };
};

const readYaml = (
  text: string,
  file: string,
): { readonly value: JsonObject; readonly placeOf: (path: readonly (string | number)[]) => Place } => {
  try {
    const { value, placeOf } = parseYaml(text, file, 'bundle');
    if (!isObject(value)) {
      throw new Fault('bundle.case', 'the file is not a map with request and response', { at: placeOf([]) });
    }
    return { value, placeOf };
  } catch (thrown) {
    if (thrown instanceof Fault) {
      throw new Fault('bundle.case', thrown.message, { at: thrown.at ?? { file }, cause: thrown });
    }
    throw thrown;
  }
};

const checkKeys = (
  object: { readonly [key: string]: JsonValue },
  known: readonly string[],
  refuse: (key: string) => Fault,
): void => {
  const strange = Object.keys(object).find((key) => !known.includes(key));
  if (strange !== undefined) {
    throw refuse(strange);
  }
};
