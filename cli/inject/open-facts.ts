// Where the facts of a run come from: a file, lookups with the rights of the user, both, or nowhere.
import { parseConfiguration } from '../../core/bundle/configuration.ts';
import type { FindFacts } from '../../core/policy/facts.ts';
import { createFindFacts } from '../../runtimes/node/facts/create-find-facts.ts';
import { parseLogins, readLoginsFile } from '../../runtimes/node/facts/registry-logins.ts';
import { readConfigText } from '../../runtimes/node/policy-source.ts';
import { readEachSetting } from '../../runtimes/node/read-settings.ts';
import { readInput } from '../input.ts';
import type { Terminal } from '../terminal.ts';
import { parseFacts, recordFacts, replayFacts } from './recorded-facts.ts';

/** What the command line says of facts. */
export interface FactOptions {
  /** A file of recorded facts. */
  readonly facts?: string;
  /** Whether facts are looked up. */
  readonly lookup?: boolean;
  /** The file to write them to. */
  readonly recordFacts?: string;
}

/** Facts for a run, and what is to be done at its end. */
export interface OpenFacts {
  readonly find: FindFacts;
  readonly end: () => Promise<void>;
}

/**
 * Opens the facts of a run.
 *
 * @param configFile the configuration, for the settings of lookups; empty: there is none
 * @throws {Fault} whatever is wrong with a file or a setting
 */
export const openFacts = async (options: FactOptions, configFile: string, terminal: Terminal): Promise<OpenFacts> => {
  const lookUp = options.lookup === true ? await openLookups(configFile, terminal) : undefined;
  const find = options.facts === undefined ? (lookUp ?? findNothing) : await replay(options.facts, lookUp, terminal);
  const { recordFacts: file } = options;
  if (file === undefined) {
    return { find, end: async () => {} };
  }
  const recording = recordFacts(find);
  return { find: recording.find, end: () => recording.write(file) };
};

const openLookups = async (configFile: string, { environment }: Terminal): Promise<FindFacts> => {
  const text = await readConfigText(configFile);
  const configuration = text === undefined ? undefined : parseConfiguration(text, configFile);
  const settings = readEachSetting({ facts: 'image,references' }, environment, configuration);
  const { registryConfigFile: file } = settings;
  const entries = file === '' ? [] : parseLogins(await readLoginsFile(file), file);
  return createFindFacts(settings, { kubernetes: 'default', logins: () => entries });
};

const replay = async (facts: string, others: FindFacts | undefined, terminal: Terminal): Promise<FindFacts> => {
  const input = await readInput(facts, terminal);
  return replayFacts(parseFacts(input), input.file, others);
};

const findNothing: FindFacts = async (lookups) =>
  Object.fromEntries(
    lookups.map(({ key }) => [
      key,
      { error: { code: 'no_adapter', message: 'nothing is looked up without --lookup or --facts' } },
    ]),
  );
