import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));

/** The client's own tests over the built library, which Node loads itself: so V8 can count its lines. */
export default defineConfig({
  resolve: { alias: [{ find: /^(?:\.\.\/)+src\/(.*)$/, replacement: `${dist}$1` }] },
  test: {
    root: fileURLToPath(new URL('../../../', import.meta.url)),
    include: ['client/test/**/*.test.ts'],
    exclude: ['client/test/end-to-end/**', 'client/test/coverage.test.ts', 'client/test/performance.test.ts'],
    setupFiles: ['client/test/covered/take.ts'],
    server: { deps: { external: [/\/client\/dist\//] } },
    // What measures time or memory has been measured already, without the counting.
    testNamePattern: /^(?!.*(rows? (18|21|22|27)|Web Crypto, 2 MB))/,
    pool: 'forks',
    testTimeout: 120_000,
  },
});
