// An injector of the bundle under test, with the section `policy` of a configuration file.
import { stringify } from 'yaml';
import { createInjector, type FindFacts, type Injector, type JsonObject, parseConfiguration } from '../core/index.ts';
import { testBundle } from './test-bundle.ts';

/** Makes the injector; the section goes through the text of a file, as an operator's does. */
export const configuredInjector = async (policy: JsonObject, findFacts?: FindFacts): Promise<Injector> => {
  const text = stringify({ apiVersion: 'podgraft.dev/v1alpha1', kind: 'Configuration', policy });
  const configuration = parseConfiguration(text, 'podgraft.yaml');
  return createInjector({ bundle: await testBundle(), configuration, findFacts });
};
