import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import { DoNotRetry, type JobDefinition } from '../../../platform/jobs/jobs.js';
import type { Platform } from '../../../platform/platform.js';
import type { Recordings } from '../listening/recordings.js';
import { mediaKey } from '../media/keys.js';
import type { Rooms } from '../rooms.js';
import type { TranscriptionRow } from '../tables.js';
import type { Upload } from '../wire/uploads.js';
import type { TranscriptionStore } from './store.js';

const JOB = 'companion.transcribe';
const BACKOFF_MS = [2_000, 10_000, 60_000, 600_000];
/** The requirements want an answer within 5 s; what takes longer is asked for again by its id. */
const PATIENCE_MS = 4_000;
const LOOK_AGAIN_MS = 50;

interface Payload {
  readonly userId: string;
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly language: string | null;
}

/** Recordings whose words somebody wants: `POST /v1/transcriptions` of contract §9. */
export function createTranscriptionService(
  { clock, database, jobs, media, users }: Platform,
  { erasing, stores }: Rooms,
  recordings: Recordings,
  store: TranscriptionStore,
) {
  /** Why transcriptions of this process failed that somebody waits for. */
  const reasons = new Map<string, AppError>();

  const job: JobDefinition<Payload> = {
    name: JOB,
    concurrency: 4,
    perOwner: 2,
    maxAttempts: BACKOFF_MS.length + 1,
    backoffMs: (attempt) => BACKOFF_MS[attempt - 1] ?? 600_000,
    run: async ({ payload, signal }) => {
      const { id, key, name, language } = payload;
      const userId = await users.current(payload.userId);
      const bytes = await media.read(key);
      if (!bytes) throw new DoNotRetry('The recording is gone.');
      const file = Buffer.isBuffer(bytes) ? bytes : await buffer(bytes);
      const heard = await recordings
        .transcribe({ name, bytes: file }, { language, signal })
        .catch((error: unknown) => {
          if (error instanceof AppError && error.statusCode < 500 && error.statusCode !== 429) {
            if (reasons.size < 1_000) reasons.set(id, error);
            throw new DoNotRetry(error.message, { cause: error });
          }
          throw error;
        });
      await database.transaction(async (tx) => {
        const isFirst = await store.complete(tx, id, {
          status: 'completed',
          text: heard.text,
          segments: JSON.stringify(heard.segments),
          language: heard.language ?? language,
          duration: heard.duration,
        });
        if (!isFirst) return;
        await erasing.erase(tx, userId, [key]);
        await stores.profiles.addUsage(tx, userId, new Date(clock.now()).toISOString().slice(0, 10), {
          transcription_seconds: heard.duration,
        });
      });
    },
    exhausted: ({ userId, id, key }) =>
      database.transaction(async (tx) => {
        await store.complete(tx, id, { status: 'failed' });
        await erasing.erase(tx, userId, [key]);
      }),
  };
  jobs.define(job);

  const find = async (userId: string, id: string): Promise<TranscriptionRow> => {
    const row = await store.find(userId, id);
    if (!row) throw errors.notFound('Transcription not found');
    return row;
  };

  return {
    find,
    /**
     * @returns the transcription: completed, or still `processing` when it takes long
     * @throws AppError 400 when the recording cannot be decoded
     */
    transcribe: async (userId: string, file: Upload, language: string | null): Promise<TranscriptionRow> => {
      const now = clock.now();
      const id = uuidV7(now);
      const key = mediaKey(userId, 'recording', `${id}.audio`);
      await media.put(key, file.bytes);
      await database.transaction(async (tx) => {
        await store.insert(tx, {
          id,
          user_id: userId,
          status: 'processing',
          text: '',
          segments: '[]',
          language,
          duration: 0,
          conversation_id: null,
          created_at: now,
        });
        const payload: Payload = { userId, id, key, name: file.name, language };
        await jobs.enqueue(tx, { name: JOB, owner: userId, uniqueKey: `${JOB}:${id}`, payload });
      });
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        const row = await find(userId, id);
        const reason = reasons.get(id);
        if (row.status === 'failed') {
          reasons.delete(id);
          throw reason ?? errors.upstreamFailed('The recording could not be transcribed.');
        }
        if (row.status === 'completed' || performance.now() > until) return row;
        await sleep(LOOK_AGAIN_MS);
      }
    },
  };
}

export type TranscriptionService = ReturnType<typeof createTranscriptionService>;
