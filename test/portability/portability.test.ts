// The recorded cases on every runtime: byte-identical answers everywhere.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Comparison, compareRuntimes } from './compare-runtimes.ts';
import { runtimeNames } from './core-runtimes.ts';
import { formatComparison, isPortable } from './format-comparison.ts';
import { goldenSystems } from './golden-systems.ts';

let comparison: Comparison;
beforeAll(async () => {
  comparison = await compareRuntimes(() => undefined);
}, 300_000);

/** The folders of recorded cases. */
const recordedSystems = (): readonly string[] => {
  const entries = readdirSync(join(import.meta.dirname, '../golden'), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && entry.name !== 'differences').map(({ name }) => name);
};

test('every recorded system is asked', () => {
  expect(new Set(goldenSystems.map(({ system }) => system.name))).toEqual(new Set(recordedSystems()));
  for (const { system } of goldenSystems) {
    expect(comparison.cases.filter((one) => one.system.system === system).length).toBeGreaterThan(100);
  }
});

test('the core answers as recorded, and every runtime answers with its bytes', () => {
  const [recorded] = comparison.columns;
  expect(recorded).toMatchObject({ name: 'core', different: [] });
  for (const column of comparison.columns) {
    if (!('missing' in column)) {
      expect(column, formatComparison(comparison)).toMatchObject({ different: [] });
      expect(column.asked.length).toBeGreaterThan(400);
    }
  }
});

test('every runtime is there: on a developer’s machine one may be missing, which is said', () => {
  const names = comparison.columns.map(({ name, how }) => (how === 'over HTTP' ? `${name} over HTTP` : name));
  expect(names).toEqual(['core', ...runtimeNames, 'node over HTTP', 'workerd over HTTP']);
  const missing = comparison.columns.filter((column) => 'missing' in column).map(({ name }) => name);
  if (process.env['CI']) {
    expect(missing).toEqual([]);
  } else if (missing.length > 0) {
    console.warn(`not installed, so not compared: ${missing.join(', ')}`);
  }
});

test('a table tells what differs, and what is missing', () => {
  const [first] = comparison.cases;
  const id = first?.id ?? '';
  const asked = comparison.cases.map((one) => one.id);
  const broken: Comparison = {
    cases: comparison.cases,
    columns: [
      { name: 'node', how: '24.0.0', asked, different: [id] },
      { name: 'bun', how: '', missing: 'no program' },
    ],
  };
  const total = comparison.cases.filter((one) => one.system === first?.system).length;
  expect(formatComparison(broken)).toContain(`${total - 1} of ${total}`);
  expect(formatComparison(broken)).toContain(`node 24.0.0 differs: ${id}`);
  expect(formatComparison(broken)).toContain('bun is missing: no program');
  expect(isPortable(broken, { all: false })).toBe(false);
  const lacking: Comparison = { ...broken, columns: broken.columns.slice(1) };
  expect([isPortable(lacking, { all: false }), isPortable(lacking, { all: true })]).toEqual([true, false]);
});
