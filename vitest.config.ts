import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: false,
    globalSetup: ['server/test/support/services.ts'],
    include: ['server/test/**/*.test.ts', 'client/test/**/*.test.ts', 'web/test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // Most suites wait more than they compute, so that two get on well even on two cores.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
