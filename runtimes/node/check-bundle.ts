// Checks the settings of the bundle together.
import { parseKeyFile } from './bundle-keys.ts';
import { invalidSetting, type NameOf, type SettingProblem } from './setting-problem.ts';
import type { Settings } from './settings.ts';

type BundleSettings = Pick<
  Settings,
  'bundle' | 'bundleKeys' | 'bundleSignature' | 'bundleScope' | 'bundleCaFile' | 'bundleTokenFile'
>;

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The address in the setting `bundle`; `undefined` where it names a folder or a file. */
export const bundleUrl = ({ bundle }: Pick<Settings, 'bundle'>): URL | undefined =>
  SCHEME.test(bundle) && URL.canParse(bundle) ? new URL(bundle) : undefined;

/** Whether an unsigned bundle is refused. */
export const isSignatureRequired = ({
  bundleSignature,
  bundleKeys,
}: Pick<Settings, 'bundleSignature' | 'bundleKeys'>): boolean =>
  bundleSignature === 'required' || (bundleSignature === 'auto' && bundleKeys.length > 0);

/** What is wrong between the settings of the bundle. */
export const checkBundle = (settings: BundleSettings, nameOf: NameOf): readonly SettingProblem[] => {
  const url = bundleUrl(settings);
  if (url !== undefined || SCHEME.test(settings.bundle)) {
    return [...checkKeys(settings, nameOf), ...checkUrl(url, settings, nameOf)];
  }
  const surplus = (['bundleCaFile', 'bundleTokenFile'] as const).filter((key) => settings[key] !== '');
  return [
    ...checkKeys(settings, nameOf),
    ...surplus.map((key) =>
      invalidSetting([key, 'bundle'], `${nameOf(key)} is given, but ${nameOf('bundle')} is no address`),
    ),
  ];
};

const checkKeys = (settings: BundleSettings, nameOf: NameOf): readonly SettingProblem[] => {
  const { bundle, bundleKeys, bundleSignature, bundleScope } = settings;
  const broken = bundleKeys.find((key) => parseKeyFile(key).file === '');
  if (broken !== undefined) {
    const message = `${nameOf('bundleKeys')} has ${JSON.stringify(broken)}, which is neither FILE nor ID=FILE`;
    return [invalidSetting(['bundleKeys'], message)];
  }
  if (bundleKeys.length === 0 && (bundleSignature !== 'auto' || bundleScope !== '')) {
    const asks = bundleSignature === 'auto' ? 'bundleScope' : 'bundleSignature';
    const message = `${nameOf(asks)} asks for a signature, but there is no key to verify it with: set ${nameOf('bundleKeys', asks)}`;
    return [invalidSetting([asks, 'bundleKeys'], message)];
  }
  if (bundleKeys.length > 0 && bundle === '') {
    const message = `${nameOf('bundleKeys')} is given without ${nameOf('bundle', 'bundleKeys')}: the bundle that comes with podgraft is not signed`;
    return [invalidSetting(['bundleKeys', 'bundle'], message)];
  }
  return [];
};

/** The address itself is not repeated: what is wrong with it may be a password. */
const checkUrl = (url: URL | undefined, settings: BundleSettings, nameOf: NameOf): readonly SettingProblem[] => {
  const name = nameOf('bundle');
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return [invalidSetting(['bundle'], `${name} is no http or https address`)];
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    const message = `the address in ${name} has a user, a password or a fragment; give a token by ${nameOf('bundleTokenFile', 'bundle')}`;
    return [invalidSetting(['bundle'], message)];
  }
  if (url.protocol === 'https:' || LOOPBACK.includes(url.hostname)) {
    return [];
  }
  return isSignatureRequired(settings) && settings.bundleTokenFile === ''
    ? []
    : [
        invalidSetting(
          ['bundle', 'bundleKeys', 'bundleSignature'],
          `${name}: by plain http a bundle must be signed, and no token is sent: use https, or set ${nameOf('bundleKeys', 'bundle')}`,
        ),
      ];
};
