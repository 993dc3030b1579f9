// Lays the operator's configuration over what the bundle brings, and checks what comes of it.
import { Fault, throwAll } from '../errors.ts';
import { isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { nearMiss } from '../near-miss.ts';
import { compileSchema, NOT_DECLARED } from '../template/schema.ts';
import type { Bundle } from './bundle.ts';
import type { Configuration } from './configuration.ts';

/**
 * Lays the operator's configuration over the bundle's and checks the result against each system's schema.
 *
 * @returns the document behind `data`
 * @throws {Fault} `configuration.invalid` with all that is wrong, each at the line of the operator's file
 */
export const layConfiguration = (bundle: Bundle, configuration: Configuration | undefined): JsonObject => {
  const podgraft = objectAt(bundle.data, 'podgraft');
  const shipped = objectAt(podgraft, 'config');
  if (configuration === undefined) {
    return bundle.data;
  }
  const config = lay(shipped, configuration.policy) as JsonObject;
  const { placeOf } = configuration;
  throwAll(
    [
      ...findStrangers(configuration.policy, shipped),
      ...checkOrder(own(config, 'order') ?? [], shipped),
      ...Object.entries(bundle.configSchemas).flatMap(([system, schema]) =>
        checkSystem({ system, schema, shipped: own(shipped, system) }, own(config, system) ?? {}),
      ),
    ].map(({ path, message }) => new Fault('configuration.invalid', message, { at: placeOf(['policy', ...path]) })),
  );
  return { ...bundle.data, podgraft: { ...podgraft, config } };
};

/** What is wrong in the `policy` section; its path is named by the place. */
interface PolicyError {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const findStrangers = (policy: JsonObject, shipped: JsonObject): readonly PolicyError[] =>
  Object.keys(policy)
    .filter((key) => key !== 'order' && own(shipped, key) === undefined)
    .map((key) => ({ path: [key], message: noSystem(key, shipped) }));

const noSystem = (name: string, shipped: JsonObject): string => {
  const systems = Object.keys(shipped);
  return `the bundle has no system "${name}": it has ${systems.join(', ')}${nearMiss(name, systems)}`;
};

const checkOrder = (order: JsonValue, shipped: JsonObject): readonly PolicyError[] => {
  if (!Array.isArray(order)) {
    return [{ path: ['order'], message: 'order is not a list of systems' }];
  }
  return order.flatMap((system, index) => {
    const path = ['order', index];
    if (typeof system !== 'string' || own(shipped, system) === undefined) {
      return [{ path, message: noSystem(String(system), shipped) }];
    }
    return order.indexOf(system) === index ? [] : [{ path, message: `order names ${system} twice` }];
  });
};

interface SystemSchema {
  readonly system: string;
  readonly schema: JsonObject;
  readonly shipped: JsonValue | undefined;
}

/** `enabled` is left out: every system has it and none knows of it, `main.rego` reads it. */
const checkSystem = ({ system, schema, shipped }: SystemSchema, section: JsonValue): readonly PolicyError[] => {
  const { enabled = true, ...settings } = isObject(section) ? section : {};
  const errors = compileSchema(
    schema,
    'all',
  )(isObject(section) ? settings : section).map(({ path, message }) => {
    const name = String(path.at(-1) ?? system);
    const near = message === NOT_DECLARED ? nearMiss(name, siblingsOf(path, { schema, shipped })) : '';
    return { path: [system, ...path], message: `${name} ${message}${near}` };
  });
  return typeof enabled === 'boolean'
    ? errors
    : [{ path: [system, 'enabled'], message: 'enabled is neither true nor false' }, ...errors];
};

/** The names that could stand where the path ends: those that the schema names, and those that are shipped. */
const siblingsOf = (
  path: readonly (string | number)[],
  { schema, shipped }: Pick<SystemSchema, 'schema' | 'shipped'>,
): readonly string[] => {
  let [inSchema, inShipped]: (JsonValue | undefined)[] = [schema, shipped];
  for (const token of path.slice(0, -1)) {
    inSchema = isObject(inSchema) ? own(objectAt(inSchema, 'properties'), String(token)) : undefined;
    inShipped = isObject(inShipped) ? own(inShipped, String(token)) : undefined;
  }
  const named = isObject(inSchema) ? objectAt(inSchema, 'properties') : {};
  return [...Object.keys(named), ...Object.keys(isObject(inShipped) ? inShipped : {})];
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
