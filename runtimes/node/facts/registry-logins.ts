// Reads the operator's own logins for registries: a file as Docker's config.json.
import { readFile } from 'node:fs/promises';
import { Fault } from '../../../core/errors.ts';
import { isObject, type JsonValue, own } from '../../../core/json.ts';
import { whyUnreadable } from '../why-unreadable.ts';
import { type Entry, readAuths } from './docker-config.ts';

/**
 * Reads the text of the file.
 *
 * @throws {Fault} `facts.logins`
 */
export const readLoginsFile = async (file: string): Promise<string> => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (thrown) {
    const message = `the logins for registries cannot be read (${whyUnreadable(thrown)})`;
    throw new Fault('facts.logins', message, { at: { file } });
  }
};

/**
 * Reads the logins, strictly: what is left out of a pull secret fails here. Hosts stand for themselves, because these
 * logins go to whatever host a pod names that fits.
 *
 * @throws {Fault} `facts.logins`, without a word of the file but the names of registries
 */
export const parseLogins = (text: string, file: string): readonly Entry[] => {
  const refuse = (message: string, pointer = ''): Fault =>
    new Fault('facts.logins', message, { at: pointer === '' ? { file } : { file, pointer } });
  const value = parseJson(text);
  const auths = isObject(value) ? own(value, 'auths') : undefined;
  if (!isObject(auths) || Object.keys(auths).length === 0) {
    throw refuse('the file is no config.json of Docker with logins in "auths"; helper programs are not run');
  }
  return Object.entries(auths).map(([location, login]) => {
    const pointer = `/auths/${location.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const [entry] = readAuths({ [location]: login });
    if (entry === undefined) {
      throw refuse('there is no login: neither auth, nor username and password, nor identitytoken', pointer);
    }
    if (/[*?[\]\\]/.test(entry.pattern.replace(/^\[[\da-f:.]+\]/, ''))) {
      throw refuse('a registry is named in full here, without wildcards', pointer);
    }
    return entry;
  });
};

const parseJson = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
};
