// Writes the table of settings into docs/configuration.md: `node scripts/settings-table.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsMarkdown } from '../runtimes/node/settings-help.ts';

const file = join(import.meta.dirname, '..', 'docs', 'configuration.md');
const [before = '', rest = ''] = readFileSync(file, 'utf8').split('<!-- settings -->\n');
const after = rest.split('<!-- end of settings -->\n')[1] ?? '';
writeFileSync(file, `${before}<!-- settings -->\n${settingsMarkdown()}\n<!-- end of settings -->\n${after}`);
