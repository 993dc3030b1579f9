// Makes a policy ready for one configuration: lays it over the defaults and asks what follows from it alone.
import { Fault, throwAll } from '../errors.ts';
import { isObject, type JsonObject, own } from '../json.ts';
import { createPolicy, type Policy } from '../policy/opa.ts';
import type { Bundle } from './bundle.ts';
import { type Finding, type ParameterLayers, readLayers } from './compile-templates.ts';
import type { Configuration } from './configuration.ts';
import { layConfiguration } from './lay-configuration.ts';

/** A policy with its configuration. */
export interface ConfiguredPolicy {
  readonly policy: Policy;
  /** The document behind `data`, configuration included. */
  readonly data: JsonObject;
  readonly layers: ParameterLayers;
  /** Doubtful values, which a pod may repair, each with its place in the file. */
  readonly warnings: readonly string[];
}

/**
 * Configures a bundle's policy.
 *
 * @throws {Fault} `configuration.*` at the operator's line, or `policy.*`
 */
export const configurePolicy = async (options: {
  readonly bundle: Bundle;
  readonly configuration?: Configuration | undefined;
  readonly maxMemoryPages?: number | undefined;
}): Promise<ConfiguredPolicy> => {
  const { bundle, configuration, maxMemoryPages = 2048 } = options;
  const data = layConfiguration(bundle, configuration);
  const policy = await createPolicy({ module: bundle.module, data, maxMemoryPages });
  const answer = await policy.evaluate({}, 'podgraft/configuration');
  const { layers, errors, doubts } = readLayers(configOf(data), answer);
  throwAll(errors.map((error) => findingFault(error, configuration)));
  return { policy, data, layers, warnings: doubts.map((doubt) => describe(doubt, configuration)) };
};

const configOf = (data: JsonObject): JsonObject => {
  const podgraft = own(data, 'podgraft');
  const config = isObject(podgraft) ? own(podgraft, 'config') : undefined;
  return isObject(config) ? config : {};
};

/** Where the operator has a file, the place names the path. */
const findingFault = (finding: Finding, configuration: Configuration | undefined): Fault => {
  const { system, pointer, message } = finding;
  return configuration === undefined
    ? new Fault('configuration.invalid', `${system}${pointer}: ${message}`)
    : new Fault('configuration.invalid', message, { at: placeOf(finding, configuration) });
};

const describe = (finding: Finding, configuration: Configuration | undefined): string => {
  const { file, line } = configuration === undefined ? {} : placeOf(finding, configuration);
  const where = file === undefined ? '' : `${file}:${line ?? 1}: `;
  return `${where}${finding.system}${finding.pointer}: ${finding.message}`;
};

const placeOf = (finding: Finding, configuration: Configuration): ReturnType<Configuration['placeOf']> => {
  const path = finding.pointer.split('/').slice(1);
  const tokens = path.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return configuration.placeOf(['policy', finding.system, ...tokens]);
};
