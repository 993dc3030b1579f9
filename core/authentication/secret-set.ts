// Compares secrets without telling by the time it takes how much of one was right.

/** SHA-256. A runtime gives its own: synchronous where it has one. */
export type Digest = (text: string) => Uint8Array | Promise<Uint8Array>;

/** A few secrets, of which only the digests are kept. */
export interface SecretSet {
  /** Which secret has this digest: its place in the list, or -1. */
  readonly indexOf: (digest: Uint8Array) => number;
}

const DIGEST_BYTES = 32;

/** Digests the secrets. */
export const createSecretSet = async (secrets: readonly string[], digest: Digest): Promise<SecretSet> => {
  const known = await Promise.all(secrets.map(async (secret) => digest(secret)));
  return {
    indexOf: (candidate) => {
      let found = -1;
      // No early end: the time depends on the number of secrets alone.
      for (const [index, one] of known.entries()) {
        found = isSame(one, candidate) ? index : found;
      }
      return found;
    },
  };
};

/** Compares two digests, always to the end. That they are digests keeps a caller from choosing how far they agree. */
const isSame = (one: Uint8Array, other: Uint8Array): boolean => {
  let difference = one.byteLength ^ other.byteLength;
  for (let index = 0; index < DIGEST_BYTES; index += 1) {
    difference |= (one[index] ?? 0) ^ (other[index] ?? 0);
  }
  return difference === 0;
};
