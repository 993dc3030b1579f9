// Reads the operator's configuration file.
import { Fault, type Place, throwAll } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { nearMiss } from '../near-miss.ts';
import { parseYaml } from '../template/parse.ts';

/** The operator's configuration. */
export interface Configuration {
  /** Settings of the runtime; the core does not read them. */
  readonly server: JsonObject;
  /** Laid over `data.podgraft.config`, system by system. */
  readonly policy: JsonObject;
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

const HEAD = { apiVersion: 'podgraft.dev/v1alpha1', kind: 'Configuration' } as const;
const SECTIONS = ['server', 'policy'] as const;
const KEYS: readonly string[] = [...Object.keys(HEAD), ...SECTIONS];

/**
 * Parses a configuration file.
 *
 * @throws {Fault} `configuration.yaml` or `configuration.invalid`, with file, line and column; with all the others
 */
export const parseConfiguration = (text: string, file: string): Configuration => {
  const { value, placeOf } = parseYaml(text, file, 'configuration');
  if (!isObject(value)) {
    throw invalid('the file is not a map with apiVersion, kind, server and policy', placeOf([]));
  }
  throwAll(wrongOf(value).map(({ key, message }) => invalid(message, placeOf([key]))));
  return { server: section(value, 'server') ?? {}, policy: section(value, 'policy') ?? {}, placeOf };
};

const wrongOf = (value: JsonObject): readonly { readonly key: string; readonly message: string }[] => [
  ...Object.keys(value)
    .filter((key) => !KEYS.includes(key))
    .map((key) => ({ key, message: `"${key}" is none of ${KEYS.join(', ')}${nearMiss(key, KEYS)}` })),
  ...Object.entries(HEAD)
    .filter(([key, expected]) => own(value, key) !== expected)
    .map(([key, expected]) => ({ key, message: `${key} is not ${expected}` })),
  ...SECTIONS.filter((key) => section(value, key) === undefined).map((key) => ({
    key,
    message: `${key} is not a map`,
  })),
];

/** A section, empty where it is left out; `undefined` where it is no map. */
const section = (value: JsonObject, key: string): JsonObject | undefined => {
  const found = own(value, key) ?? {};
  return isObject(found) ? found : undefined;
};

const invalid = (message: string, at: Place): Fault => new Fault('configuration.invalid', message, { at });
