// Says in words why a file cannot be read.
import { toError } from '../../core/errors.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file: a part of its path is no folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'its permissions forbid it'],
  ['EPERM', 'its permissions forbid it'],
  ['ERR_ENCODING_INVALID_ENCODED_DATA', 'it is not UTF-8'],
]);

/** Why, for a sentence in parentheses: in words where they are known, or else as the system's code. */
export const whyUnreadable = (thrown: unknown): string => {
  const { code, message } = toError(thrown) as NodeJS.ErrnoException;
  return REASONS.get(code ?? '') ?? code ?? message;
};
