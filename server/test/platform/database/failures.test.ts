import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { storageError } from '../../../src/platform/database/failures.js';
import { openPostgres } from '../../../src/platform/database/postgres/index.js';
import { freshPostgres } from '../../support/databases.js';
import { tcpWithOutages } from '../../support/outages.js';

it('names a connection lost in mid-query, and one that cannot be made, as unavailable', async () => {
  const path = await tcpWithOutages(await freshPostgres());
  const database = openPostgres(path.url, { poolSize: 2 });
  await sql`select 1`.execute(database.read);
  const asking = sql`select pg_sleep(20)`.execute(database.read).catch((error: unknown) => error);
  await sql`select 1`.execute(database.read);
  await path.cut();
  const refused = await sql`select 1`.execute(database.read).catch((error: unknown) => error);
  for (const error of [await asking, refused])
    expect(storageError(error)).toMatchObject({ code: 'UNAVAILABLE' });
  await database.close();
});
