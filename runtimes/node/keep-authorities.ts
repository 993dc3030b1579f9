// Keeps the authorities that registries are trusted by current with their file.
import type { SecureContext } from 'node:tls';
import type { FactSettings } from './facts/adapters.ts';
import { readAuthorities, trustAuthorities } from './facts/authorities.ts';
import { digestParts, type Kept, keepCurrent } from './keep-current.ts';
import { type Reporting, reportReload } from './report-reload.ts';

/** What keeping them needs. */
export interface KeepAuthoritiesOptions extends Reporting {
  readonly settings: Pick<FactSettings, 'registryCaFile'>;
  readonly settle: number;
}

/**
 * Reads the file, and reads it anew whenever `check` finds that it changed. Connections that stand keep what they were
 * made with.
 *
 * @throws {Fault} `facts.authority` when the first content cannot be used
 */
export const keepAuthorities = async (options: KeepAuthoritiesOptions): Promise<Kept<SecureContext>> => {
  const { registryCaFile: file } = options.settings;
  return keepCurrent({
    read: async () => {
      const text = file === '' ? undefined : await readAuthorities(file);
      return { digest: digestParts([[file, text ?? '']]), content: text };
    },
    make: async (text) => trustAuthorities(text, file),
    settle: options.settle,
    attempted: (attempt) =>
      reportReload(options, 'authorities', attempt.ok ? { ok: true, value: { fields: { file } } } : attempt),
  });
};
