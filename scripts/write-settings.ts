// Writes the table of settings into docs/configuration.md.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { settingsMarkdown } from '../runtimes/node/settings-help.ts';

const TABLE = /(<!-- settings: [^>]* -->\n)[\s\S]*(<!-- \/settings -->)/;

/** The page that holds the table. */
export const settingsPage = path.join(import.meta.dirname, '../docs/configuration.md');

/** Puts the table of today into the text of the page. */
export const withSettings = (page: string): string =>
  page.replace(TABLE, (_, begin: string, end: string) => `${begin}${settingsMarkdown()}\n${end}`);

if (import.meta.main) {
  writeFileSync(settingsPage, withSettings(readFileSync(settingsPage, 'utf8')));
}
