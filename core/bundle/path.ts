// The paths that a file may have in an archive.

/** Longer than any path that a bundle needs. */
const LONGEST = 255;

/**
 * Reads the path of an entry: `data.json`, as OPA writes it `/data.json`, and as tar does `./data.json`.
 *
 * @returns the path with `/` between folders and none in front; `undefined` where it could lead out of a folder, or
 *   where two systems could read it differently
 */
export const readPath = (raw: string): string | undefined => {
  const path = raw.replace(/^(?:\.\/|\/)/, '');
  if (path === '' || path.length > LONGEST || /[\p{Cc}\\:]/u.test(path) || !path.isWellFormed()) {
    return undefined;
  }
  return path.split('/').some((part) => part === '' || part === '.' || part === '..') ? undefined : path;
};
