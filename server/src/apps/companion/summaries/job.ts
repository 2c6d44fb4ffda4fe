import type { Transaction } from '../../../platform/database/database.js';
import { AppError } from '../../../platform/http/errors.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { ConversationStore } from '../conversations/store.js';
import type { IndexedTexts } from '../search/index-texts.js';
import type {
  ActionItemService,
  ConversationEvents,
  MemoryService,
  PeopleService,
  WholeConversation,
} from '../services.js';
import type { ProfileStore } from '../users/store.js';
import { spokenLines } from './spoken-lines.js';
import { type ConversationDigest, type Summarizer, type SummaryRequest, wordCount } from './summarizer.js';

export const SUMMARY_JOB = 'companion.summarize';

export interface SummaryPayload {
  readonly userId: string;
  readonly conversationId: string;
  readonly keep: boolean;
  /** Overrides the conversation's own language. */
  readonly language: string | null;
}

export interface SummaryRooms {
  readonly store: ConversationStore;
  readonly items: Pick<ActionItemService, 'recent' | 'replaceOf'>;
  readonly memories: Pick<MemoryService, 'replaceOf'>;
  readonly people: Pick<PeopleService, 'list'>;
  readonly profiles: Pick<ProfileStore, 'find' | 'addUsage'>;
  readonly texts: Pick<IndexedTexts, 'putConversation'>;
  readonly events: ConversationEvents;
  readonly summarizer: Summarizer;
  /** Makes do without an engine, when that stays away. */
  readonly fallback: Summarizer;
  /** More work that a finished conversation brings, enqueued in its transaction. */
  finished(tx: Transaction, userId: string, conversationId: string): Promise<void>;
}

/** About two hours in all: an upstream's bad afternoon. */
const BACKOFF_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
const KNOWN_ITEMS_MS = 2 * 24 * 3_600_000;

/** Makes what is kept of finished conversations: contract §4.8. */
export function summaryJob(
  { clock, database, log, users }: Pick<Platform, 'clock' | 'database' | 'log' | 'users'>,
  rooms: SummaryRooms,
): JobDefinition<SummaryPayload> {
  const { store, items, memories, people, profiles, texts, events } = rooms;

  const load = async ({ userId, conversationId }: SummaryPayload): Promise<WholeConversation | null> => {
    const row = await store.find(null, userId, conversationId);
    return row ? ((await store.whole(null, [row]))[0] ?? null) : null;
  };

  const requestOf = async (
    payload: SummaryPayload,
    conversation: WholeConversation,
  ): Promise<SummaryRequest> => {
    const { userId } = payload;
    const names = new Map((await people.list(userId)).map(({ id, name }) => [id, name]));
    const profile = await profiles.find(userId);
    const recent = await items.recent(userId, clock.now() - KNOWN_ITEMS_MS);
    return {
      lines: spokenLines(conversation.segments, names),
      photos: conversation.photos.flatMap(({ description }) => description ?? []),
      language: payload.language ?? profile?.language ?? conversation.language,
      timeZone: profile?.time_zone ?? 'UTC',
      startedAt: conversation.started_at,
      keep: payload.keep,
      knownItems: recent
        .filter(({ conversation_id }) => conversation_id !== conversation.id)
        .map(({ description }) => description),
    };
  };

  /**
   * Only the first summary counts as a new conversation; the app hears of later ones where it asked for them.
   *
   * @returns `stale` when the conversation has grown meanwhile: then its newer text is summarised
   */
  const keep = (
    payload: SummaryPayload,
    before: WholeConversation,
    digest: ConversationDigest,
  ): Promise<'stale' | 'gone' | 'first' | 'again'> =>
    database.transaction(async (tx) => {
      const { userId, conversationId } = payload;
      const row = await store.find(tx, userId, conversationId);
      if (!row) return 'gone';
      if (!(await store.hold(tx, row))) return 'stale';
      const segments = await store.segments(tx, conversationId);
      if (!isSameText(segments, before.segments)) return 'stale';
      const isFirst = row.status === 'processing';
      await store.change(tx, conversationId, clock.now(), {
        status: 'completed',
        discarded: digest.discarded ? 1 : 0,
        title: digest.title,
        overview: digest.overview,
        emoji: digest.emoji,
        category: digest.category,
        events: JSON.stringify(digest.events.map((event) => ({ ...event, created: false }))),
      });
      await items.replaceOf(tx, userId, conversationId, digest.actionItems);
      await memories.replaceOf(tx, userId, conversationId, digest.memories);
      if (isFirst) {
        await profiles.addUsage(tx, userId, new Date(clock.now()).toISOString().slice(0, 10), {
          insights_gained: digest.discarded ? 0 : 1,
          memories_created: digest.memories.length,
          words_transcribed: segments.reduce((sum, { text }) => sum + wordCount(text), 0),
        });
      }
      const changed = await store.find(tx, userId, conversationId);
      const [whole] = changed ? await store.whole(tx, [changed]) : [];
      if (whole) await texts.putConversation(tx, whole);
      if (isFirst) await rooms.finished(tx, userId, conversationId);
      return isFirst ? 'first' : 'again';
    });

  const summarize = async (
    ordered: SummaryPayload,
    summarizer: Summarizer,
    signal: AbortSignal,
  ): Promise<void> => {
    for (;;) {
      const payload = { ...ordered, userId: await users.current(ordered.userId) };
      const conversation = await load(payload);
      if (!conversation || conversation.status === 'in_progress') return;
      const digest = await summarizer.summarize(await requestOf(payload, conversation), signal);
      signal.throwIfAborted();
      const kept = await keep(payload, conversation, digest);
      if (kept === 'stale') continue;
      // Merged into another account meanwhile: it is that one's conversation.
      if (kept === 'gone' && (await users.current(ordered.userId)) !== payload.userId) continue;
      if (kept === 'first') await events.created(payload.userId, payload.conversationId);
      return;
    }
  };

  return {
    name: SUMMARY_JOB,
    concurrency: 4,
    perOwner: 1,
    maxAttempts: BACKOFF_MS.length + 1,
    backoffMs: (attempt) => BACKOFF_MS[attempt - 1] ?? 3_600_000,
    run: async ({ payload, signal }) => {
      try {
        await summarize(payload, rooms.summarizer, signal);
      } catch (error) {
        throw isFinal(error) ? new DoNotRetry(error.message, { cause: error }) : error;
      }
    },
    // What was said must not hang in the air because an engine stays away: rules make do.
    exhausted: async (payload, reason) => {
      log.warn(
        { code: reason instanceof AppError ? reason.code : undefined, conversation: payload.conversationId },
        'a conversation was summarised by rules, because the engine failed',
      );
      await summarize(payload, rooms.fallback, AbortSignal.timeout(60_000));
    },
  };
}

/** The engine will not take this text, however often it is asked. A refused key may be mended. */
const isFinal = (error: unknown): error is AppError =>
  error instanceof AppError && [400, 413, 422, 501].includes(error.statusCode);

const isSameText = (
  now: readonly { readonly id: string; readonly updated_at: number }[],
  before: readonly { readonly id: string; readonly updated_at: number }[],
): boolean =>
  now.length === before.length &&
  now.every(
    ({ id, updated_at }, index) => before[index]?.id === id && before[index].updated_at === updated_at,
  );
