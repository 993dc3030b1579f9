// The rows of the table of settings that say where the bundle comes from, and who must have signed it.

import { choice, duration, listOrNone, orOff, size, text } from '../setting-kind.ts';
import { setting } from './setting.ts';

/** Settings of the bundle. */
export const bundleSettings = {
  bundle: setting(text, {
    fallback: '',
    placeholder: 'FOLDER|FILE|URL',
    help: 'The policy bundle: a folder, an archive (.tar.gz), or its http or https address. Without it, the bundle that comes with podgraft.',
  }),
  bundleKeys: setting(listOrNone, {
    fallback: '',
    placeholder: 'LIST',
    help: 'Files with public keys, PEM or JWK, one of which must have signed the bundle; with ID=FILE only where the signature names that id. Re-read when they change.',
  }),
  bundleSignature: setting(choice('auto', 'required', 'optional'), {
    fallback: 'auto',
    placeholder: 'auto|required|optional',
    help: 'Whether the bundle must be signed. auto: where there are keys. optional: an unsigned one is taken, a wrongly signed one is not.',
  }),
  bundleScope: setting(text, {
    fallback: '',
    placeholder: 'TEXT',
    help: 'What the scope of the signature must be. Without it, the signature must have none.',
  }),
  bundleLimit: setting(size({ least: '64KiB', most: '1GiB' }), {
    fallback: '32MiB',
    placeholder: 'SIZE',
    help: 'The most that an archive may hold, packed or unpacked.',
  }),
  bundleInterval: setting(orOff(duration({ least: '100ms', most: '24h' })), {
    fallback: '60s',
    placeholder: 'TIME|off',
    help: 'How often an address is asked for a newer bundle, give or take a tenth. off: only at the start.',
  }),
  bundleTimeout: setting(duration({ least: '100ms', most: '10m' }), {
    fallback: '30s',
    placeholder: 'TIME',
    help: 'How long a download may take.',
  }),
  bundleCaFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'The authorities, PEM, that the server of the bundle may have its certificate from. Without it, those of Node. Re-read for each download.',
  }),
  bundleTokenFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'A token that is sent to the server of the bundle as Authorization: Bearer. Re-read for each download.',
  }),
} as const;
