import type { Kysely } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionTables, PersonRow } from '../tables.js';

/** The queries over people. */
export function createPeopleStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null): Kysely<CompanionTables> =>
    tx === null ? read : withTables<CompanionTables>(tx);

  return {
    find: async (tx: Transaction | null, userId: string, id: string): Promise<PersonRow | null> =>
      (await within(tx)
        .selectFrom('companion_people')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst()) ?? null,

    list: (tx: Transaction | null, userId: string): Promise<PersonRow[]> =>
      within(tx)
        .selectFrom('companion_people')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .orderBy('id')
        .execute(),

    insert: async (tx: Transaction, row: PersonRow): Promise<void> => {
      await within(tx).insertInto('companion_people').values(row).execute();
    },

    rename: async (tx: Transaction, id: string, name: string, now: number): Promise<void> => {
      await within(tx)
        .updateTable('companion_people')
        .set({ name, updated_at: now })
        .where('id', '=', id)
        .execute();
    },

    remove: async (tx: Transaction, id: string): Promise<void> => {
      await within(tx).deleteFrom('companion_people').where('id', '=', id).execute();
    },
  };
}

export type PeopleStore = ReturnType<typeof createPeopleStore>;
