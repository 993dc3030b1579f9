// Gets the documents that name an issuer's keys, on every runtime that has `fetch`.
import { LONGEST_DOCUMENT } from '../core/authentication/key-document.ts';
import { Fault, toError } from '../core/errors.ts';

/** An API server answers 406 to who does not name the type of its key set. */
const ACCEPT = 'application/json, application/jwk-set+json';

/** How long one document may take, in milliseconds. */
const TIMEOUT = 3000;

/**
 * Gets a document: bounded in time and size, never redirected, and UTF-8.
 *
 * @throws {Fault} `authentication.keys`
 */
export const fetchKeys = async (url: string): Promise<string> => {
  try {
    const response = await fetch(url, {
      headers: { accept: ACCEPT },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new Error(`the answer is ${response.status}`);
    }
    return await readText(response);
  } catch (thrown) {
    throw new Fault('authentication.keys', reasonOf(thrown), { at: { file: url }, cause: thrown });
  }
};

const readText = async ({ body }: Response): Promise<string> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = body?.getReader();
  let text = '';
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.length > LONGEST_DOCUMENT) {
      await reader?.cancel();
      throw new Error(`the document is longer than ${LONGEST_DOCUMENT} characters`);
    }
  }
  return text + decoder.decode();
};

/** Node says "fetch failed" and keeps the reason in the cause. */
const reasonOf = (thrown: unknown): string => {
  const error = toError(thrown);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};
