// Checks the settings of authentication together: each way is whole, and there is one, or none is meant.
import { isCertificateName } from '../../core/authentication/client-certificate.ts';
import { invalidSetting, type NameOf, type SettingProblem } from './setting-problem.ts';
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

/** What is wrong between the settings of authentication. */
export const checkAuthentication = (settings: Settings, nameOf: NameOf): readonly SettingProblem[] => {
  const given = WAYS.filter((way) => settings[way] !== '');
  const problems = NEEDS.filter(([one, other]) => settings[one].length > 0 && settings[other].length === 0).map(
    ([one, other]) =>
      invalidSetting([one, other], `${nameOf(one)} is given without ${nameOf(other, one)}: they go together`),
  );
  if (settings.authentication === 'off' && given.length > 0) {
    const names = given.map((way) => nameOf(way)).join(' and ');
    const message = `${nameOf('authentication')} is off, but ${names} would ask for it: leave out one or the other`;
    problems.push(invalidSetting([...given, 'authentication'], message));
  }
  const odd = settings.clientNames.find((name) => !isCertificateName(name));
  if (odd !== undefined) {
    const what = `has ${JSON.stringify(odd)}, which is not CN:…, DNS:…, URI:…, IP:… or EMAIL:…`;
    problems.push(invalidSetting(['clientNames'], `${nameOf('clientNames')} ${what}`));
  }
  // Half a way is complained of already.
  if (settings.authentication === 'required' && given.length === 0 && problems.length === 0) {
    problems.push(nobody());
  }
  return problems;
};

const nobody = (): SettingProblem => ({
  code: 'authentication.none',
  message:
    `who may ask the webhook is not said: set ${WAYS.slice(0, -1).join(', ')} or ${WAYS.at(-1)}, ` +
    'or set authentication to off (--authentication off)',
  keys: ['authentication', ...WAYS],
});
