// Says on stderr what of a migration has no counterpart or differs, with the line of the setting.
import type { Terminal } from '../terminal.ts';
import type { InjectorContainer } from './injector-container.ts';
import type { Variables } from './variable-option.ts';
import type { MigrationNote } from './vault-k8s.ts';

/** What the notes are about. */
export interface Noted {
  readonly found: Pick<InjectorContainer, 'at' | 'lineOf'>;
  readonly notes: readonly MigrationNote[];
  /** What the command line gave; it goes over the manifest. */
  readonly given?: Variables;
}

/** Writes one line for each note. */
export const reportNotes = ({ found, notes, given = {} }: Noted, { stderr }: Pick<Terminal, 'stderr'>): void => {
  for (const { setting, message } of notes) {
    const place = Object.hasOwn(given, setting) ? '--env' : `${found.at.file}:${found.lineOf(setting)}`;
    const line = `${place}: ${setting}: ${message}`;
    // The setting's name comes from the manifest, and a terminal would obey what it holds.
    stderr.write(`${line.replaceAll(/\p{Cc}/gu, '\ufffd')}\n`);
  }
};
