// Gets a token for reading a repository from the server that the registry names.
import { isObject, type JsonValue, own } from '../../../core/json.ts';
import type { Challenge } from './challenge.ts';
import type { Credential } from './docker-config.ts';
import { type Incoming, isSafeStep, sendRequest, type Transport } from './http-request.ts';
import type { ImageReference } from './image-reference.ts';
import { noFact } from './no-fact.ts';
import type { RegistryRule } from './registry-rule.ts';

/** Which repository of which registry, and how it may be asked. */
export interface RegistryAccess {
  readonly reference: ImageReference;
  readonly rule: RegistryRule;
  readonly tls: Transport;
  readonly signal: AbortSignal;
}

/** A token is some kilobytes at most. */
const LIMIT = 256 * 1024;

/**
 * Asks for a token ([protocol](https://distribution.github.io/distribution/spec/auth/token/)).
 *
 * @param credential absent: for nobody in particular, which is how public images are read
 * @returns `undefined` where the server does not take the credential
 * @throws {Fault} `fact.*`
 */
export const requestToken = async (
  options: RegistryAccess,
  challenge: Challenge,
  credential: Credential | undefined,
): Promise<string | undefined> => {
  const { reference, rule, signal, tls } = options;
  const realm = challenge.parameters.get('realm') ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !isSafeStep(new URL(`${rule.protocol}//${rule.host}`), url)) {
    throw noFact('invalid', `${reference.registry} sends logins to what is no safe address`);
  }
  const parameters = {
    service: challenge.parameters.get('service') ?? '',
    scope: `repository:${rule.repository}:pull`,
  };
  const { address, headers, body } = compose(url, parameters, credential);
  const answer = await sendRequest({
    url: address,
    headers,
    ...(body === undefined ? {} : { body }),
    limit: LIMIT,
    signal,
    anyAddress: rule.mayHaveAnyAddress(url.host === rule.host ? rule.registry : url.host),
    options: tls,
  });
  return readToken(answer, url.host);
};

interface Composed {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const compose = (
  realm: URL,
  { service, scope }: { readonly service: string; readonly scope: string },
  credential: Credential | undefined,
): Composed => {
  const { username, password, identityToken } = credential ?? { username: '', password: '', identityToken: '' };
  if (identityToken !== '') {
    const form = { grant_type: 'refresh_token', service, scope, client_id: 'podgraft', refresh_token: identityToken };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { address: realm, headers, body: new URLSearchParams(form).toString() };
  }
  const address = new URL(realm);
  address.searchParams.set('scope', scope);
  if (service !== '') {
    address.searchParams.set('service', service);
  }
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  return { address, headers: password === '' ? {} : { authorization: `Basic ${login}` } };
};

const readToken = ({ status, body }: Incoming, host: string): string | undefined => {
  if (status === 429 || status >= 500) {
    throw noFact('unavailable', `${host} answers with status ${status}`);
  }
  const value = status === 200 ? parse(body) : undefined;
  const token = isObject(value) ? (own(value, 'token') ?? own(value, 'access_token')) : undefined;
  return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
};

const parse = (body: Buffer): JsonValue | undefined => {
  try {
    return JSON.parse(body.toString()) as JsonValue;
  } catch {
    return undefined;
  }
};
