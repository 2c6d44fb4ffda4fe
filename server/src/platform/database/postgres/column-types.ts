import pg from 'pg';

/** PostgreSQL's type number of `bigint`, which `pg` hands out as a string unless told otherwise. */
const INT8 = 20;

/** How columns are read. All integers of this product fit a double exactly, so `bigint` is read as number. */
export function parserFor(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
