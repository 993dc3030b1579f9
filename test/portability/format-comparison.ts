// Writes a comparison as a table, with the runtimes that are missing and the cases that differ below it.
import { formatTable } from '../../bench/statistics.ts';
import type { AskedColumn, Column, Comparison } from './compare-runtimes.ts';
import { goldenSystems } from './golden-systems.ts';

/** Writes a row for each system: how many of the cases that a runtime was asked it answered with the same bytes. */
export const formatComparison = ({ cases, columns }: Comparison): string => {
  const rows = goldenSystems.map(({ system: { name } }) => [
    name,
    String(cases.filter(({ system }) => system.system.name === name).length),
    ...columns.map((column) => cell(column, name)),
  ]);
  const table = formatTable([
    ['', 'cases', ...columns.map(({ name }) => name)],
    ['', '', ...columns.map(({ how }) => how)],
    ...rows,
  ]);
  return [table, ...columns.flatMap(remarks)].join('\n');
};

const cell = (column: Column, system: string): string => {
  if ('missing' in column) {
    return 'missing';
  }
  const asked = column.asked.filter((id) => id.startsWith(`${system}/`));
  const different = column.different.filter((id) => id.startsWith(`${system}/`));
  return different.length === 0 ? String(asked.length) : `${asked.length - different.length} of ${asked.length}`;
};

const remarks = (column: Column): readonly string[] =>
  'missing' in column
    ? [`${column.name} is missing: ${column.missing}`]
    : column.different.map((id) => `${describe(column)} differs: ${id}`);

const describe = ({ name, how }: AskedColumn): string => `${name} ${how}`;

/** Whether all runtimes that there must be answered every case with the same bytes. */
export const isPortable = ({ columns }: Comparison, options: { readonly all: boolean }): boolean =>
  columns.every((column) => ('missing' in column ? !options.all : column.different.length === 0));
