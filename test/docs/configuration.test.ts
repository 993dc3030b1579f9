import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsMarkdown } from '../../runtimes/node/settings-help.ts';
import { workerSettingsMarkdown } from '../../scripts/worker/settings-markdown.ts';

test.each([
  ['configuration.md', settingsMarkdown()],
  ['edge.md', workerSettingsMarkdown()],
])('docs/%s shows every setting; node scripts/settings-table.ts writes it', (page, table) => {
  expect(readFileSync(join(import.meta.dirname, '..', '..', 'docs', page), 'utf8')).toContain(table);
});
