// Writes a file whole or not at all.
import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

/**
 * Writes a file whole or not at all: beside its place first, then into it. A link stays one, and its target is written.
 * What is no file, such as a device or a pipe, is written into as it is.
 *
 * @throws whatever the file system says; nothing is left behind then
 */
export const writeWhole = async (file: string, content: Uint8Array | string): Promise<void> => {
  const target = await realpath(file).catch(() => file);
  const old = await stat(target).catch(() => undefined);
  if (old !== undefined && !old.isFile() && !old.isDirectory()) {
    await writeFile(target, content);
    return;
  }
  const fresh = `${target}.${randomUUID()}`;
  try {
    await writeFile(fresh, content, old === undefined ? {} : { mode: old.mode });
    await rename(fresh, target);
  } catch (thrown) {
    await rm(fresh, { force: true }).catch(() => {});
    throw thrown;
  }
};
