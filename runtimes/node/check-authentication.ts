// Checks the settings of authentication together: each way is whole, and there is one, or none is meant.
import { isCertificateName } from '../../core/authentication/client-certificate.ts';
import { Fault } from '../../core/errors.ts';
import type { Settings } from './settings.ts';

/** The settings of which each alone opens a way to authenticate. */
const WAYS = ['jwtIssuer', 'tokensFile', 'passwordsFile', 'clientAuthorityFile', 'pathSecretsFile'] as const;

/** Settings that say nothing without another one. */
const NEEDS = [
  ['jwtAudiences', 'jwtIssuer'],
  ['jwtSubjects', 'jwtIssuer'],
  ['jwtKeysFile', 'jwtIssuer'],
  ['jwtIssuer', 'jwtAudiences'],
  ['jwtIssuer', 'jwtSubjects'],
  ['clientNames', 'clientAuthorityFile'],
  ['clientAuthorityFile', 'clientNames'],
] as const;

/** @throws {Fault} `setting.invalid` */
export const checkAuthentication = (settings: Settings): void => {
  const given = WAYS.filter((way) => settings[way] !== '');
  if (settings.authentication === 'off' && given.length > 0) {
    throw invalid(`authentication is off, but ${given.join(' and ')} would ask for it: leave out one or the other`);
  }
  for (const [one, other] of NEEDS) {
    if (settings[one].length > 0 && settings[other].length === 0) {
      throw invalid(`${one} is given without ${other}: they go together`);
    }
  }
  const odd = settings.clientNames.find((name) => !isCertificateName(name));
  if (odd !== undefined) {
    throw invalid(`clientNames has ${JSON.stringify(odd)}, which is not CN:…, DNS:…, URI:…, IP:… or EMAIL:…`);
  }
  if (settings.authentication === 'required' && given.length === 0) {
    throw invalid(
      `who may ask the webhook is not said: set ${WAYS.slice(0, -1).join(', ')} or ${WAYS.at(-1)}, ` +
        'or set authentication to off',
    );
  }
};

const invalid = (message: string): Fault => new Fault('setting.invalid', message);
