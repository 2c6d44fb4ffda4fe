import type { Selectable } from 'kysely';
import { type Database, type Transaction, withTables } from '../../../platform/database/database.js';
import type { Page } from '../envelopes.js';
import type { ListeningSessionRow, StoriesTables, StoryPlayRow } from '../tables.js';

export type ListeningSession = Readonly<Selectable<ListeningSessionRow>>;

export interface SessionFilter {
  readonly storyId: string | null;
  readonly completed: boolean | null;
  /** Epoch ms, both included. */
  readonly from: number | null;
  readonly to: number | null;
}

/** A listening with what the reading journey asks of its story. */
export interface Heard extends Pick<ListeningSession, 'story_id' | 'started_at' | 'duration' | 'completed'> {
  readonly hero_id: string;
}

/** The queries over listening sessions, plays and milestones. */
export function createReadingStore(database: Database) {
  const read = withTables<StoriesTables>(database.read);
  const on = (tx: Transaction) => withTables<StoriesTables>(tx);

  return {
    /** False when it is there already. */
    addSession: async (tx: Transaction, row: ListeningSessionRow): Promise<boolean> => {
      const { numInsertedOrUpdatedRows } = await on(tx)
        .insertInto('stories_listening_sessions')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    session: (id: string): Promise<ListeningSession> =>
      read
        .selectFrom('stories_listening_sessions')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow(),

    /** Newest first. */
    sessions: async (
      userId: string,
      { storyId, completed, from, to, limit, offset }: SessionFilter & Page,
    ): Promise<{ readonly sessions: readonly ListeningSession[]; readonly total: number }> => {
      const matching = read
        .selectFrom('stories_listening_sessions')
        .where('user_id', '=', userId)
        .$if(storyId !== null, (qb) => qb.where('story_id', '=', storyId ?? ''))
        .$if(completed !== null, (qb) => qb.where('completed', '=', completed ? 1 : 0))
        .$if(from !== null, (qb) => qb.where('started_at', '>=', from ?? 0))
        .$if(to !== null, (qb) => qb.where('started_at', '<=', to ?? 0));
      const [sessions, { total }] = await Promise.all([
        matching
          .selectAll()
          .orderBy('started_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
          .offset(offset)
          .execute(),
        matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
      ]);
      return { sessions, total: Number(total) };
    },

    /** Everything that a user has listened to, oldest first. */
    heard: (userId: string): Promise<Heard[]> =>
      read
        .selectFrom('stories_listening_sessions as session')
        .innerJoin('stories_stories as story', 'story.id', 'session.story_id')
        .select([
          'session.story_id',
          'session.started_at',
          'session.duration',
          'session.completed',
          'story.hero_id',
        ])
        .where('session.user_id', '=', userId)
        .orderBy('session.started_at')
        .execute(),

    /** False when it is there already. */
    addPlay: async (tx: Transaction, row: StoryPlayRow): Promise<boolean> => {
      const { numInsertedOrUpdatedRows } = await on(tx)
        .insertInto('stories_plays')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    /** The first play of a story in a span of time that no listening session has told of yet. */
    untoldPlay: async (
      tx: Transaction,
      storyId: string,
      from: number,
      to: number,
    ): Promise<string | null> => {
      const found = await on(tx)
        .selectFrom('stories_plays')
        .select('id')
        .where('story_id', '=', storyId)
        .where('session_id', 'is', null)
        .where('played_at', '>=', from)
        .where('played_at', '<=', to)
        .orderBy('played_at')
        .orderBy('id')
        .executeTakeFirst();
      return found?.id ?? null;
    },

    tellPlay: async (tx: Transaction, playId: string, sessionId: string): Promise<void> => {
      await on(tx)
        .updateTable('stories_plays')
        .set({ session_id: sessionId })
        .where('id', '=', playId)
        .execute();
    },

    forgetPlaysBefore: async (tx: Transaction, before: number): Promise<void> => {
      await on(tx).deleteFrom('stories_plays').where('played_at', '<', before).execute();
    },

    favorites: async (userId: string): Promise<number> => {
      const { favorites } = await read
        .selectFrom('stories_stories')
        .select((eb) => eb.fn.countAll<number>().as('favorites'))
        .where('user_id', '=', userId)
        .where('is_favorite', '=', 1)
        .executeTakeFirstOrThrow();
      return Number(favorites);
    },

    mostPlayed: (userId: string) =>
      read
        .selectFrom('stories_stories')
        .select(['id', 'title', 'play_count'])
        .where('user_id', '=', userId)
        .where('play_count', '>', 0)
        .orderBy('play_count', 'desc')
        .orderBy('last_played_at', 'desc')
        .orderBy('id')
        .executeTakeFirst(),

    /** Seconds of narration of the stories that were listened to and have one. */
    narrationLengths: async (userId: string): Promise<number[]> => {
      const found = await read
        .selectFrom('stories_stories')
        .select('audio_duration')
        .where('user_id', '=', userId)
        .where('audio_duration', 'is not', null)
        .where((eb) =>
          eb.exists(
            eb
              .selectFrom('stories_listening_sessions')
              .select('stories_listening_sessions.id')
              .whereRef('stories_listening_sessions.story_id', '=', 'stories_stories.id'),
          ),
        )
        .execute();
      return found.flatMap(({ audio_duration }) => (audio_duration === null ? [] : [audio_duration]));
    },

    heroes: (userId: string) =>
      read
        .selectFrom('stories_heroes')
        .select((eb) => [
          'id',
          'name',
          'avatar_key',
          eb
            .selectFrom('stories_stories')
            .select((count) => count.fn.countAll<number>().as('stories'))
            .whereRef('stories_stories.hero_id', '=', 'stories_heroes.id')
            .as('stories'),
        ])
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute(),

    unlocked: async (userId: string): Promise<ReadonlyMap<string, number>> => {
      const found = await read
        .selectFrom('stories_milestones')
        .select(['milestone_id', 'unlocked_at'])
        .where('user_id', '=', userId)
        .execute();
      return new Map(found.map(({ milestone_id, unlocked_at }) => [milestone_id, unlocked_at]));
    },

    /** Those of the milestones that were not unlocked before. */
    unlock: async (
      tx: Transaction,
      userId: string,
      ids: readonly string[],
      now: number,
    ): Promise<readonly string[]> => {
      const added = await on(tx)
        .insertInto('stories_milestones')
        .values(ids.map((milestone_id) => ({ user_id: userId, milestone_id, unlocked_at: now })))
        .onConflict((conflict) => conflict.columns(['user_id', 'milestone_id']).doNothing())
        .returning('milestone_id')
        .execute();
      return added.map(({ milestone_id }) => milestone_id);
    },
  };
}

export type ReadingStore = ReturnType<typeof createReadingStore>;
