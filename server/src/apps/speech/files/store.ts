import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { AudioFileRow, SpeechTables } from '../tables.js';

export type AudioFile = Readonly<Selectable<AudioFileRow>>;

/** What changes once the audio is there. */
export interface ReadyAudio {
  readonly fileName: string;
  readonly size: number;
  readonly sha256: string;
  readonly durationMs: number | null;
}

const within = (tx: Transaction) => withTables<SpeechTables>(tx);

/** The queries over `audio_files`. Everything that a user may see goes through their id. */
export function createFileStore(database: Database) {
  const read = withTables<SpeechTables>(database.read);
  const listed = (userId: string, now: number) =>
    read
      .selectFrom('audio_files')
      .selectAll()
      .where('user_id', '=', userId)
      .where('status', '<>', 'expired')
      .where('expires_at', '>', now);

  return {
    /** The newest file of this content that has not expired. */
    newest: (userId: string, hash: string, now: number, tx?: Transaction): Promise<AudioFile | undefined> =>
      (tx ? within(tx) : read)
        .selectFrom('audio_files')
        .selectAll()
        .where('user_id', '=', userId)
        .where('content_hash', '=', hash)
        .where('status', '<>', 'expired')
        .where('expires_at', '>', now)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst(),

    owned: (userId: string, id: string): Promise<AudioFile | undefined> =>
      read
        .selectFrom('audio_files')
        .selectAll()
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .executeTakeFirst(),

    /** Everything that the user ever ordered and that may have left something behind. */
    allOf: (
      tx: Transaction,
      userId: string,
    ): Promise<readonly Pick<AudioFile, 'id' | 'format' | 'status'>[]> =>
      within(tx)
        .selectFrom('audio_files')
        .select(['id', 'format', 'status'])
        .where('user_id', '=', userId)
        .where('status', '<>', 'expired')
        .execute(),

    /** Living files of the same content that two users have. */
    twins: async (
      tx: Transaction,
      from: string,
      to: string,
    ): Promise<readonly { readonly theirs: AudioFile; readonly own: AudioFile }[]> => {
      const living = (userId: string) =>
        within(tx)
          .selectFrom('audio_files')
          .selectAll()
          .where('user_id', '=', userId)
          .where('status', 'in', ['generating', 'ready']);
      const theirs = await living(from).execute();
      if (theirs.length === 0) return [];
      const own = new Map((await living(to).execute()).map((file) => [file.content_hash, file]));
      return theirs.flatMap((file) => {
        const twin = own.get(file.content_hash);
        return twin ? [{ theirs: file, own: twin }] : [];
      });
    },

    /** For the generation job only, which acts for the owner. */
    byId: (id: string): Promise<AudioFile | undefined> =>
      read.selectFrom('audio_files').selectAll().where('id', '=', id).executeTakeFirst(),

    /** Newest first; `after` is the last file of the page before. */
    list: (
      userId: string,
      now: number,
      page: { limit?: number | undefined; after?: AudioFile | undefined },
    ): Promise<AudioFile[]> => {
      let query = listed(userId, now).orderBy('created_at', 'desc').orderBy('id', 'desc');
      const { after, limit } = page;
      if (after) {
        query = query.where((eb) =>
          eb.or([
            eb('created_at', '<', after.created_at),
            eb.and([eb('created_at', '=', after.created_at), eb('id', '<', after.id)]),
          ]),
        );
      }
      return (limit ? query.limit(limit) : query).execute();
    },

    changedSince: (userId: string, since: number, now: number): Promise<AudioFile[]> =>
      listed(userId, now)
        .where('updated_at', '>=', since)
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .execute(),

    /** What a list's entity tag is made of: it differs whenever the list does. */
    listVersion: async (userId: string, now: number): Promise<string> => {
      const row = await read
        .selectFrom('audio_files')
        .select((eb) => [
          eb.fn.countAll<number>().as('files'),
          eb.fn.max('updated_at').as('changed'),
          eb.fn.sum<number>('chunks_done').as('chunks'),
          eb.fn.min('expires_at').as('next'),
        ])
        .where('user_id', '=', userId)
        .where('status', '<>', 'expired')
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      return [row.files, row.changed ?? 0, row.chunks ?? 0, row.next ?? 0].join('-');
    },

    /** False when a living file of this content is already there. */
    insert: async (tx: Transaction, row: AudioFileRow): Promise<boolean> => {
      const result = await within(tx)
        .insertInto('audio_files')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    /** Makes room for a new file of this content: living ones that are past their time or have lost their audio. */
    expireLiving: async (
      tx: Transaction,
      userId: string,
      hash: string,
      now: number,
      lostId: string | null,
    ) => {
      await within(tx)
        .updateTable('audio_files')
        .set({ status: 'expired', expired_at: now, text_content: '', title: null, instructions: null })
        .where('user_id', '=', userId)
        .where('content_hash', '=', hash)
        .where('status', 'in', ['generating', 'ready'])
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('id', '=', lostId ?? '')]))
        .execute();
    },

    countGenerating: async (tx: Transaction, userId: string): Promise<number> => {
      const row = await within(tx)
        .selectFrom('audio_files')
        .select((eb) => eb.fn.countAll<number>().as('files'))
        .where('user_id', '=', userId)
        .where('status', '=', 'generating')
        .executeTakeFirstOrThrow();
      return Number(row.files);
    },

    noteProgress: async (tx: Transaction, id: string, done: number, total: number): Promise<void> => {
      await within(tx)
        .updateTable('audio_files')
        .set({ chunks_done: done, chunks_total: total })
        .where('id', '=', id)
        .where('status', '=', 'generating')
        .execute();
    },

    /** False when it was deleted in the meantime. */
    becomeReady: async (tx: Transaction, id: string, audio: ReadyAudio, now: number): Promise<boolean> => {
      const result = await within(tx)
        .updateTable('audio_files')
        .set((eb) => ({
          status: 'ready' as const,
          file_name: audio.fileName,
          file_size: audio.size,
          file_sha256: audio.sha256,
          duration_ms: audio.durationMs,
          chunks_done: eb.ref('chunks_total'),
          updated_at: now,
        }))
        .where('id', '=', id)
        .where('status', '=', 'generating')
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    becomeFailed: async (tx: Transaction, id: string, failure: string, now: number): Promise<void> => {
      await within(tx)
        .updateTable('audio_files')
        .set({ status: 'failed', failure, updated_at: now })
        .where('id', '=', id)
        .where('status', '=', 'generating')
        .execute();
    },

    /** Turns a file into a tombstone; the user's words go with it. */
    becomeExpired: async (tx: Transaction, id: string, now: number): Promise<void> => {
      await within(tx)
        .updateTable('audio_files')
        .set({ status: 'expired', expired_at: now, text_content: '', title: null, instructions: null })
        .where('id', '=', id)
        .where('status', '<>', 'expired')
        .execute();
    },

    /** Ids of files that were deleted or ran out since an instant, newest first. */
    goneSince: async (userId: string, since: number, now: number): Promise<string[]> => {
      const rows = await read
        .selectFrom('audio_files')
        .select('id')
        .where('user_id', '=', userId)
        .where((eb) =>
          eb.or([
            eb('expired_at', '>=', since),
            eb.and([
              eb('status', '<>', 'expired'),
              eb('expires_at', '<=', now),
              eb('expires_at', '>=', since),
            ]),
          ]),
        )
        .execute();
      return rows.map((row) => row.id);
    },

    /** Files past their time whose audio may still be on disk. */
    due: (now: number, limit: number): Promise<AudioFile[]> =>
      read
        .selectFrom('audio_files')
        .selectAll()
        .where('expires_at', '<=', now)
        .where('status', '<>', 'expired')
        .limit(limit)
        .execute(),

    generatingIds: async (): Promise<string[]> => {
      const rows = await read
        .selectFrom('audio_files')
        .select('id')
        .where('status', '=', 'generating')
        .execute();
      return rows.map((row) => row.id);
    },

    /** Which of these files are not expired. */
    livingIds: async (ids: readonly string[]): Promise<Set<string>> => {
      if (ids.length === 0) return new Set();
      const rows = await read
        .selectFrom('audio_files')
        .select('id')
        .where('id', 'in', ids)
        .where('status', '<>', 'expired')
        .execute();
      return new Set(rows.map((row) => row.id));
    },

    forgetTombstones: async (tx: Transaction, before: number): Promise<void> => {
      await within(tx)
        .deleteFrom('audio_files')
        .where('status', '=', 'expired')
        .where('expired_at', '<', before)
        .execute();
    },

    usage: async (userId: string, now: number, today: number) => {
      const row = await read
        .selectFrom('audio_files')
        .select((eb) => [
          eb.fn
            .countAll<number>()
            .filterWhere((where) =>
              where.and([where('status', '<>', 'expired'), where('expires_at', '>', now)]),
            )
            .as('files'),
          eb.fn
            .sum<number>('file_size')
            .filterWhere((where) => where.and([where('status', '=', 'ready'), where('expires_at', '>', now)]))
            .as('bytes'),
          eb.fn.countAll<number>().filterWhere('created_at', '>=', today).as('today'),
        ])
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow();
      return { files: Number(row.files), bytes: Number(row.bytes ?? 0), today: Number(row.today) };
    },
  };
}

export type FileStore = ReturnType<typeof createFileStore>;
