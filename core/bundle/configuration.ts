// Reads the operator's configuration file.
import { Fault, type Place } from '../errors.ts';
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

const KEYS = ['apiVersion', 'kind', 'server', 'policy'];

/**
 * Parses a configuration file.
 *
 * @throws {Fault} `configuration.yaml` or `configuration.invalid`, with file, line and column
 */
export const parseConfiguration = (text: string, file: string): Configuration => {
  const { value, placeOf } = parseYaml(text, file, 'configuration');
  if (!isObject(value)) {
    throw invalid('the file is not a map with apiVersion, kind, server and policy', placeOf([]));
  }
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) {
      throw invalid(`"${key}" is none of ${KEYS.join(', ')}${nearMiss(key, KEYS)}`, placeOf([key]));
    }
  }
  for (const [key, expected] of [
    ['apiVersion', 'podgraft.dev/v1alpha1'],
    ['kind', 'Configuration'],
  ] as const) {
    if (own(value, key) !== expected) {
      throw invalid(`${key} is not ${expected}`, placeOf([key]));
    }
  }
  return { server: section(value, 'server', placeOf), policy: section(value, 'policy', placeOf), placeOf };
};

const section = (value: JsonObject, key: string, placeOf: Configuration['placeOf']): JsonObject => {
  const found = own(value, key) ?? {};
  if (!isObject(found)) {
    throw invalid(`${key} is not a map`, placeOf([key]));
  }
  return found;
};

const invalid = (message: string, at: Place): Fault => new Fault('configuration.invalid', message, { at });
