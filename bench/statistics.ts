// Medians and percentiles of measured times.

/** Microseconds. */
export interface Statistics {
  readonly median: number;
  readonly p99: number;
}

/** Summarises times in milliseconds as microseconds. */
export const summarise = (milliseconds: readonly number[]): Statistics => {
  const sorted = Float64Array.from(milliseconds).sort();
  const at = (share: number): number =>
    1000 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { median: at(0.5), p99: at(0.99) };
};

/** Prints rows as a table whose columns line up. */
export const formatTable = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
};
