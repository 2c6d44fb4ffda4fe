import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeConfig } from '../../src/config.js';

interface PageWriter {
  readonly page: string;
  readonly configurationPage: (variables: ReturnType<typeof describeConfig>) => string;
}

it('docs/configuration.md says what the schema says (else: npm run build && node scripts/configuration-docs.js)', async () => {
  const script = new URL('../../../scripts/configuration-docs.js', import.meta.url).href;
  const { configurationPage, page } = (await import(script)) as PageWriter;
  expect(readFileSync(page, 'utf8')).toBe(configurationPage(describeConfig()));
});
