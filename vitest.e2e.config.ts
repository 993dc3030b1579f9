// The end-to-end tests. `npm run e2e` starts what they need first; they share one cluster, so files run in turn.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: 'build/reports/e2e.json' },
    fileParallelism: false,
    pool: 'threads', // a worker that is a process would outlive a vitest that is ended early
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
