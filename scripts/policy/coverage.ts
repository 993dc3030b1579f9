// Coverage: which lines of the policy the tests reached; the tests' own lines don't count.
import type { Coverage, CoverageRange, Problem } from '../../tools/opa/host.ts';
import { isTest } from './sources.ts';

/** The measure, and what it falls short of. */
export interface Reached {
  readonly percent: number;
  readonly lines: number;
  readonly problems: readonly Problem[];
}

/** Adds the files up; below the least share, every line that was not reached is a problem. */
export const measureCoverage = ({ files }: Coverage, least: number): Reached => {
  let reached = 0;
  let missedLines = 0;
  const missed: Problem[] = [];
  for (const file of Object.keys(files).sort()) {
    if (isTest(file)) {
      continue;
    }
    const missedRows = rowsOf(files[file]?.not_covered);
    // A line that was reached in part is a missed one.
    reached += [...rowsOf(files[file]?.covered)].filter((row) => !missedRows.has(row)).length;
    missedLines += missedRows.size;
    missed.push(...runsOf(missedRows).map((run) => notReached(file, run)));
  }
  const lines = reached + missedLines;
  const percent = lines === 0 ? 100 : (100 * reached) / lines;
  if (percent >= least) {
    return { percent, lines, problems: [] };
  }
  const message = `the tests reach ${percent.toFixed(1)} % of the lines, less than ${least} %; missing are:`;
  return { percent, lines, problems: [{ code: 'coverage', message }, ...missed] };
};

interface Run {
  readonly first: number;
  last: number;
}

/** Lines that follow each other, taken together. */
const runsOf = (rows: ReadonlySet<number>): readonly Run[] => {
  const runs: Run[] = [];
  for (const row of [...rows].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.last === row - 1) {
      run.last = row;
    } else {
      runs.push({ first: row, last: row });
    }
  }
  return runs;
};

const notReached = (file: string, { first, last }: Run): Problem => ({
  code: 'not_covered',
  message: first === last ? 'no test reaches this line' : `no test reaches lines ${first} to ${last}`,
  file,
  line: first,
});

const rowsOf = (ranges: readonly CoverageRange[] = []): Set<number> => {
  const rows = new Set<number>();
  for (const { start, end } of ranges) {
    for (let row = start.row; row <= end.row; row++) {
      rows.add(row);
    }
  }
  return rows;
};
