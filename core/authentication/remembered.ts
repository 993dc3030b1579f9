// Remembers which tokens were found good, so that the same token is not verified for every review.

/** What is remembered of a token. It holds for the keys that verified it, and for no others. */
export interface Remembered {
  readonly subject: string;
  /** The end of the token's own life, in milliseconds since the epoch. */
  readonly expires: number;
  readonly keys: object;
}

/** A bounded memory; its keys are digests. */
export interface Memory {
  readonly find: (digest: Uint8Array, keys: object, now: number) => Remembered | undefined;
  readonly add: (digest: Uint8Array, remembered: Remembered, now: number) => void;
}

/** Good tokens only come from the issuer, and a webhook has few callers. */
const MOST = 64;
/** How long a verdict holds at most, in milliseconds: a token is checked anew now and then. */
const LONGEST = 5 * 60_000;

/** Creates an empty memory. When it is full, what came first goes first. */
export const createMemory = (): Memory => {
  const entries = new Map<string, Remembered & { readonly until: number }>();
  return {
    find: (digest, keys, now) => {
      const name = nameOf(digest);
      const entry = entries.get(name);
      if (entry === undefined || (entry.keys === keys && now < entry.until)) {
        return entry;
      }
      entries.delete(name);
      return undefined;
    },
    add: (digest, remembered, now) => {
      for (const name of entries.keys()) {
        if (entries.size < MOST) {
          break;
        }
        entries.delete(name);
      }
      entries.set(nameOf(digest), { ...remembered, until: Math.min(remembered.expires, now + LONGEST) });
    },
  };
};

const nameOf = (digest: Uint8Array): string => String.fromCharCode(...digest);
