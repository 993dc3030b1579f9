// Makes an injector of a document: bundle, signature and configuration, whole or not at all.
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import type { Verification } from '../../core/bundle/verify.ts';
import { Fault } from '../../core/errors.ts';
import { createInjector, type Injector } from '../../core/injector.ts';
import { type EdgeBundle, parseEdgeBundle } from './edge-bundle.ts';
import { type Deployed, joinEdgeBundle } from './join-edge-bundle.ts';
import type { Settings } from './settings.ts';

/** A document, where it comes from, and what it is held against. */
export interface Found {
  readonly text: string;
  /** How errors name it. */
  readonly file: string;
  /** `undefined` where no signature is asked for. */
  readonly verification: Verification | undefined;
}

/**
 * Makes the injector.
 *
 * @throws {Fault} `bundle.*`, `configuration.*`, and what makes an injector impossible
 */
export const makeInjector = async (
  { text, file, verification }: Found,
  deployed: Deployed,
  settings: Settings,
): Promise<Injector> => {
  const edge = parseEdgeBundle(text, file);
  try {
    const configuration = chooseConfiguration(edge, settings, verification);
    return await createInjector({
      bundle: await joinEdgeBundle(edge, deployed, verification),
      configuration:
        configuration === undefined ? undefined : parseConfiguration(configuration.text, configuration.file),
      clock: () => performance.now(),
      maxMemoryPages: Math.floor(settings.PODGRAFT_POLICY_MEMORY / 65_536),
    });
  } catch (thrown) {
    throw placed(thrown, file);
  }
};

const DEPLOYED = 'PODGRAFT_CONFIGURATION';
const IN_DOCUMENT = 'configuration';

/** There is one configuration, so that nobody has to know which of two goes over the other. */
const chooseConfiguration = (
  { configuration }: EdgeBundle,
  { PODGRAFT_CONFIGURATION: deployed }: Settings,
  verification: Verification | undefined,
): { readonly text: string; readonly file: string } | undefined => {
  if (configuration === undefined) {
    return deployed === '' ? undefined : { text: deployed, file: DEPLOYED };
  }
  if (deployed !== '') {
    throw new Fault('bundle.invalid', `the object brings a configuration, and ${DEPLOYED} is set too`);
  }
  if (verification !== undefined) {
    const message = `no signature covers the configuration in the object; set ${DEPLOYED} instead`;
    throw new Fault('bundle.unsigned', message);
  }
  return { text: configuration, file: IN_DOCUMENT };
};

/** The same fault, its place named with the document that it is in. */
const placed = (thrown: unknown, file: string): unknown => {
  if (!(thrown instanceof Fault) || thrown.at?.file === DEPLOYED) {
    return thrown;
  }
  const inner = thrown.at?.file;
  const at = { ...thrown.at, file: inner === undefined ? file : `${file}#${inner}` };
  return new Fault(thrown.code, thrown.message, { at, cause: thrown });
};
