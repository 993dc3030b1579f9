import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsMarkdown, workerSettingsMarkdown } from '../../scripts/settings-markdown.ts';

test.each([
  ['configuration.md', settingsMarkdown()],
  ['edge.md', workerSettingsMarkdown()],
])('docs/%s shows every setting; node scripts/settings-table.ts writes it', (page, table) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', page), 'utf8');
  expect(text).toContain(`<!-- settings -->\n${table}\n<!-- end of settings -->`);
});
