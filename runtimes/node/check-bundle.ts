// Checks the settings of the bundle together.
import { Fault } from '../../core/errors.ts';
import { parseKeyFile } from './bundle-keys.ts';
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

/** @throws {Fault} `setting.invalid` */
export const checkBundle = (settings: BundleSettings): void => {
  checkKeys(settings);
  const url = bundleUrl(settings);
  if (url !== undefined || SCHEME.test(settings.bundle)) {
    checkUrl(url, settings);
    return;
  }
  for (const key of ['bundleCaFile', 'bundleTokenFile'] as const) {
    if (settings[key] !== '') {
      throw invalid(`${key} is given, but bundle is no address`);
    }
  }
};

const checkKeys = ({ bundle, bundleKeys, bundleSignature, bundleScope }: BundleSettings): void => {
  const broken = bundleKeys.find((key) => parseKeyFile(key).file === '');
  if (broken !== undefined) {
    throw invalid(`bundleKeys has ${JSON.stringify(broken)}, which is neither FILE nor ID=FILE`);
  }
  if (bundleKeys.length === 0 && (bundleSignature !== 'auto' || bundleScope !== '')) {
    throw invalid('a signature is asked for, but there is no key to verify it with: set bundleKeys');
  }
  if (bundleKeys.length > 0 && bundle === '') {
    throw invalid('bundleKeys is given without bundle: the bundle that comes with podgraft is not signed');
  }
};

/** The address itself is not repeated: what is wrong with it may be a password. */
const checkUrl = (url: URL | undefined, settings: BundleSettings): void => {
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid('bundle is no http or https address');
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw invalid('the address of the bundle has a user, a password or a fragment; give a token by bundleTokenFile');
  }
  if (url.protocol === 'https:' || LOOPBACK.includes(url.hostname)) {
    return;
  }
  if (!isSignatureRequired(settings) || settings.bundleTokenFile !== '') {
    throw invalid('by plain http a bundle must be signed, and no token is sent: use https, or set bundleKeys');
  }
};

const invalid = (message: string): Fault => new Fault('setting.invalid', message);
