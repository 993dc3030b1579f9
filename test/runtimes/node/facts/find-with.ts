// Finds facts with real adapters, set as a user would set them.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../../../core/json.ts';
import type { Fact, FindFacts } from '../../../../core/policy/facts.ts';
import { createFindFacts, type FindFactsOptions } from '../../../../runtimes/node/facts/create-find-facts.ts';
import { readSettings } from '../../../../runtimes/node/read-settings.ts';
import type { Flags } from '../../../../runtimes/node/setting-source.ts';
import { scratchFolder } from '../scratch-folder.ts';
import type { LoopbackServer } from './loopback-server.ts';

/** Creates what finds facts, from flags. */
export const findWith = (flags: Flags, options: FindFactsOptions = {}): Promise<FindFacts> =>
  createFindFacts(
    readSettings({ facts: 'image,references', kubeconfig: 'off', authentication: 'off', ...flags }, {}),
    options,
  );

/** Creates what finds facts about images in one registry, which it trusts and may ask. */
export const findIn = async (
  registry: LoopbackServer,
  flags: Flags = {},
  options: FindFactsOptions = {},
): Promise<FindFacts> => {
  const file = path.join(await scratchFolder(), 'ca.pem');
  await writeFile(file, registry.ca);
  return findWith({ facts: 'image', registries: registry.host, registryCaFile: file, ...flags }, options);
};

/** Asks for one fact, as a pod in the namespace `shop` would. */
export const ask = async (
  find: FindFacts,
  lookup: JsonObject & { kind: string },
  budget?: number,
): Promise<Fact | undefined> => {
  const facts = await find([{ key: 'it', namespace: 'shop', ...lookup }], { namespace: 'shop', budget });
  return facts['it'];
};

/** Asks what an image runs. */
export const askImage = (
  find: FindFacts,
  image: string,
  more: JsonObject = {},
  budget?: number,
): Promise<Fact | undefined> => ask(find, { kind: 'image', image, ...more }, budget);

/** The code of a fact that is none. */
export const codeOf = (fact: Fact | undefined): unknown =>
  (fact?.['error'] as JsonObject | undefined)?.['code'] ?? fact;
