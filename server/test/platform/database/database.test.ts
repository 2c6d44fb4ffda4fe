import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUniqueViolation } from '../../../src/platform/database/failures.js';
import { migrate, platformMigrations } from '../../../src/platform/database/migrations.js';
import { dialects, type TestDatabase, testDatabase } from '../../support/databases.js';

const user = (id: string) => ({ id, created_at: 1, last_seen_at: 1 });

describe.each(dialects)('the database port on %s', (dialect) => {
  let made: TestDatabase;
  beforeAll(async () => {
    made = await testDatabase(dialect);
  });
  afterAll(() => made.remove());

  it('shows a committed row to a second connection at once', async () => {
    await made.database.transaction((tx) => tx.insertInto('users').values(user('a')).execute());
    const other = made.reopen();
    expect(await other.read.selectFrom('users').select('id').where('id', '=', 'a').execute()).toEqual([
      { id: 'a' },
    ]);
    await other.close();
  });

  it('writes nothing of a transaction that throws', async () => {
    const failing = made.database.transaction(async (tx) => {
      await tx.insertInto('users').values(user('half')).execute();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(
      await made.database.read.selectFrom('users').selectAll().where('id', '=', 'half').execute(),
    ).toEqual([]);
  });

  it('lets one failing writer among many roll back alone', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, n) =>
        made.database.transaction(async (tx) => {
          await tx
            .insertInto('users')
            .values(user(`many-${n}`))
            .execute();
          if (n % 10 === 3) throw new Error('no');
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'rejected')).toHaveLength(5);
    const rows = await made.database.read
      .selectFrom('users')
      .select('id')
      .where('id', 'like', 'many-%')
      .execute();
    expect(rows).toHaveLength(45);
  });

  it('does not show what is not committed yet', async () => {
    let seenInside: unknown[] = [];
    await made.database.transaction(async (tx) => {
      await tx.insertInto('users').values(user('secret')).execute();
      seenInside = await made.database.read
        .selectFrom('users')
        .selectAll()
        .where('id', '=', 'secret')
        .execute();
    });
    expect(seenInside).toEqual([]);
  });

  it('names a unique violation whatever the driver', async () => {
    const insert = () =>
      made.database.transaction((tx) => tx.insertInto('users').values(user('twice')).execute());
    await insert();
    const failure = await insert().catch((error: unknown) => error);
    expect(isUniqueViolation(failure)).toBe(true);
  });

  it('enforces foreign keys and cascades', async () => {
    const identity = { issuer: 'x', subject: 's', user_id: 'nobody', created_at: 1 };
    await expect(
      made.database.transaction((tx) => tx.insertInto('identities').values(identity).execute()),
    ).rejects.toThrow();
  });

  it('reads instants as numbers', async () => {
    const now = 1_795_000_000_123;
    await made.database.transaction((tx) =>
      tx.insertInto('users').values({ id: 'clock', created_at: now, last_seen_at: now }).execute(),
    );
    const row = await made.database.read
      .selectFrom('users')
      .selectAll()
      .where('id', '=', 'clock')
      .executeTakeFirst();
    expect(row?.created_at).toBe(now);
  });

  it('Migrations in CI/CD: applies every migration once, also when two nodes start together', async () => {
    const extra = { id: 'test-001-thing', statements: ['create table thing (id text primary key)'] };
    const other = made.reopen();
    const applied = await Promise.all([
      migrate(made.database, [...platformMigrations, extra], 1),
      migrate(other, [...platformMigrations, extra], 1),
    ]);
    expect(applied.flat()).toEqual(['test-001-thing']);
    await other.close();
  });

  it('leaves the schema as it was when a migration fails', async () => {
    const broken = {
      id: 'test-002-broken',
      statements: ['create table half_made (id text)', 'create table half_made (id text)'],
    };
    await expect(migrate(made.database, [...platformMigrations, broken], 1)).rejects.toThrow();
    await expect(sql`select * from half_made`.execute(made.database.read)).rejects.toThrow();
  });

  it('refuses a transaction handle that outlived its transaction', async () => {
    if (dialect === 'postgres') return; // kysely itself refuses there; its message is its own
    let leaked: { insert(): Promise<unknown> } | undefined;
    await made.database.transaction(async (tx) => {
      leaked = { insert: () => tx.insertInto('users').values(user('late')).execute() };
    });
    await expect(leaked?.insert()).rejects.toThrow('already ended');
  });
});
