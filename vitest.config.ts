import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globals: false,
    globalSetup: ['server/test/support/services.ts'],
    include: ['server/test/**/*.test.ts', 'client/test/**/*.test.ts', 'web/test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
