import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsMarkdown } from '../../runtimes/node/settings-help.ts';

test('docs/configuration.md shows every setting; node scripts/settings-table.ts writes it', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'configuration.md'), 'utf8');
  expect(text).toContain(settingsMarkdown());
});
