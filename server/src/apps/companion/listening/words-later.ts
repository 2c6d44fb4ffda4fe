import { buffer } from 'node:stream/consumers';
import type { PcmAudio, TranscriptSpan } from '../../../platform/ai/transcriber.js';
import { wavFile } from '../../../platform/audio/wav.js';
import type { Transaction } from '../../../platform/database/database.js';
import { AppError } from '../../../platform/http/errors.js';
import { uuidV4, uuidV7 } from '../../../platform/ids.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import { mediaKey } from '../media/keys.js';
import type { Rooms } from '../rooms.js';
import type { NewSegment } from '../services.js';
import type { SegmentRow, UnheardRow } from '../tables.js';
import { instantOf, type SoundClock } from './sound.js';
import type { ListeningStore } from './store.js';

const JOB = 'companion.hear-later';
/** About a day in all: an upstream's bad night, and a key that somebody has to renew. */
const BACKOFF_MS = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000];
const MAX_ATTEMPTS = 28;
/** Recordings that lie this close to a conversation belong to it (contract §7.3). */
export const NEAR_MS = 120_000;

/** Sound whose words are still to come. */
export interface Unheard {
  readonly userId: string;
  readonly conversationId: string | null;
  /** ISO 639-1, null for whatever is spoken. */
  readonly language: string | null;
  readonly sound: PcmAudio;
  readonly clock: SoundClock;
}

/** Words and the instant (epoch ms) that their seconds count from. */
export interface PlacedWords {
  readonly origin: number;
  readonly segments: readonly NewSegment[];
}

export interface WordsLater {
  /** Keeps the sound and has its words found later, for certain once it resolves. */
  keep(unheard: Unheard, alongside?: (tx: Transaction) => Promise<void>): Promise<void>;
  /**
   * Adds words to a conversation that may be over by now, or gone: then to one that lies near, or to one of their own.
   *
   * @param alongside what else is written in the same transaction
   */
  place(
    userId: string,
    conversationId: string | null,
    words: PlacedWords,
    options: { readonly language: string | null; readonly source?: string },
    alongside: (tx: Transaction) => Promise<void>,
  ): Promise<{ readonly conversationId: string; readonly rows: readonly SegmentRow[] }>;
  readonly job: JobDefinition<{ readonly id: string }>;
}

/** The words of audio that could not be recognised when it came: after a crash, or because the engine failed. */
export function createWordsLater(
  { clock, database, jobs, media, transcriber, log }: Platform,
  { conversations, stores, erasing, events }: Rooms,
  store: ListeningStore,
): WordsLater {
  const keep: WordsLater['keep'] = async (
    { userId, conversationId, language, sound, clock: at },
    alongside,
  ) => {
    const now = clock.now();
    const id = uuidV7(now);
    const media_key = mediaKey(userId, 'unheard', `${id}.wav`);
    await media.put(media_key, wavFile(sound.samples, sound.sampleRate));
    await database.transaction(async (tx) => {
      const conversation = conversationId && (await stores.conversations.find(tx, userId, conversationId));
      await store.insertUnheard(tx, {
        id,
        user_id: userId,
        conversation_id: conversation ? conversation.id : null,
        media_key,
        language,
        clock: JSON.stringify(at),
        seconds: sound.samples.length / sound.sampleRate,
        created_at: now,
      });
      await jobs.enqueue(tx, { name: JOB, owner: userId, uniqueKey: `${JOB}:${id}`, payload: { id } });
      await alongside?.(tx);
    });
  };

  const place: WordsLater['place'] = async (userId, conversationId, words, options, alongside) => {
    const { origin, segments } = words;
    if (conversationId !== null) {
      const rows = await conversations
        .addSegments(userId, conversationId, origin, segments, alongside)
        .catch(nullWhenGone);
      if (rows) return { conversationId, rows };
    }
    const id = await database.transaction(async (tx) => {
      const until = origin + Math.max(0, ...segments.map(({ end_at }) => end_at)) * 1_000;
      const own = conversationId && (await stores.conversations.find(tx, userId, conversationId));
      const near =
        own || (await stores.conversations.touching(tx, userId, origin - NEAR_MS, until + NEAR_MS));
      await alongside(tx);
      if (near) {
        await conversations.mergeRecording(tx, userId, near.id, origin, segments);
        return near.id;
      }
      const { language, source = 'omi' } = options;
      return conversations.createFromRecording(tx, userId, { startedAt: origin, language, source, segments });
    });
    return { conversationId: id, rows: [] };
  };

  const done = async (row: UnheardRow, spans: readonly TranscriptSpan[]): Promise<void> => {
    const finish = async (tx: Transaction) => {
      // Another run of the same job was quicker: then nothing of this one may stay.
      if (!(await store.removeUnheard(tx, row.id))) throw new DoNotRetry('The words are stored already.');
      await erasing.erase(tx, row.user_id, [row.media_key]);
    };
    const words = wordsOf(spans, JSON.parse(row.clock) as SoundClock);
    if (words.segments.length === 0) return database.transaction(finish);
    const { user_id, conversation_id, language } = row;
    const { conversationId, rows } = await place(user_id, conversation_id, words, { language }, finish);
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) await events.segments(user_id, conversationId, ids, uuidV4());
  };

  return {
    keep,
    place,
    job: {
      name: JOB,
      concurrency: 2,
      perOwner: 1,
      maxAttempts: MAX_ATTEMPTS,
      backoffMs: (attempt) => BACKOFF_MS[attempt - 1] ?? 3_600_000,
      run: async ({ payload, signal }) => {
        const row = await store.findUnheard(payload.id);
        if (!row) return;
        const bytes = await media.read(row.media_key);
        if (!bytes) throw new DoNotRetry('The recording is gone.');
        const { segments } = await transcriber
          .transcribe(Buffer.isBuffer(bytes) ? bytes : await buffer(bytes), {
            ...(row.language ? { language: row.language } : {}),
            signal,
          })
          .catch((error: unknown) => {
            if (error instanceof AppError && ['UNSUPPORTED_FORMAT', 'TOO_LARGE'].includes(error.code))
              throw new DoNotRetry(error.message, { cause: error });
            throw error;
          });
        await done(row, segments);
      },
      exhausted: async ({ id }, reason) => {
        const row = await store.findUnheard(id);
        if (!row) return;
        const code = reason instanceof AppError ? reason.code : undefined;
        log.warn({ code, seconds: row.seconds }, 'the words of a recording could not be found');
        const { seconds } = row;
        await done(row, [{ text: `[speech ${seconds.toFixed(1)} s]`, start: 0, end: seconds }]);
      },
    },
  };
}

/** Recognised speech on the clock of the sound it is in. */
export function wordsOf(
  spans: readonly TranscriptSpan[],
  clock: SoundClock,
  more: Partial<Pick<NewSegment, 'is_user' | 'person_id'>> = {},
): PlacedWords {
  const origin = Math.round(instantOf(clock, spans[0]?.start ?? 0));
  const seconds = (place: number) => (instantOf(clock, place) - origin) / 1_000;
  return {
    origin,
    segments: spans.map(({ text, start, end }) => ({
      text,
      speaker: 'SPEAKER_00',
      is_user: 0,
      person_id: null,
      ...more,
      start_at: seconds(start),
      end_at: Math.max(seconds(start), seconds(end)),
    })),
  };
}

export const nullWhenGone = (error: unknown): null => {
  if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
  throw error;
};
