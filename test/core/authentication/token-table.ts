// The table of tokens: each with what becomes of it. It holds on every runtime.
import { randomBytes } from 'node:crypto';
import type { RefusalCode } from '../../../core/authentication/refusal.ts';
import { createSigningKey, hmacWith, type Issuer, publicJwk, signatureOf, signToken } from './issuer.ts';

/** One row. */
export interface TokenCase {
  readonly name: string;
  readonly token: string;
  /** Why it is refused; `undefined` where it is good. */
  readonly refused: RefusalCode | undefined;
}

/** The clocks may differ by this much, in milliseconds. */
export const CLOCK_SKEW = 30_000;
/** No Authorization header is longer than this, in characters. */
export const CREDENTIAL_LIMIT = 4096;

/** The rows for an issuer's keys, as of `now` in milliseconds. */
export const tokenTable = (issuer: Issuer, now: number): readonly TokenCase[] => {
  const seconds = Math.floor(now / 1000);
  const row = (name: string, refused: RefusalCode | undefined, token: string): TokenCase => ({ name, token, refused });
  return [
    row('signed by ECDSA', undefined, issuer.mint(now)),
    row('signed by RSA', undefined, issuer.mint(now, { key: issuer.rsa })),
    row('for several audiences', undefined, issuer.mint(now, { claims: { aud: ['other', issuer.audience] } })),
    row('with its audience as a text', undefined, issuer.mint(now, { claims: { aud: issuer.audience } })),
    row('expired within the skew', undefined, issuer.mint(now, { claims: { exp: seconds - 20 } })),
    row('early within the skew', undefined, issuer.mint(now, { claims: { nbf: seconds + 20 } })),
    ...timeRows(issuer, now, row),
    ...claimRows(issuer, now, row),
    ...signatureRows(issuer, now, row),
    ...shapeRows(issuer, now, row),
  ];
};

type Row = (name: string, refused: RefusalCode | undefined, token: string) => TokenCase;

const timeRows = ({ mint }: Issuer, now: number, row: Row): readonly TokenCase[] => {
  const seconds = Math.floor(now / 1000);
  return [
    row('expired', 'auth.jwt-expired', mint(now, { claims: { exp: seconds - 31 } })),
    row('expired long ago', 'auth.jwt-expired', mint(now, { claims: { exp: 1 } })),
    row('without an end', 'auth.jwt-claims', mint(now, { claims: { exp: undefined } })),
    row('with an end that is no number', 'auth.jwt-claims', mint(now, { claims: { exp: '9999999999' } })),
    row('with an end of null', 'auth.jwt-claims', mint(now, { claims: { exp: null } })),
    row('not valid yet', 'auth.jwt-early', mint(now, { claims: { nbf: seconds + 60 } })),
    row('with a begin that is no number', 'auth.jwt-claims', mint(now, { claims: { nbf: '1' } })),
  ];
};

const claimRows = ({ mint, url, audience, subject }: Issuer, now: number, row: Row): readonly TokenCase[] => [
  row('for another audience', 'auth.jwt-audience', mint(now, { claims: { aud: ['https://kubernetes.default.svc'] } })),
  row('for an audience that begins alike', 'auth.jwt-audience', mint(now, { claims: { aud: `${audience}-2` } })),
  row('for nobody', 'auth.jwt-audience', mint(now, { claims: { aud: [] } })),
  row('without an audience', 'auth.jwt-claims', mint(now, { claims: { aud: undefined } })),
  row('for an audience that is an object', 'auth.jwt-audience', mint(now, { claims: { aud: { [audience]: true } } })),
  row('of another issuer', 'auth.jwt-issuer', mint(now, { claims: { iss: 'https://elsewhere.test' } })),
  row('of an issuer with a slash more', 'auth.jwt-issuer', mint(now, { claims: { iss: `${url}/` } })),
  row('without an issuer', 'auth.jwt-claims', mint(now, { claims: { iss: undefined } })),
  row('of a list of issuers', 'auth.jwt-issuer', mint(now, { claims: { iss: [url] } })),
  row('of another subject', 'auth.jwt-subject', mint(now, { claims: { sub: 'system:serviceaccount:shop:web' } })),
  row('of a subject that begins alike', 'auth.jwt-subject', mint(now, { claims: { sub: `${subject}-2` } })),
  row('without a subject', 'auth.jwt-claims', mint(now, { claims: { sub: undefined } })),
  row('of a list of subjects', 'auth.jwt-claims', mint(now, { claims: { sub: [subject] } })),
];

const signatureRows = (issuer: Issuer, now: number, row: Row): readonly TokenCase[] => {
  const { mint, rsa, ec } = issuer;
  const stranger = createSigningKey(ec.kid, 'ES256');
  const pem = rsa.public.export({ type: 'spki', format: 'pem' });
  const claims = JSON.parse(Buffer.from(mint(now).split('.')[1] ?? '', 'base64url').toString());
  const hmac = (secret: string | Buffer, kid: string): string =>
    signToken({ alg: 'HS256', kid }, claims, hmacWith(secret));
  const [header = '', payload = '', signature = ''] = mint(now).split('.');
  const otherPayload = Buffer.from(JSON.stringify({ ...claims, jti: 'x' })).toString('base64url');
  return [
    row(
      'unsigned, alg none',
      'auth.jwt-algorithm',
      signToken({ alg: 'none' }, claims, () => Buffer.alloc(0)),
    ),
    row(
      'unsigned, alg nOnE',
      'auth.jwt-algorithm',
      signToken({ alg: 'nOnE' }, claims, () => Buffer.alloc(0)),
    ),
    row('alg none with a signature', 'auth.jwt-algorithm', mint(now, { header: { alg: 'none' } })),
    row('HS256 by the PEM of the RSA key', 'auth.jwt-algorithm', hmac(pem, rsa.kid)),
    row('HS256 by the DER of the RSA key', 'auth.jwt-algorithm', hmac(derOf(rsa.public), rsa.kid)),
    row('HS256 by the JWK of the RSA key', 'auth.jwt-algorithm', hmac(JSON.stringify(publicJwk(rsa)), rsa.kid)),
    row(
      'of an algorithm that is not accepted',
      'auth.jwt-algorithm',
      mint(now, { header: { alg: 'RS512' }, key: rsa }),
    ),
    row('ES256 by the id of the RSA key', 'auth.jwt-key', mint(now, { header: { kid: rsa.kid } })),
    row('by a key that is not known', 'auth.jwt-key', mint(now, { header: { kid: 'unknown' } })),
    row('by a key id that is no text', 'auth.jwt-key', mint(now, { header: { kid: 1 } })),
    row('by a stranger under a known key id', 'auth.jwt-signature', mint(now, { key: stranger })),
    row(
      'by a stranger who brings his key along',
      'auth.jwt-signature',
      mint(now, { key: stranger, header: { jwk: publicJwk(stranger), jku: 'https://stranger.test/keys' } }),
    ),
    row('with another payload', 'auth.jwt-signature', `${header}.${otherPayload}.${signature}`),
    row(
      'with the signature of another token',
      'auth.jwt-signature',
      `${header}.${payload}.${mint(now).split('.')[2]}A`,
    ),
    row('without its signature', 'auth.jwt-signature', `${header}.${payload}.`),
    row('with a critical header that nobody knows', 'auth.jwt', mint(now, { header: { crit: ['x'], x: 1 } })),
    row('with an unencoded payload', 'auth.jwt-claims', mint(now, { header: { crit: ['b64'], b64: false } })),
    row(
      'whose payload is no JSON',
      'auth.jwt-claims',
      signToken({ alg: ec.alg, kid: ec.kid }, 'podgraft', signatureOf(ec)),
    ),
    row('whose payload is a list', 'auth.jwt-claims', signToken({ alg: ec.alg, kid: ec.kid }, '[]', signatureOf(ec))),
  ];
};

const derOf = (key: Issuer['rsa']['public']): Buffer => key.export({ type: 'spki', format: 'der' });

const shapeRows = ({ mint, ec }: Issuer, now: number, row: Row): readonly TokenCase[] => {
  const token = mint(now);
  const [header = '', payload = '', signature = ''] = token.split('.');
  return [
    row('cut off within the signature', 'auth.jwt-signature', token.slice(0, -20)),
    row('cut off before the signature', 'auth.jwt', `${header}.${payload}`),
    row('cut off within the header', 'auth.jwt', header.slice(0, 10)),
    row('of five parts', 'auth.jwt', `${token}.a.b`),
    row('of empty parts', 'auth.jwt', '..'),
    row('with a header that is no base64', 'auth.jwt', `!${header}.${payload}.${signature}`),
    row('with a header that is no object', 'auth.jwt', signToken([] as never, '{}', signatureOf(ec))),
    row('without an algorithm', 'auth.jwt', signToken({ kid: ec.kid }, '{}', signatureOf(ec))),
    row('with __proto__ in its header', 'auth.jwt-algorithm', withPrototype(ec.kid)),
    row('that is longer than allowed', 'auth.size', mint(now, { claims: { x: randomBytes(4096).toString('hex') } })),
  ];
};

const withPrototype = (kid: string): string => {
  const header = Buffer.from(`{"__proto__":{"alg":"ES256"},"alg":"none","kid":"${kid}"}`).toString('base64url');
  return `${header}.e30.AA`;
};
