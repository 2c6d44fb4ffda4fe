import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { VoiceMessageRow, VoiceSessionRow, VoiceTables } from '../tables.js';

export type VoiceSession = Readonly<Selectable<VoiceSessionRow>>;
export type VoiceMessage = Readonly<Selectable<VoiceMessageRow>>;

/** The queries over `voice_sessions` and `voice_messages`. */
export function createHistoryStore(database: Database) {
  const read = withTables<VoiceTables>(database.read);
  return {
    /** Makes the session or says that it goes on. @returns its row's id */
    touch: async (tx: Transaction, row: VoiceSessionRow): Promise<string> => {
      const { id } = await withTables<VoiceTables>(tx)
        .insertInto('voice_sessions')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['owner', 'session_id'])
            .doUpdateSet({ updated_at: row.updated_at, ended_at: null }),
        )
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },

    add: async (tx: Transaction, rows: readonly VoiceMessageRow[]): Promise<void> => {
      await withTables<VoiceTables>(tx)
        .insertInto('voice_messages')
        .values([...rows])
        .execute();
    },

    /** The owner's newest. */
    sessions: (owner: string, limit: number): Promise<VoiceSession[]> =>
      read
        .selectFrom('voice_sessions')
        .selectAll()
        .where('owner', '=', owner)
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    session: (owner: string, sessionId: string): Promise<VoiceSession | undefined> =>
      read
        .selectFrom('voice_sessions')
        .selectAll()
        .where('owner', '=', owner)
        .where('session_id', '=', sessionId)
        .executeTakeFirst(),

    /** The newest of a session, newest first. */
    messages: (session: string, limit: number): Promise<VoiceMessage[]> =>
      read
        .selectFrom('voice_messages')
        .selectAll()
        .where('session', '=', session)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute(),

    /** @returns whether there was such a session */
    end: async (tx: Transaction, owner: string, sessionId: string, at: number): Promise<boolean> => {
      const { numUpdatedRows } = await withTables<VoiceTables>(tx)
        .updateTable('voice_sessions')
        .set({ ended_at: at })
        .where('owner', '=', owner)
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** One session of the owner, or all. @returns how many there were */
    remove: async (tx: Transaction, owner: string, sessionId?: string): Promise<bigint> => {
      const mine = withTables<VoiceTables>(tx).deleteFrom('voice_sessions').where('owner', '=', owner);
      const { numDeletedRows } = await (sessionId === undefined
        ? mine
        : mine.where('session_id', '=', sessionId)
      ).executeTakeFirst();
      return numDeletedRows;
    },

    forgetBefore: async (tx: Transaction, before: number): Promise<void> => {
      await withTables<VoiceTables>(tx)
        .deleteFrom('voice_sessions')
        .where('updated_at', '<', before)
        .execute();
    },
  };
}

export type HistoryStore = ReturnType<typeof createHistoryStore>;
