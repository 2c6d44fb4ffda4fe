import { type RawBuilder, sql } from 'kysely';
import type { Dialect } from '../../../platform/database/database.js';
import { storableJson } from '../storable-json.js';

type ColumnType = 'text' | 'bigint';

/**
 * Rows of our own as a table `m` that a statement can select from, with their place in `m.n`: so that one statement of
 * one and the same text serves any number of rows, and is prepared once.
 *
 * @param columns names (constants of ours, never a caller's words) and types
 */
export function rowSource<Name extends string>(
  dialect: Dialect,
  columns: Readonly<Record<Name, ColumnType>>,
  rows: readonly Readonly<Record<Name, string | number | null>>[],
): RawBuilder<unknown> {
  const names = Object.keys(columns) as Name[];
  if (dialect === 'sqlite') {
    const members = names.map((name) => `value ->> '${name}' as ${name}`).join(', ');
    return sql`(select key as n, ${sql.raw(members)} from json_each(${storableJson(rows)})) as m`;
  }
  const arrays = names.map((name) => sql`${rows.map((row) => row[name])}::${sql.raw(columns[name])}[]`);
  return sql`unnest(${sql.join(arrays)}) with ordinality as m(${sql.raw(names.join(', '))}, n)`;
}
