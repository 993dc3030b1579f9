// Reads the public keys that a bundle in the store must be signed with.
import { readVerificationKeys } from '../../core/bundle/verification-key.ts';
import type { Verification } from '../../core/bundle/verify.ts';
import { Fault } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import type { Settings } from './settings.ts';

const NAME = 'PODGRAFT_BUNDLE_KEYS';

/**
 * Reads them.
 *
 * @returns `undefined` where no keys are set: then no signature is asked for
 * @throws {Fault} `bundle.key`; `setting.invalid` for a scope without keys
 */
export const readBundleKeys = async (settings: Settings): Promise<Verification | undefined> => {
  const { PODGRAFT_BUNDLE_KEYS: text, PODGRAFT_BUNDLE_SCOPE: scope } = settings;
  if (text === '') {
    if (scope !== '') {
      throw new Fault('setting.invalid', `PODGRAFT_BUNDLE_SCOPE is given without ${NAME}`);
    }
    return undefined;
  }
  const at = { file: NAME };
  const document = parseJson(text);
  if (!isObject(document)) {
    throw new Fault('bundle.key', 'the text is no JSON Web Key, and no set of them', { at });
  }
  return { keys: await readVerificationKeys(document, { at }, crypto.subtle), scope };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
