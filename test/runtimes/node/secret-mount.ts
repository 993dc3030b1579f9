// A folder that changes as a Secret or ConfigMap mount does: by one swap of a symlink.
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A mount. */
export interface SecretMount {
  readonly pathOf: (name: string) => string;
  /** Puts new content in place of the old, all files at once, as kubelet's atomic writer does. */
  readonly swap: (files: Readonly<Record<string, string>>) => Promise<void>;
}

/** Makes a mount with a first content. The visible names are symlinks into `..data`, itself a symlink. */
export const mountSecret = async (folder: string, files: Readonly<Record<string, string>>): Promise<SecretMount> => {
  let version = 0;
  const swap: SecretMount['swap'] = async (next) => {
    const before = `..v${version}`;
    version += 1;
    const name = `..v${version}`;
    await mkdir(path.join(folder, name), { recursive: true });
    for (const [file, text] of Object.entries(next)) {
      await writeFile(path.join(folder, name, file), text);
    }
    await symlink(name, path.join(folder, '..data_tmp'));
    await rename(path.join(folder, '..data_tmp'), path.join(folder, '..data'));
    await rm(path.join(folder, before), { recursive: true, force: true });
  };
  await swap(files);
  for (const file of Object.keys(files)) {
    await symlink(path.join('..data', file), path.join(folder, file));
  }
  return { pathOf: (name) => path.join(folder, name), swap };
};
