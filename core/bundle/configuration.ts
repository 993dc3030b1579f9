// Reads the operator's configuration file and lays it over what the bundle brings.
import { Fault, type Place } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own, pointer } from '../json.ts';
import { parseYaml } from '../template/parse.ts';
import { compileSchema } from '../template/schema.ts';
import type { Bundle } from './bundle.ts';

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
      throw invalid(`"${key}" is none of ${KEYS.join(', ')}`, placeOf([key]));
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

/**
 * Lays the operator's configuration over the bundle's and checks the result against each system's schema.
 *
 * @returns the document behind `data`
 * @throws {Fault} `configuration.invalid`, at the line of the operator's file that is to blame
 */
export const layConfiguration = (bundle: Bundle, configuration: Configuration | undefined): JsonObject => {
  const podgraft = objectAt(bundle.data, 'podgraft');
  const shipped = objectAt(podgraft, 'config');
  if (configuration === undefined) {
    return bundle.data;
  }
  for (const key of Object.keys(configuration.policy)) {
    if (key !== 'order' && own(shipped, key) === undefined) {
      const known = ['order', ...Object.keys(shipped)].join(', ');
      throw invalid(`the bundle has no system "${key}"; it has ${known}`, configuration.placeOf(['policy', key]));
    }
  }
  const config = lay(shipped, configuration.policy) as JsonObject;
  checkOrder(config, configuration);
  for (const [system, schema] of Object.entries(bundle.configSchemas)) {
    const [error] = compileSchema(schema)(ownSettings(config, system, configuration));
    if (error !== undefined) {
      const place = configuration.placeOf(['policy', system, ...error.path]);
      throw invalid(`${pointer(['policy', system, ...error.path])} ${error.message}`, place);
    }
  }
  return { ...bundle.data, podgraft: { ...podgraft, config } };
};

/** A system's section without `enabled`, which every system has and none knows of: `main.rego` reads it. */
const ownSettings = (config: JsonObject, system: string, { placeOf }: Configuration): JsonValue => {
  const section = own(config, system) ?? {};
  if (!isObject(section)) {
    return section;
  }
  const { enabled = true, ...settings } = section;
  if (typeof enabled !== 'boolean') {
    throw invalid(
      `${pointer(['policy', system, 'enabled'])} is neither true nor false`,
      placeOf(['policy', system, 'enabled']),
    );
  }
  return settings;
};

const checkOrder = (config: JsonObject, { placeOf }: Configuration): void => {
  const order = own(config, 'order') ?? [];
  if (!Array.isArray(order)) {
    throw invalid('order is not a list of systems', placeOf(['policy', 'order']));
  }
  for (const [index, system] of order.entries()) {
    if (typeof system !== 'string' || system === 'order' || own(config, system) === undefined) {
      throw invalid(`the bundle has no system "${String(system)}"`, placeOf(['policy', 'order', index]));
    }
    if (order.indexOf(system) !== index) {
      throw invalid(`order names ${system} twice`, placeOf(['policy', 'order', index]));
    }
  }
};

/** Maps are merged by key, everything else is replaced; `null` takes a key away. */
const lay = (under: JsonValue | undefined, over: JsonValue): JsonValue => {
  if (!isObject(under) || !isObject(over)) {
    return over;
  }
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    if (value === null) {
      merged.delete(key);
    } else {
      merged.set(key, lay(own(under, key), value));
    }
  }
  return Object.fromEntries(merged);
};

const objectAt = (object: JsonObject, key: string): JsonObject => {
  const value = own(object, key);
  return isObject(value) ? value : {};
};
