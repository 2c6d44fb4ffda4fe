import { sql } from 'kysely';
import { afterEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/platform/database/database.js';
import { openPostgres } from '../../../src/platform/database/postgres/index.js';
import { freshPostgres, testDatabase } from '../../support/databases.js';
import { type Outage, tcpWithOutages } from '../../support/outages.js';
import { eventually } from '../../support/servers.js';

/** Which database answers, by its name. */
const asked = async (database: Database, way: 'read' | 'replica'): Promise<string | undefined> => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(database[way]);
  return rows[0]?.name;
};
const nameOf = (url: string): string => new URL(url).pathname.slice(1);

describe('reads of a replica', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const scene = async () => {
    const primary = await freshPostgres();
    const copy = await freshPostgres();
    const way: Outage = await tcpWithOutages(copy);
    const changes: (string | null)[] = [];
    const database = openPostgres(primary, {
      replica: {
        connectionString: way.url,
        onChange: (reason) => changes.push(reason && 'gone'),
      },
    });
    closing.push(way.cut, database.close);
    return { primary, copy, way, changes, database };
  };

  it('go to the replica, and those that must see the latest word do not', async () => {
    const { primary, copy, database } = await scene();
    expect(await asked(database, 'replica')).toBe(nameOf(copy));
    expect(await asked(database, 'read')).toBe(nameOf(primary));
    await database.pingReplica?.();
  });

  it('go to the primary while the replica is away, say so once, and go back to it', async () => {
    const { primary, copy, way, changes, database } = await scene();
    expect(await asked(database, 'replica')).toBe(nameOf(copy));
    await way.cut();
    const during = await Promise.all(Array.from({ length: 20 }, () => asked(database, 'replica')));
    expect(new Set(during)).toEqual(new Set([nameOf(primary)]));
    expect(changes).toEqual(['gone']);
    await expect(database.pingReplica?.()).rejects.toThrow();
    await way.restore();
    await eventually(
      () => asked(database, 'replica'),
      (name) => name === nameOf(copy),
    );
    expect(changes).toEqual(['gone', null]);
  });

  it('asks the primary for what the replica does not have yet, without giving the replica up', async () => {
    const { primary, copy, changes, database } = await scene();
    const writer = openPostgres(primary);
    await writer.transaction((tx) => sql`create table only_here (n bigint)`.execute(tx));
    await writer.close();
    const { rows } = await sql`select n from only_here`.execute(database.replica);
    expect(rows).toEqual([]);
    await expect(sql`select n from nowhere`.execute(database.replica)).rejects.toThrow('nowhere');
    expect(await asked(database, 'replica')).toBe(nameOf(copy));
    expect(changes).toEqual([]);
  });

  it.each(['sqlite', 'postgres'] as const)('are ordinary reads where there is none (%s)', async (dialect) => {
    const made = await testDatabase(dialect);
    expect(made.database.replica).toBe(made.database.read);
    expect(made.database.pingReplica).toBeUndefined();
    await made.remove();
  });
});
