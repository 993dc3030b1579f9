// Unit, property and golden tests. The tests against a real API server have a configuration of their own.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-bundle.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
