import type { Kysely, Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { PlatformTables } from '../../../platform/database/tables.js';
import type { StoriesTables, UploadRow } from '../tables.js';

export type Upload = Readonly<Selectable<UploadRow>>;

/** The queries over `stories_uploads`. */
export function createUploadStore(database: Database) {
  const tables = (db: Kysely<PlatformTables> | Transaction) => withTables<StoriesTables>(db);
  const read = tables(database.read);
  const one = (
    db: Kysely<PlatformTables>,
    column: 'id' | 'media_key',
    value: string,
  ): Promise<Upload | undefined> =>
    tables(db).selectFrom('stories_uploads').selectAll().where(column, '=', value).executeTakeFirst();
  return {
    add: async (tx: Transaction, row: UploadRow): Promise<void> => {
      await tables(tx).insertInto('stories_uploads').values(row).execute();
    },

    byId: (id: string): Promise<Upload | undefined> => one(database.read, 'id', id),

    byKey: (key: string, tx?: Transaction): Promise<Upload | undefined> =>
      one(tx ?? database.read, 'media_key', key),

    /** Bytes announced or stored that nothing shows yet. */
    unconfirmedBytes: async (tx: Transaction, userId: string, now: number): Promise<number> => {
      const { bytes } = await tables(tx)
        .selectFrom('stories_uploads')
        .select((columns) => columns.fn.coalesce(columns.fn.sum<number>('size'), columns.lit(0)).as('bytes'))
        .where('user_id', '=', userId)
        .where('status', '<>', 'confirmed')
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      return Number(bytes);
    },

    /** Notes that the bytes are here, unless the upload is confirmed already. */
    stored: async (
      tx: Transaction,
      id: string,
      values: Pick<UploadRow, 'sha256' | 'audio_duration' | 'expires_at'>,
    ): Promise<void> => {
      await tables(tx)
        .updateTable('stories_uploads')
        .set({ ...values, status: 'stored' })
        .where('id', '=', id)
        .where('status', '<>', 'confirmed')
        .execute();
    },

    confirmed: async (tx: Transaction, id: string, type: string, boundId: string): Promise<void> => {
      await tables(tx)
        .updateTable('stories_uploads')
        .set({ status: 'confirmed', bound_type: type, bound_id: boundId })
        .where('id', '=', id)
        .execute();
    },

    /** Uploads that nobody confirmed in time. */
    abandoned: (now: number, limit: number): Promise<Upload[]> =>
      read
        .selectFrom('stories_uploads')
        .selectAll()
        .where('expires_at', '<=', now)
        .where('status', '<>', 'confirmed')
        .limit(limit)
        .execute(),

    remove: async (tx: Transaction, ids: readonly string[]): Promise<void> => {
      if (ids.length === 0) return;
      await tables(tx).deleteFrom('stories_uploads').where('id', 'in', ids).execute();
    },

    forgetConfirmedBefore: async (tx: Transaction, before: number): Promise<void> => {
      await tables(tx)
        .deleteFrom('stories_uploads')
        .where('expires_at', '<', before)
        .where('status', '=', 'confirmed')
        .execute();
    },
  };
}

export type UploadStore = ReturnType<typeof createUploadStore>;
