// Files of secrets: what is read, what is refused, and that no secret is ever repeated.
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CredentialKind, parseCredentials } from '../../../core/authentication/credentials.ts';
import { Fault } from '../../../core/errors.ts';

const secret = (): string => randomBytes(32).toString('hex');

const refusalOf = (kind: CredentialKind, text: string): Fault => {
  try {
    parseCredentials(kind, text, 'secrets.txt');
  } catch (thrown) {
    if (thrown instanceof Fault) {
      return thrown;
    }
    throw thrown;
  }
  throw new Error('nothing was refused');
};

describe('a file of secrets', () => {
  it('holds one a line; empty lines and comments are passed over, and any line ending will do', () => {
    const [one, two] = [secret(), secret()];
    expect(parseCredentials('token', `# old\r\n${one}\r\n\r\n# new\n  ${two}  `, 'f')).toEqual([one, two]);
  });

  it('takes what a generator of random bytes makes', () => {
    for (let count = 0; count < 200; count += 1) {
      for (const text of [randomBytes(16).toString('hex'), secret(), randomBytes(32).toString('base64url')]) {
        expect(parseCredentials('path', text, 'f')).toEqual([text]);
        expect(parseCredentials('token', text, 'f')).toEqual([text]);
        expect(parseCredentials('password', `api-server:${text}`, 'f')).toEqual([`api-server:${text}`]);
      }
      const base64 = randomBytes(32).toString('base64');
      expect(parseCredentials('token', base64, 'f')).toEqual([base64]);
    }
  });

  it('may hold a colon in a password', () => {
    expect(parseCredentials('password', `a:b:${secret()}`, 'f')).toHaveLength(1);
  });

  it.each<[string, CredentialKind, string, string]>([
    ['a token that is short', 'token', 'sw0rdfish', 'can be guessed'],
    ['a token of 31 characters', 'token', secret().slice(0, 31), 'can be guessed'],
    ['a token of few different characters', 'token', 'sw0sw0'.repeat(10), 'can be guessed'],
    ['a token with a space', 'token', `${secret()} ${secret()}`, 'not a bearer token'],
    ['a token beyond ASCII', 'token', `${secret()}é`, 'not a bearer token'],
    ['a token that is endless', 'token', secret().repeat(20), 'longer than 1024'],
    ['a password without a name', 'password', `:${secret()}`, 'not NAME:PASSWORD'],
    ['a name without a password', 'password', secret(), 'not NAME:PASSWORD'],
    ['a password that is short', 'password', `${secret()}:short`, 'can be guessed'],
    ['a password with a control character', 'password', `a:${secret()}\u0007`, 'not NAME:PASSWORD'],
    ['a path with a slash', 'path', `${secret()}/x`, 'not a path segment'],
    ['a path with an escape', 'path', `${secret()}%41`, 'not a path segment'],
    ['a path that is ..', 'path', '..', 'not a path segment'],
    ['a path that is short', 'path', 'mutate', 'can be guessed'],
  ])('is refused for %s, with the line and without the secret', (_, kind, text, message) => {
    const fault = refusalOf(kind, `# first\n${text}`);
    expect(fault).toMatchObject({ code: 'authentication.secret', at: { file: 'secrets.txt', line: 2 } });
    expect(fault.message).toContain(message);
    expect(fault.message).not.toContain(text.slice(0, 20));
  });

  it.each([
    ['nothing', ''],
    ['comments alone', '# a\n#b\n'],
  ])('is refused for %s', (_, text) => {
    expect(refusalOf('token', text).message).toBe('the file holds no secret');
  });

  it('is refused for more secrets than anybody rotates', () => {
    expect(refusalOf('token', Array.from({ length: 65 }, secret).join('\n')).message).toContain('more than 64');
  });
});
