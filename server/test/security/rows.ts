import { withTables } from '../../src/platform/database/database.js';
import { eventually, type TestServer } from '../support/servers.js';
import type { Household } from './household.js';

/** What changes by itself: when somebody or something was last seen. */
const RESTLESS = /last_seen|last_used/;
/** The queue's own books. */
const QUEUE = /^background_jobs/;

/** Every row of every table that names one of somebody's things, as text; waits until nothing changes by itself. */
export async function rowsAbout(server: Pick<TestServer, 'built'>, { ids }: Household): Promise<string[]> {
  const { read } = server.built.platform.database;
  const wanted = Object.values(ids).filter((id) => id.length > 12);
  const tables = (await read.introspection.getTables()).filter(
    ({ name, schema = 'public' }) => schema === 'public' && !QUEUE.test(name),
  );
  const once = async (): Promise<string[]> => {
    const rows: string[] = [];
    for (const { name } of tables) {
      const found = await withTables<Record<string, Record<string, unknown>>>(read)
        .selectFrom(name)
        .selectAll()
        .execute();
      for (const row of found) {
        const still = Object.entries(row).filter(([column]) => !RESTLESS.test(column));
        const text = `${name} ${JSON.stringify(Object.fromEntries(still), (_, value) => (typeof value === 'bigint' ? String(value) : value))}`;
        if (wanted.some((id) => text.includes(id))) rows.push(text);
      }
    }
    return rows.sort();
  };
  let before: string[] = [];
  return eventually(
    once,
    (rows) => {
      const isStill = rows.join('\n') === before.join('\n');
      before = rows;
      return isStill;
    },
    30_000,
    150,
  );
}
