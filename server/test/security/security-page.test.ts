import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../src/config-schema.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(`${root}docs/security.md`, 'utf8');
const rowsOf = (heading: string): string[][] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [, ...rows] = section.split('\n## ', 1)[0]?.match(/^\| .* \|$/gm) ?? [];
  return rows.map((row) => row.slice(2, -2).split(' | '));
};

describe('the page about security', () => {
  it('names tests that are there', () => {
    const named = [...page.matchAll(/`((?:server|client|web|scripts)\/[\w./-]+\.(?:ts|tsx|js))`/g)].map(
      ([, path]) => path ?? '',
    );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it('answers each of the ten risks with tests', () => {
    const rows = rowsOf('The ten risks of APIs');
    const risks = rows.map(([risk = '']) => /\*\*(API\d+)\*\*/.exec(risk)?.[1]);
    expect(risks).toEqual(Array.from({ length: 10 }, (_, index) => `API${index + 1}`));
    for (const [risk, , held = ''] of rows) expect(held, risk).toMatch(/`[\w./-]+\.test\.ts`/);
  });

  it('names every limit that a variable sets, with its default', () => {
    const rows = rowsOf('Limits');
    const variables = rows.flatMap(([, , limit = '', names = '']) =>
      [...names.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => ({ name, limit })),
    );
    const properties = configSchema.properties as Readonly<Record<string, { readonly default?: unknown }>>;
    for (const { name, limit } of variables) {
      expect(properties, name).toHaveProperty(name);
      const known = properties[name]?.default;
      if (typeof known !== 'number') continue;
      // Windows are told in seconds.
      const told = name.endsWith('_WINDOW') ? known / 1_000 : known;
      expect(limit, name).toContain(told.toLocaleString('en'));
    }
    const limiting = Object.keys(properties).filter((name) =>
      /^RATE_LIMIT_|_PER_(MINUTE|HOUR|DAY|USER|ADDRESS)$/.test(name),
    );
    expect(limiting.toSorted()).toEqual(variables.map(({ name }) => name).toSorted());
  });
});
