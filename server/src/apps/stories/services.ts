import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Transaction } from '../../platform/database/database.js';
import type { CustomEventRow, HeroRow, IllustrationRow, StoryRow, VisualProfileRow } from './tables.js';

/*
 * What the rooms of this app ask of each other. Every operation takes the verified user first and checks that what it touches
 * is theirs before anything else: what is not there is 404 `NotFound`, what is somebody else's is 403 `Forbidden` with the
 * same words for every kind (contract §1.2).
 *
 * Every write of a hero, story, illustration or custom event goes through its store inside a transaction that took its
 * number by `changes.next` first, writes `version`, and logs the change; after the commit the service calls
 * `changes.announce`. A deleted hero takes its stories along, a deleted story its illustrations: each gets a tombstone.
 */

/** A write inside somebody else's transaction (sync, batch), told after that transaction's commit. */
export interface Written<Row> {
  readonly row: Row;
  /** The owner's newest number afterwards. */
  readonly version: number;
}

export interface HeroWithProfile extends HeroRow {
  readonly visual_profile: VisualProfileRow | null;
  readonly story_count: number;
}

/**
 * What sync and batch need of a room with synced rows (`heroes/`, `stories/`, `custom-events/`, `illustrations/`): the same
 * rules as the routes, inside a given transaction.
 */
export interface SyncedRoom<Row extends { readonly id: string; readonly version: number }> {
  /** Checks fields as the create route does. @throws AppError 400 ValidationError */
  create(tx: Transaction, userId: string, fields: Readonly<Record<string, unknown>>): Promise<Written<Row>>;
  /** @throws AppError 400, 403, 404 */
  update(
    tx: Transaction,
    userId: string,
    id: string,
    fields: Readonly<Record<string, unknown>>,
  ): Promise<Written<Row>>;
  /** Removes it and what hangs on it, with tombstones, and enqueues the erasing of its media. @throws AppError 403, 404 */
  remove(tx: Transaction, userId: string, id: string): Promise<{ readonly version: number }>;
  /** The user's own rows among these ids, in the transaction or outside (`database.read`). */
  byIds(db: Transaction | null, userId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  /** The wire object of the contract (signed addresses included) plus `version`. */
  present(row: Row): Record<string, unknown>;
}

/** Media of this app (`files/`): keys `<kind>/<userId>/<epochMs>-<name>`, told as signed addresses. */
export interface StoryMedia {
  /** A key of the contract's form for a new object; characters that keys cannot hold become `_`. `at` is epoch ms, now unless said. */
  keyFor(
    kind: 'avatar' | 'audio' | 'illustration' | 'pictogram',
    userId: string,
    name: string,
    at?: number,
  ): string;
  /**
   * The signed address of an object, null for null: whole in a request or with PUBLIC_URL, else beginning with its path.
   * The path names the object for ever; only the query changes.
   *
   * @param seconds how long it is good for: 15 minutes unless said otherwise, one hour at most
   */
  address(key: string | null, seconds?: number): string | null;
  /** The key behind an address of ours, when it is one under this user's own prefixes; null otherwise. */
  keyOf(userId: string, address: string): Promise<string | null>;
  /** Erases objects after the transaction's commit, durably. What another row of the user still shows then stays. */
  erase(tx: Transaction, userId: string, keys: readonly (string | null)[]): Promise<void>;
  /** Erases everything under the user's prefixes after the commit: for the end of an account. */
  eraseAll(tx: Transaction, userId: string): Promise<void>;
}

export type LimitedOperation =
  | 'story_generation'
  | 'audio_generation'
  | 'avatar_generation'
  | 'illustration_generation'
  | 'ai_assistant';

export interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  /** When the oldest counted use leaves the window (epoch ms); now + one hour when there is none. */
  readonly resetAt: number;
}

/** How a call of an engine ended. */
export interface CallOutcome {
  readonly success: boolean;
  readonly tokens?: number;
  /** US dollars. */
  readonly cost?: number;
  readonly durationMs: number;
  readonly error?: string;
}

/** Limits and the ledger of engine calls (`usage/`). */
export interface UsageService {
  /**
   * Takes `units` of the rolling hour, checked and recorded atomically in the transaction; refused calls are not recorded.
   *
   * @param id the ledger row's id, where the caller has one: the same id again takes nothing more
   * @returns the ledger row's id, for {@link settle}
   * @throws AppError 429 `RateLimitExceeded` with details { operation, limit, remaining, resetAt }
   */
  reserve(
    tx: Transaction,
    userId: string,
    operation: LimitedOperation,
    model: string,
    units?: number,
    id?: string,
  ): Promise<string>;
  /** Only looks whether one unit is left. @throws AppError 429 as {@link reserve} */
  check(tx: Transaction, userId: string, operation: LimitedOperation): Promise<void>;
  /** How the call ended, in a transaction of the caller's when there is one. A failure gives back what was reserved. */
  settle(usageId: string, outcome: CallOutcome, tx?: Transaction): Promise<void>;
  states(userId: string): Promise<Readonly<Record<LimitedOperation, LimitState>>>;
}

/** Listening (`reading/`). */
export interface ReadingService {
  /** +1 play at an instant, in the caller's transaction; the same `id` is one play. Returns the story as it is then. */
  play(tx: Transaction, userId: string, storyId: string, at: number, id?: string): Promise<Written<StoryRow>>;
  /** One listening session as `POST analytics/sessions` takes it, in the caller's transaction; the same `id` is one. */
  listen(
    tx: Transaction,
    userId: string,
    session: {
      readonly storyId: string;
      readonly startedAt?: number;
      readonly endedAt?: number;
      readonly duration?: number;
      readonly completed: boolean;
    },
    id?: string,
  ): Promise<{ readonly sessionId: string; readonly story: Written<StoryRow> }>;
}

/** Rooms whose rows are synced, by the type names of the wire. */
export interface SyncedRooms {
  readonly hero: SyncedRoom<HeroWithProfile>;
  readonly story: SyncedRoom<StoryRow>;
  readonly customEvent: SyncedRoom<CustomEventRow>;
  readonly illustration: SyncedRoom<IllustrationRow>;
}

/**
 * Has a story written for `POST stories` without `content` (`generation/`). Everything is checked before anything is paid
 * for; the story is then made by a durable job, whether or not the client stays.
 *
 * @returns the id of the finished story, or null when the request asked not to wait and has been answered with 202
 * @throws AppError 400, 403, 404, 429, 502
 */
export type GenerateStory = (
  request: FastifyRequest,
  reply: FastifyReply,
  wish: StoryWish,
) => Promise<string | null>;

/** What `POST stories` says of a story that is to be written. */
export interface StoryWish {
  readonly heroId: string;
  /** A name or a code: `English`, `fr`. */
  readonly language: string;
  readonly title?: string | undefined;
  readonly eventType?: string | undefined;
  readonly customEventId?: string | undefined;
  readonly customPrompt?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly generateAudio?: boolean | undefined;
  readonly generateIllustrations?: boolean | undefined;
}
