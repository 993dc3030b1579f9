// The rows of the table of settings that say who may ask the webhook.
import { jwtAlgorithms } from '../../core/authentication/jwt.ts';
import { choice, choices, duration, listOrNone, size, text } from '../setting-kind.ts';
import { setting } from './setting.ts';

/** Settings of authentication. Any one of the ways suffices. */
export const authenticationSettings = {
  authentication: setting(choice('required', 'off'), {
    fallback: 'required',
    placeholder: 'required|off',
    help: 'Whether a caller must say who he is, in one of the ways below. off: whoever reaches the webhook may ask it.',
  }),
  jwtIssuer: setting(text, {
    fallback: '',
    placeholder: 'URL',
    help: 'Accept service account tokens of this issuer.',
  }),
  jwtAudiences: setting(listOrNone, {
    fallback: '',
    placeholder: 'LIST',
    help: 'A token is for one of these audiences.',
  }),
  jwtSubjects: setting(listOrNone, {
    fallback: '',
    placeholder: 'LIST',
    help: 'A token belongs to one of these: system:serviceaccount:NAMESPACE:NAME.',
  }),
  jwtKeysFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'The keys of the issuer, a JSON Web Key Set. Re-read when it changes. Without it, they are discovered at the issuer.',
  }),
  jwtAlgorithms: setting(choices(...jwtAlgorithms), {
    fallback: 'RS256,ES256',
    placeholder: 'LIST',
    help: 'The algorithms by which a token may be signed.',
  }),
  jwtClockSkew: setting(duration({ least: '0s', most: '5m' }), {
    fallback: '30s',
    placeholder: 'TIME',
    help: 'How far the clocks of issuer and podgraft may differ.',
  }),
  tokensFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Accept these bearer tokens, one a line. Re-read when it changes.',
  }),
  passwordsFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Accept these NAME:PASSWORD, one a line. Re-read when it changes.',
  }),
  clientAuthorityFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Accept client certificates of these authorities, PEM. Re-read when it changes.',
  }),
  clientNames: setting(listOrNone, {
    fallback: '',
    placeholder: 'LIST',
    help: 'A client certificate has one of these names, written CN:…, DNS:…, URI:…, IP:… or EMAIL:….',
  }),
  pathSecretsFile: setting(text, {
    fallback: '',
    placeholder: 'FILE',
    help: 'Accept requests to /mutate/SEGMENT with these segments, one a line. Re-read when it changes.',
  }),
  credentialLimit: setting(size({ least: '1KiB', most: '64KiB' }), {
    fallback: '8KiB',
    placeholder: 'SIZE',
    help: 'The longest Authorization header that is looked at.',
  }),
} as const;
