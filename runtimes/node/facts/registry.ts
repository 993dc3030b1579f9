// Speaks with one registry about one repository: logs in when asked to, follows redirects, and bounds all of it.
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credential } from './docker-config.ts';
import { type Incoming, isSafeStep, sendRequest } from './http-request.ts';
import type { ImageReference } from './image-reference.ts';
import { noFact } from './no-fact.ts';
import type { Credentials } from './pull-secrets.ts';
import { type RegistryAccess, requestToken } from './registry-token.ts';

/** What a conversation needs. */
export interface RegistryOptions extends RegistryAccess {
  /** Asked only when the registry wants a login. */
  readonly credentials: () => Promise<Credentials>;
}

/** What to fetch of the repository: `manifests/latest`, `blobs/sha256:…`. */
export interface Wanted {
  readonly path: string;
  /** Whether the headers will do. */
  readonly method?: 'HEAD';
  readonly accept: string;
  /** The most bytes. */
  readonly limit: number;
}

/**
 * Fetches a part of the repository.
 *
 * @throws {Fault} `fact.*`
 */
export type FetchPart = (wanted: Wanted) => Promise<Incoming>;

const MAX_REDIRECTS = 5;

/** Opens a conversation. Nothing is sent yet. */
export const openRegistry = (options: RegistryOptions): FetchPart => {
  const { reference, rule } = options;
  const base = `${rule.protocol}//${rule.host}/v2/${rule.repository}/`;
  let authorization: string | undefined;
  return async (wanted) => {
    const fetch = (header: string | undefined) =>
      follow(options, { ...wanted, url: new URL(base + wanted.path + rule.query) }, header);
    let answer = await fetch(authorization);
    let unread: readonly string[] = [];
    if (answer.status === 401 && authorization === undefined) {
      const credentials = await options.credentials();
      unread = credentials.unread;
      for await (const header of logins(options, answer, credentials.list)) {
        authorization = header;
        answer = telling(answer, await fetch(header));
        if (answer.status === 200) {
          break;
        }
      }
    }
    if (answer.status !== 200) {
      throw refusal(reference, answer.status, unread);
    }
    return answer;
  };
};

/** What the registry says to a login that it knows is not taken back by what it says to the next one. */
const telling = (before: Incoming, after: Incoming): Incoming =>
  after.status === 200 || before.status === 401 ? after : before;

/** The headers to try: one for each credential that the registry takes, then one for nobody in particular. */
async function* logins(
  options: RegistryOptions,
  refused: Incoming,
  credentials: readonly Credential[],
): AsyncGenerator<string> {
  const challenges = parseChallenges(refused.headers['www-authenticate'] ?? '');
  const challenge = challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges[0];
  if (challenge?.scheme === 'basic') {
    yield* credentials.filter(({ password }) => password !== '').map(basicHeader);
  }
  if (challenge?.scheme === 'bearer') {
    yield* tokens(options, challenge, [...credentials, undefined]);
  }
}

async function* tokens(
  options: RegistryOptions,
  challenge: Challenge,
  credentials: readonly (Credential | undefined)[],
): AsyncGenerator<string> {
  for (const credential of credentials) {
    const token = await requestToken(options, challenge, credential);
    if (token !== undefined) {
      yield `Bearer ${token}`;
    }
  }
}

const basicHeader = ({ username, password }: Credential): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** A registry may hand out parts from elsewhere; a login stays with the registry. */
const follow = async (
  { reference, rule, tls, signal }: RegistryOptions,
  { url, method, accept, limit }: Wanted & { readonly url: URL },
  authorization: string | undefined,
): Promise<Incoming> => {
  const { origin } = url;
  let target = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const isHome = target.origin === origin;
    const answer = await sendRequest({
      url: target,
      method,
      headers: { accept, ...(authorization !== undefined && isHome ? { authorization } : {}) },
      limit,
      signal,
      anyAddress: rule.mayHaveAnyAddress(isHome ? rule.registry : target.host),
      options: tls,
    });
    const { location } = answer.headers;
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) {
      return answer;
    }
    target = redirected(location, target, reference);
  }
  throw noFact('invalid', `${reference.registry} redirects too often`);
};

const redirected = (location: string, from: URL, { registry }: ImageReference): URL => {
  const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
  if (to === undefined || !isSafeStep(from, to)) {
    throw noFact('invalid', `${registry} redirects to what is no safe address`);
  }
  return to;
};

const refusal = ({ registry, repository }: ImageReference, status: number, unread: readonly string[]): Error => {
  const hint = unread.length === 0 ? '' : `; podgraft may not read ${unread.join(', ')}`;
  switch (status) {
    case 401:
      return noFact('unauthorized', `${registry} wants a login for ${repository}, and no pull secret holds one${hint}`);
    case 403:
      return noFact('forbidden', `${registry} does not give out ${repository} with the pull secrets there are${hint}`);
    case 404:
      return noFact('not_found', `${registry} has no such image of ${repository}${hint}`);
    default:
      return status === 429 || status >= 500
        ? noFact('unavailable', `${registry} answers with status ${status}`)
        : noFact('invalid', `${registry} answers with status ${status}`);
  }
};
