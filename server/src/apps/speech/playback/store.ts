import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { PlaybackStateRow, SpeechTables } from '../tables.js';

export type PlaybackState = Readonly<Selectable<PlaybackStateRow>>;

/** The queries over `playback_states`. */
export function createPlaybackStore(database: Database) {
  const read = withTables<SpeechTables>(database.read);
  return {
    /**
     * Writes the state of one document, or leaves the stored one when that is newer.
     *
     * @returns what is stored now
     */
    put: async (tx: Transaction, row: PlaybackStateRow): Promise<PlaybackState> => {
      const { id, user_id, document_id, created_at, ...changing } = row;
      const queries = withTables<SpeechTables>(tx);
      const written = await queries
        .insertInto('playback_states')
        .values(row)
        .onConflict((conflict) =>
          conflict
            .columns(['user_id', 'document_id'])
            .doUpdateSet(changing)
            .where('playback_states.updated_at', '<=', row.updated_at),
        )
        .returningAll()
        .executeTakeFirst();
      if (written) return written;
      return queries
        .selectFrom('playback_states')
        .selectAll()
        .where('user_id', '=', user_id)
        .where('document_id', '=', document_id)
        .executeTakeFirstOrThrow();
    },

    list: (userId: string): Promise<PlaybackState[]> =>
      read
        .selectFrom('playback_states')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('updated_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),

    one: (userId: string, documentId: string): Promise<PlaybackState | undefined> =>
      read
        .selectFrom('playback_states')
        .selectAll()
        .where('user_id', '=', userId)
        .where('document_id', '=', documentId)
        .executeTakeFirst(),

    remove: async (tx: Transaction, userId: string, documentId: string): Promise<void> => {
      await withTables<SpeechTables>(tx)
        .deleteFrom('playback_states')
        .where('user_id', '=', userId)
        .where('document_id', '=', documentId)
        .execute();
    },

    forgetBefore: async (tx: Transaction, before: number): Promise<void> => {
      await withTables<SpeechTables>(tx)
        .deleteFrom('playback_states')
        .where('updated_at', '<', before)
        .execute();
    },
  };
}

export type PlaybackStore = ReturnType<typeof createPlaybackStore>;
