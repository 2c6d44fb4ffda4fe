import type { Transaction } from '../../../platform/database/database.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV4, uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import type { ConversationService, NewSegment, SummaryService, WholeConversation } from '../services.js';
import type { ConversationRow, ConversationStatus, PhotoRow, SegmentRow } from '../tables.js';
import { continues, joined } from './merge-segments.js';
import type { KeptEvent } from './presenter.js';
import type { ConversationChange, ConversationFilter, ConversationStore, SearchFilter } from './store.js';

/** Work on a conversation that has not ended after this long was lost. */
const LOST_WORK_MS = 10 * 60_000;

const notFound = () => errors.notFound('Conversation not found');

/** What else is done in the transaction that removes or closes a conversation. */
export interface ConversationEffects {
  readonly summaries: Pick<SummaryService, 'enqueue'>;
  /** Forgets what search knows of it, and its media. */
  removed(tx: Transaction, conversation: ConversationRow, photos: readonly PhotoRow[]): Promise<void>;
  /** Makes its new words findable. */
  renamed(tx: Transaction, conversation: WholeConversation): Promise<void>;
  /** @throws AppError 404 when it is nobody whom the user knows */
  knows(tx: Transaction, userId: string, personId: string): Promise<void>;
  /** The place where the user was last, as JSON. */
  place(tx: Transaction, userId: string): Promise<string | null>;
}

export function createConversationService(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  store: ConversationStore,
  effects: ConversationEffects,
) {
  const own = async (tx: Transaction | null, userId: string, id: string): Promise<ConversationRow> => {
    const row = await store.find(tx, userId, id);
    if (!row) throw notFound();
    return row;
  };
  const whole = async (tx: Transaction | null, row: ConversationRow): Promise<WholeConversation> => {
    const [conversation] = await store.whole(tx, [row]);
    if (!conversation) throw notFound();
    return conversation;
  };

  const end = async (
    tx: Transaction,
    conversation: ConversationRow,
    keep: boolean,
    mayBeEmpty = false,
  ): Promise<ConversationRow | null> => {
    const { segments, photos, unheard } = await store.contents(tx, conversation.id);
    if (!mayBeEmpty && segments + photos + unheard === 0) {
      await store.remove(tx, conversation.id);
      return null;
    }
    await store.change(tx, conversation.id, clock.now(), { status: 'processing' });
    await effects.summaries.enqueue(tx, conversation.user_id, conversation.id, { keep });
    return { ...conversation, status: 'processing' };
  };

  const service: ConversationService = {
    get: async (userId, id) => whole(null, await own(null, userId, id)),

    live: async (userId) => {
      const row = await store.live(null, userId);
      return row ? whole(null, row) : null;
    },

    openLive: (userId, { language, timeoutSeconds, source = 'omi' }) =>
      database.transaction(async (tx) => {
        const now = clock.now();
        const running = await store.live(tx, userId);
        const isOver = running && running.finished_at + running.timeout_seconds * 1_000 < now;
        if (running && !isOver) {
          if (running.timeout_seconds !== timeoutSeconds) {
            await store.change(tx, running.id, now, { timeout_seconds: timeoutSeconds });
          }
          return { conversation: await whole(tx, await own(tx, userId, running.id)), ended: null };
        }
        const ended = running ? await end(tx, running, false) : null;
        const row = emptyConversation(userId, now, { language, timeoutSeconds, source });
        await store.insert(tx, { ...row, geolocation: await effects.place(tx, userId) });
        // Another node may have been quicker; then there is its conversation.
        const winner = await store.live(tx, userId);
        if (!winner)
          throw errors.conflict('Another device ended the conversation at this moment. Please try again.');
        return { conversation: await whole(tx, winner), ended };
      }),

    addSegments: (userId, conversationId, origin, segments, alongside) =>
      database.transaction(async (tx) => {
        const conversation = await own(tx, userId, conversationId);
        if (conversation.status !== 'in_progress') return null;
        const stored = await addTo(tx, conversation, origin, segments);
        await alongside?.(tx);
        return stored;
      }),

    heard: (userId, conversationId) =>
      database.transaction(async (tx) => {
        const conversation = await store.find(tx, userId, conversationId);
        if (conversation?.status !== 'in_progress') return;
        const now = clock.now();
        await store.change(tx, conversationId, now, { finished_at: Math.max(now, conversation.finished_at) });
      }),

    mergeRecording: async (tx, userId, conversationId, startedAt, segments) => {
      const conversation = await own(tx, userId, conversationId);
      await addTo(tx, conversation, startedAt, segments);
      // What was worth keeping with fewer words still is.
      await effects.summaries.enqueue(tx, userId, conversationId, { keep: conversation.discarded === 0 });
    },

    createFromRecording: async (tx, userId, recording) => {
      const { startedAt, language, source } = recording;
      const row = {
        ...emptyConversation(userId, clock.now(), { language, timeoutSeconds: 120, source }),
        started_at: startedAt,
        finished_at: startedAt,
        status: 'processing' as ConversationStatus,
      };
      await store.insert(tx, row);
      await addTo(tx, row, startedAt, recording.segments);
      await effects.summaries.enqueue(tx, userId, row.id, { keep: false });
      return row.id;
    },

    addPhoto: (userId, conversationId, photo) =>
      database.transaction(async (tx) => {
        await own(tx, userId, conversationId);
        const now = clock.now();
        const row: PhotoRow = {
          id: uuidV7(now),
          conversation_id: conversationId,
          user_id: userId,
          media_key: photo.mediaKey,
          media_type: photo.mediaType,
          description: null,
          discarded: 0,
          created_at: now,
        };
        await store.insertPhoto(tx, row);
        await store.change(tx, conversationId, now, { source: 'openglass', finished_at: now });
        return row;
      }),

    describePhoto: (userId, photoId, description, discarded) =>
      database.transaction(async (tx) => {
        if (!(await store.findPhoto(tx, userId, photoId))) throw errors.notFound('Photo not found');
        await store.changePhoto(tx, photoId, { description, discarded: discarded ? 1 : 0 });
      }),

    close: (userId, conversationId, { keep, mayBeEmpty }) =>
      database.transaction(async (tx) => {
        const conversation = await own(tx, userId, conversationId);
        return conversation.status === 'in_progress' ? end(tx, conversation, keep, mayBeEmpty) : conversation;
      }),

    abandoned: (now, limit) => store.unfinished(now, now - LOST_WORK_MS, limit),
  };

  /** Places segments on the conversation's own clock and joins the first one to what was said last. */
  const addTo = async (
    tx: Transaction,
    conversation: ConversationRow,
    origin: number,
    segments: readonly NewSegment[],
  ): Promise<SegmentRow[]> => {
    const first = segments[0];
    if (!first) return [];
    const now = clock.now();
    const last = await store.lastSegment(tx, conversation.id);
    const begins = Math.min(...segments.map(({ start_at }) => origin + start_at * 1_000));
    let startedAt = last ? conversation.started_at : begins;
    if (begins < startedAt) {
      await store.shiftSegments(tx, conversation.id, (startedAt - begins) / 1_000);
      startedAt = begins;
    }
    const offset = (origin - startedAt) / 1_000;
    const placed = joined(
      segments
        .map((segment) => ({
          ...segment,
          start_at: milliseconds(segment.start_at + offset),
          end_at: milliseconds(Math.max(segment.end_at, segment.start_at) + offset),
        }))
        .toSorted((a, b) => a.start_at - b.start_at),
    );
    const stored: SegmentRow[] = [];
    const [next, ...rest] = placed;
    const isJoined =
      last !== null && next !== undefined && next.start_at >= last.start_at && continues(last, next);
    if (last && next && isJoined) {
      const change = {
        text: `${last.text} ${next.text}`,
        end_at: Math.max(last.end_at, next.end_at),
        updated_at: now,
      };
      await store.changeSegment(tx, last.id, change);
      stored.push({ ...last, ...change });
    }
    const rows = (isJoined ? rest : placed).map((segment) => segmentRow(conversation, segment, now));
    await store.insertSegments(tx, rows);
    stored.push(...rows);
    const heardUntil = Math.round(startedAt + Math.max(...stored.map(({ end_at }) => end_at)) * 1_000);
    await store.change(tx, conversation.id, now, {
      started_at: Math.round(startedAt),
      finished_at:
        conversation.status === 'in_progress'
          ? Math.max(now, conversation.finished_at)
          : Math.max(heardUntil, conversation.finished_at),
    });
    return stored;
  };

  return {
    ...service,

    list: async (
      userId: string,
      filter: ConversationFilter,
      page: { readonly limit: number; readonly offset: number },
    ): Promise<WholeConversation[]> => store.whole(null, await store.list(userId, filter, page)),

    /** In the order of the ids; what is gone is left out. */
    byIds: async (userId: string, ids: readonly string[]): Promise<WholeConversation[]> => {
      const rows = new Map((await store.byIds(userId, ids)).map((row) => [row.id, row]));
      return store.whole(
        null,
        ids.flatMap((id) => rows.get(id) ?? []),
      );
    },

    /** Those of the ids that the filter lets through, in their order. */
    wanted: (userId: string, ids: readonly string[], filter: SearchFilter) =>
      store.wanted(userId, ids, filter),

    /** Without their contents, in no particular order. */
    headers: (userId: string, ids: readonly string[]) => store.byIds(userId, ids),

    shared: async (id: string): Promise<WholeConversation> => {
      const row = await store.findShared(id);
      if (!row) throw notFound();
      return { ...(await whole(null, row)), geolocation: null };
    },

    newestCompleted: (userId: string) => store.newestCompleted(userId),

    change: (userId: string, id: string, change: Pick<ConversationChange, 'title' | 'visibility'>) =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        await store.change(tx, id, clock.now(), change);
        if (change.title !== undefined) await effects.renamed(tx, await whole(tx, await own(tx, userId, id)));
      }),

    /** Says of events, by their place in the list, whether they are in the user's calendar; other places are ignored. */
    markEvents: (userId: string, id: string, places: readonly number[], created: readonly boolean[]) =>
      database.transaction(async (tx) => {
        const row = await own(tx, userId, id);
        const events = JSON.parse(row.events) as KeptEvent[];
        const marked = events.map((event, index) => {
          const at = places.indexOf(index);
          return at === -1 ? event : { ...event, created: created[at] ?? event.created };
        });
        await store.change(tx, id, clock.now(), { events: JSON.stringify(marked) });
      }),

    /** Says who spoke: the user, a person, or (null) nobody known. */
    assign: (
      userId: string,
      id: string,
      segmentIds: readonly string[],
      who: { readonly isUser: boolean; readonly personId: string | null },
    ) =>
      database.transaction(async (tx) => {
        await own(tx, userId, id);
        if (who.personId !== null) await effects.knows(tx, userId, who.personId);
        if (segmentIds.length > 0) {
          const row = { is_user: who.isUser ? 1 : 0, person_id: who.isUser ? null : who.personId };
          await store.assign(tx, id, segmentIds, row, clock.now());
        }
        return whole(tx, await own(tx, userId, id));
      }),

    remove: (userId: string, id: string) =>
      database.transaction(async (tx) => {
        const row = await own(tx, userId, id);
        await effects.removed(tx, row, await store.photos(tx, id));
        await store.remove(tx, id);
      }),

    photos: async (userId: string, id: string): Promise<PhotoRow[]> => {
      await own(null, userId, id);
      return store.photos(null, id);
    },
  };
}

export type Conversations = ReturnType<typeof createConversationService>;

/** Places are kept to the millisecond: more digits are noise of the arithmetic. */
const milliseconds = (seconds: number): number => Math.max(0, Math.round(seconds * 1_000) / 1_000);

const segmentRow = (conversation: ConversationRow, segment: NewSegment, now: number): SegmentRow => ({
  id: segment.id ?? uuidV4(),
  conversation_id: conversation.id,
  user_id: conversation.user_id,
  text: segment.text,
  speaker: segment.speaker,
  is_user: segment.is_user,
  person_id: segment.is_user === 1 ? null : segment.person_id,
  start_at: segment.start_at,
  end_at: segment.end_at,
  translations: segment.translations ?? '[]',
  source: segment.source ?? null,
  asr_provider: segment.asr_provider ?? null,
  created_at: now,
  updated_at: now,
});

const emptyConversation = (
  userId: string,
  now: number,
  options: { readonly language: string | null; readonly timeoutSeconds: number; readonly source: string },
): ConversationRow => ({
  id: uuidV7(now),
  user_id: userId,
  status: 'in_progress',
  source: options.source,
  language: options.language,
  created_at: now,
  started_at: now,
  finished_at: now,
  timeout_seconds: options.timeoutSeconds,
  title: '',
  overview: '',
  emoji: '',
  category: 'other',
  events: '[]',
  discarded: 0,
  visibility: 'private',
  geolocation: null,
  apps_results: '[]',
  external_data: null,
  revision: 1,
  updated_at: now,
});
