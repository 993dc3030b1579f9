// Writes the tables of settings into docs/configuration.md and docs/edge.md: `node scripts/settings-table.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsMarkdown, workerSettingsMarkdown } from './settings-markdown.ts';

const BEGIN = '<!-- settings -->\n';
const END = '<!-- end of settings -->\n';

const writeTable = (page: string, table: string): void => {
  const file = join(import.meta.dirname, '..', 'docs', page);
  const [before = '', rest] = readFileSync(file, 'utf8').split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) {
    throw new Error(`${file} has no line ${BEGIN.trim()} with a line ${END.trim()} after it`);
  }
  writeFileSync(file, `${before}${BEGIN}${table}\n${END}${after}`);
};

writeTable('configuration.md', settingsMarkdown());
writeTable('edge.md', workerSettingsMarkdown());
