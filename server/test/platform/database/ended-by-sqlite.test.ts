import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inSavepoint } from '../../../src/platform/database/savepoint.js';
import { type TestDatabase, testDatabase } from '../../support/databases.js';

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase('sqlite', [
    {
      id: 'test-001-disk',
      statements: [
        'create table words (word text not null)',
        // As a full disk or an I/O error does: not the statement only, the whole transaction is over.
        `create trigger disk before insert on words when new.word = 'too much'
         begin select raise(rollback, 'the disk is full'); end`,
      ],
    },
  ]);
});
afterAll(() => test.remove());

it('writes nothing more into a transaction that SQLite ended, whatever its author catches, and says why', async () => {
  const { database } = test;
  const failed = database.transaction(async (tx) => {
    const write = (word: string) => sql`insert into words (word) values (${word})`.execute(tx);
    await write('before');
    await inSavepoint(tx, () => write('too much')).catch(() => undefined);
    await inSavepoint(tx, () => write('after')).catch(() => undefined);
    await write('at the end').catch(() => undefined);
  });
  await expect(failed).rejects.toThrow('the disk is full');
  const words = async () => (await sql<{ word: string }>`select word from words`.execute(database.read)).rows;
  expect(await words()).toEqual([]);
  await database.transaction((tx) => sql`insert into words (word) values ('later')`.execute(tx));
  expect(await words()).toEqual([{ word: 'later' }]);
});
