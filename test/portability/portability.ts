// `npm run portability`: the recorded cases on every runtime, as a table. With CI set, no runtime may be missing.
import { compareRuntimes } from './compare-runtimes.ts';
import { formatComparison, isPortable } from './format-comparison.ts';

const comparison = await compareRuntimes((what) => process.stderr.write(`${what} …\n`));
process.stdout.write(`\n${formatComparison(comparison)}\n`);
process.exitCode = isPortable(comparison, { all: Boolean(process.env['CI']) }) ? 0 : 1;
