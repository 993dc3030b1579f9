// Keeps the operator's logins for registries current: their file is read anew when it changes.
import type { Entry } from './facts/docker-config.ts';
import { parseLogins, readLoginsFile } from './facts/registry-logins.ts';
import { digestParts, type Kept, keepCurrent } from './keep-current.ts';
import { type Reporting, reportReload } from './report-reload.ts';
import type { Settings } from './settings.ts';

/** What keeping logins needs. */
export interface KeepRegistryLoginsOptions extends Reporting {
  readonly settings: Settings;
  readonly settle: number;
}

/**
 * Reads the logins, and anew whenever `check` finds that their file changed.
 *
 * @returns `undefined` where there is no file, or nobody looks up images
 * @throws {Fault} `facts.logins` when the first file is broken
 */
export const keepRegistryLogins = async (
  options: KeepRegistryLoginsOptions,
): Promise<Kept<readonly Entry[]> | undefined> => {
  const { facts, registryConfigFile: file } = options.settings;
  if (file === '' || facts === 'off' || !facts.includes('image')) {
    return undefined;
  }
  return keepCurrent({
    read: async () => {
      const content = await readLoginsFile(file);
      return { digest: digestParts([['', content]]), content };
    },
    make: async (text) => parseLogins(text, file),
    settle: options.settle,
    attempted: (attempt) => {
      const registries = attempt.ok ? attempt.value.map(({ pattern }) => pattern) : [];
      reportReload(options, 'logins', attempt.ok ? { ok: true, value: { fields: { registries } } } : attempt);
    },
  });
};
