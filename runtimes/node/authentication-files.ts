// Reads the files behind the settings of authentication, all together.
import { readFile } from 'node:fs/promises';
import { Fault } from '../../core/errors.ts';
import type { SourceText } from '../authentication-settings.ts';
import { digestParts, type Reading } from './keep-current.ts';
import type { Settings } from './settings.ts';
import { foldersOf } from './watch-folders.ts';
import { whyUnreadable } from './why-unreadable.ts';

/** The settings that name a file, by what the file holds. */
const FILES = {
  jwtKeys: 'jwtKeysFile',
  tokens: 'tokensFile',
  passwords: 'passwordsFile',
  pathSecrets: 'pathSecretsFile',
  clientAuthority: 'clientAuthorityFile',
} as const;

/** What the files hold. */
export type AuthenticationFiles = { readonly [Part in keyof typeof FILES]?: SourceText };

/**
 * Reads the files that are set.
 *
 * @throws {Fault} `authentication.unreadable`
 */
export const readAuthenticationFiles = async (settings: Settings): Promise<Reading<AuthenticationFiles>> => {
  const read = await Promise.all(
    Object.entries(FILES)
      .map(([part, key]) => [part, settings[key]] as const)
      .filter(([, file]) => file !== '')
      .map(async ([part, file]) => [part, { file, text: await readText(file) }] as const),
  );
  return {
    digest: digestParts(read.map(([part, { text }]) => [part, text])),
    content: Object.fromEntries(read),
  };
};

/** The folders in which a change matters. */
export const authenticationFolders = (settings: Settings): readonly string[] =>
  foldersOf(Object.values(FILES).map((key) => settings[key]));

const readText = async (file: string): Promise<string> => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (thrown) {
    throw new Fault('authentication.unreadable', `the file cannot be read (${whyUnreadable(thrown)})`, {
      at: { file },
    });
  }
};
