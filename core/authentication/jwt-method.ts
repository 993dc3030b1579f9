// Authenticates by a JSON Web Token, and remembers the good ones.

import { Fault } from '../errors.ts';
import { createJwtKeys, createJwtVerifier, type JwtKeys, type JwtSettings, verifyWith } from './jwt.ts';
import { isHttps } from './key-document.ts';
import { discoveredKeys, type KeySource, pinnedKeys } from './key-source.ts';
import type { SchemeMethod, Verdict } from './method.ts';
import { createMemory } from './remembered.ts';
import type { Digest } from './secret-set.ts';

/** Which tokens are accepted, and whose keys verify them. */
export interface JwtMethodSettings extends JwtSettings {
  /** A JSON Web Key Set and where it comes from; without it, the issuer's keys are discovered. */
  readonly keySet?: { readonly text: string; readonly file: string } | undefined;
}

/** What the outside gives. */
export interface JwtSurroundings {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly digest: Digest;
  readonly fetchKeys: (url: string) => Promise<string>;
  readonly report?: ((fault: Fault) => void) | undefined;
}

/** A method, and its keys. */
export interface JwtMethod {
  readonly authenticate: SchemeMethod;
  readonly keys: KeySource<JwtKeys>;
}

/**
 * Creates the method.
 *
 * @throws {Fault} `authentication.keys` for a bad key set, `authentication.issuer` for an issuer that can't be asked
 */
export const createJwtMethod = (settings: JwtMethodSettings, surroundings: JwtSurroundings): JwtMethod => {
  const keys = keysOf(settings, surroundings);
  const verify = createJwtVerifier(settings);
  const memory = createMemory();
  const { clock, digest } = surroundings;
  return {
    keys,
    authenticate: async (token, background): Promise<Verdict> => {
      const name = await digest(token);
      try {
        const current = await keys.current(background);
        const known = memory.find(name, current, clock());
        if (known !== undefined) {
          return { caller: { method: 'jwt', name: known.subject } };
        }
        const verdict = await verifyWith(
          async (set) => {
            const found = await verify(token, set, clock());
            if (!('refused' in found)) {
              memory.add(name, { ...found, keys: set }, clock());
            }
            return found;
          },
          keys,
          background,
        );
        return 'refused' in verdict ? verdict : { caller: { method: 'jwt', name: verdict.subject } };
      } catch (thrown) {
        if (thrown instanceof Fault && thrown.code === 'authentication.keys') {
          return { refused: 'auth.keys' };
        }
        throw thrown;
      }
    },
  };
};

const keysOf = (settings: JwtMethodSettings, { fetchKeys, clock, report }: JwtSurroundings): KeySource<JwtKeys> => {
  const { keySet, issuer } = settings;
  if (keySet !== undefined) {
    return pinnedKeys(createJwtKeys(keySet.text, { file: keySet.file }));
  }
  if (!isHttps(issuer)) {
    const message = 'the keys of an issuer that is no https address cannot be discovered: pin its key set';
    throw new Fault('authentication.issuer', message);
  }
  const parse = (text: string, url: string): JwtKeys => createJwtKeys(text, { file: url });
  return discoveredKeys({ issuer, fetchKeys, clock, parse, ...(report === undefined ? {} : { report }) });
};
