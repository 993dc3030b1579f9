// Adds up the reports that the test runs left and prints one closing line: "N passed, N failed".
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}

const folder = join(import.meta.dirname, '..', 'build', 'reports');
const reports = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Report);

let passed = 0;
let failed = 0;
for (const report of reports) {
  passed += report.numPassedTests;
  // A file that cannot even be loaded has failed, although none of its tests has.
  failed += report.numFailedTests === 0 && report.numFailedTestSuites > 0 ? 1 : report.numFailedTests;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
