import type { Transaction } from '../../platform/database/database.js';
import type { ActionItemRow, ConversationRow, MemoryRow, PersonRow, PhotoRow, SegmentRow } from './tables.js';

/*
 * What the rooms of this app ask of each other. Every operation takes the verified user first and checks that what it touches
 * is theirs before anything else; what is not theirs is told as not found.
 */

/** A conversation with everything that its wire shape shows (contract §6.1). */
export interface WholeConversation extends ConversationRow {
  readonly segments: readonly SegmentRow[];
  readonly photos: readonly PhotoRow[];
  readonly action_items: readonly ActionItemRow[];
}

export type NewSegment = Pick<
  SegmentRow,
  'text' | 'speaker' | 'is_user' | 'person_id' | 'start_at' | 'end_at'
> &
  Partial<Pick<SegmentRow, 'id' | 'source' | 'asr_provider' | 'translations'>>;

/** Conversations (`conversations/`). */
export interface ConversationService {
  get(userId: string, id: string): Promise<WholeConversation>;
  /** The one in progress, null when there is none. */
  live(userId: string): Promise<WholeConversation | null>;
  /**
   * Takes the one in progress or makes an empty one: one and the same for any number of parallel callers. One whose silence
   * is over is ended first.
   *
   * @returns the running one, and the one that was ended
   */
  openLive(
    userId: string,
    options: { readonly language: string; readonly timeoutSeconds: number; readonly source?: string },
  ): Promise<{ readonly conversation: WholeConversation; readonly ended: ConversationRow | null }>;
  /**
   * Adds or merges segments (contract §4.4: same speaker, less than 30 s apart) into a conversation in progress, durably,
   * and moves `finished_at`. The first ones decide when the conversation started.
   *
   * @param origin the instant (epoch ms) that the segments' seconds count from
   * @param alongside what else is written in the same transaction
   * @returns the segments as stored, changed ones under their old id; null when the conversation is over by now
   */
  addSegments(
    userId: string,
    conversationId: string,
    origin: number,
    segments: readonly NewSegment[],
    alongside?: (tx: Transaction) => Promise<void>,
  ): Promise<readonly SegmentRow[] | null>;
  /** Somebody speaks whose words are not known yet: moves `finished_at` of a conversation in progress. */
  heard(userId: string, conversationId: string): Promise<void>;
  /** Adds segments of a recording by absolute time (epoch ms of the recording's start) to a finished conversation. */
  mergeRecording(
    tx: Transaction,
    userId: string,
    conversationId: string,
    startedAt: number,
    segments: readonly NewSegment[],
  ): Promise<void>;
  /** A finished conversation from a recording; its summary is enqueued in the transaction. */
  createFromRecording(
    tx: Transaction,
    userId: string,
    recording: {
      readonly startedAt: number;
      readonly language: string | null;
      readonly source: string;
      readonly segments: readonly NewSegment[];
    },
  ): Promise<string>;
  addPhoto(
    userId: string,
    conversationId: string,
    photo: { readonly mediaKey: string; readonly mediaType: string },
  ): Promise<PhotoRow>;
  describePhoto(userId: string, photoId: string, description: string, discarded: boolean): Promise<void>;
  /**
   * Ends a conversation in progress: an empty one is deleted (null), another one becomes `processing` and its summary is
   * enqueued in the same transaction. Ending it twice is one ending.
   *
   * @param options `mayBeEmpty`: words of it are on their way, so it stays even if it holds nothing yet
   */
  close(
    userId: string,
    conversationId: string,
    options: { readonly keep: boolean; readonly mayBeEmpty?: boolean },
  ): Promise<ConversationRow | null>;
  /** Conversations in progress whose silence is over, and ones left in `processing` without a job. */
  abandoned(now: number, limit: number): Promise<readonly ConversationRow[]>;
}

/** What is made of a finished conversation (`summaries/`). */
export interface SummaryService {
  /** Enqueues the summary in the transaction; one job per conversation. */
  enqueue(
    tx: Transaction,
    userId: string,
    conversationId: string,
    options: { readonly keep: boolean },
  ): Promise<void>;
  /** Makes it again at once (reprocess). */
  again(userId: string, conversationId: string, language: string | null): Promise<WholeConversation>;
}

/** Tells a user's open sockets, on all nodes, what happened to a conversation (`listening/`). */
export interface ConversationEvents {
  processingStarted(userId: string, conversationId: string): Promise<void>;
  /** Finished, discarded or failed. */
  created(userId: string, conversationId: string): Promise<void>;
}

/** Facts about the user (`memories/`). */
export interface MemoryService {
  list(
    userId: string,
    page?: { readonly limit: number; readonly offset: number },
  ): Promise<readonly MemoryRow[]>;
  /** Replaces what an earlier run found in the same conversation. */
  replaceOf(
    tx: Transaction,
    userId: string,
    conversationId: string,
    memories: readonly { readonly content: string; readonly category: 'interesting' | 'system' }[],
  ): Promise<void>;
}

/** To-dos (`action-items/`). */
export interface ActionItemService {
  recent(userId: string, since: number): Promise<readonly ActionItemRow[]>;
  replaceOf(
    tx: Transaction,
    userId: string,
    conversationId: string,
    items: readonly { readonly description: string; readonly dueAt: number | null }[],
  ): Promise<void>;
}

/** People whom the user knows (`people/`). */
export interface PeopleService {
  list(userId: string): Promise<readonly PersonRow[]>;
  byName(userId: string, name: string): Promise<PersonRow | null>;
}

/** Search over a user's own conversations and memories (`search/`, over the platform's search port). */
export interface CompanionSearch {
  find(
    userId: string,
    words: string,
    options: {
      readonly limit: number;
      readonly kinds: readonly ('conversation' | 'memory')[];
      /** `all` words (default), or `any` of them, the more the better. */
      readonly match?: 'all' | 'any';
      /** Best matches first (default), or newest first, which costs less. */
      readonly order?: 'relevance' | 'newest';
    },
  ): Promise<readonly { readonly kind: 'conversation' | 'memory'; readonly id: string }[]>;
}
