import type { Kysely } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { CompanionTables, StreamRow, UnheardRow } from '../tables.js';

/** The queries over live streams and over audio that waits for its words. */
export function createListeningStore(database: Database) {
  const read = withTables<CompanionTables>(database.read);
  const within = (tx: Transaction | null): Kysely<CompanionTables> =>
    tx === null ? read : withTables<CompanionTables>(tx);

  return {
    insertStream: async (tx: Transaction, row: StreamRow): Promise<void> => {
      await within(tx).insertInto('companion_streams').values(row).execute();
    },

    findStream: async (id: string): Promise<StreamRow | null> =>
      (await read.selectFrom('companion_streams').selectAll().where('id', '=', id).executeTakeFirst()) ??
      null,

    changeStream: async (
      tx: Transaction,
      id: string,
      change: Partial<Pick<StreamRow, 'conversation_id' | 'settled'>> & Pick<StreamRow, 'updated_at'>,
    ): Promise<void> => {
      await within(tx).updateTable('companion_streams').set(change).where('id', '=', id).execute();
    },

    removeStream: async (tx: Transaction, id: string): Promise<void> => {
      await within(tx).deleteFrom('companion_streams').where('id', '=', id).execute();
    },

    /** Streams whose node never came back. */
    forgetStreams: async (tx: Transaction, before: number): Promise<void> => {
      await within(tx).deleteFrom('companion_streams').where('updated_at', '<', before).execute();
    },

    insertUnheard: async (tx: Transaction, row: UnheardRow): Promise<void> => {
      await within(tx).insertInto('companion_unheard').values(row).execute();
    },

    findUnheard: async (id: string): Promise<UnheardRow | null> =>
      (await read.selectFrom('companion_unheard').selectAll().where('id', '=', id).executeTakeFirst()) ??
      null,

    /** False when somebody else has done so. */
    removeUnheard: async (tx: Transaction, id: string): Promise<boolean> =>
      (await within(tx)
        .deleteFrom('companion_unheard')
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst()) !== undefined,

    mediaOf: async (tx: Transaction, userId: string): Promise<string[]> =>
      (
        await within(tx)
          .selectFrom('companion_unheard')
          .select('media_key')
          .where('user_id', '=', userId)
          .execute()
      ).map(({ media_key }) => media_key),

    /** True while audio of a conversation waits for its words. */
    hasUnheard: async (conversationId: string): Promise<boolean> =>
      (await read
        .selectFrom('companion_unheard')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .limit(1)
        .executeTakeFirst()) !== undefined,

    hasStream: async (conversationId: string): Promise<boolean> =>
      (await read
        .selectFrom('companion_streams')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .limit(1)
        .executeTakeFirst()) !== undefined,
  };
}

export type ListeningStore = ReturnType<typeof createListeningStore>;
