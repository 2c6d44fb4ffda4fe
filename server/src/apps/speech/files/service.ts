import type { Readable } from 'node:stream';
import { retentionMs } from '../../../config.js';
import type { SpeechFormat } from '../../../platform/ai/speech-synthesizer.js';
import { splitText } from '../../../platform/ai/split-text.js';
import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import { recordUsage, totalUsage } from '../../../platform/limits/usage-ledger.js';
import type { ByteRange } from '../../../platform/media/media.js';
import type { Platform } from '../../../platform/platform.js';
import { GENERATE_JOB, type GenerationPayload, generationKey } from '../generation/payload.js';
import { mediaKeyOf } from '../media-keys.js';
import type { AudioFileRow } from '../tables.js';
import { contentHash } from './content-hash.js';
import type { AudioFile, FileStore } from './store.js';

/** What a user asks to be spoken, already checked against the schema. */
export interface SpeechOrder {
  readonly text: string;
  readonly voice: string;
  readonly model: string;
  readonly format: SpeechFormat;
  readonly speed: number;
  readonly instructions?: string | undefined;
  readonly title?: string | undefined;
  /** The key that pays, when it is not that of the session. */
  readonly apiKey?: string | undefined;
}

/** A file's bytes and what its headers are made of. */
export interface Download {
  readonly file: AudioFile & { readonly file_name: string; readonly file_size: number };
  readonly entityTag: string;
  /** Opens the bytes, all or a part of them. */
  open(range: ByteRange | null): Promise<Buffer | Readable>;
}

/** What characters count against, per user and UTC day. */
export const CHARACTERS_METER = 'speech.characters';
/** Changes so much older than asked for are told again: clocks differ, and clients ignore what they know. */
const SKEW_MS = 10_000;
/** How far back deletions are told to a client that names no instant. */
export const TOMBSTONES_KEPT_MS = 30 * 24 * 3_600_000;

export const startOfUtcDay = (now: number): number => now - (now % 86_400_000);

export function createFileService(
  platform: Platform,
  store: FileStore,
  keyOf: (userId: string) => string | null,
) {
  const { clock, config, database, jobs, media, secrets, speech } = platform;
  const { synthesizer } = speech;

  const hasAudio = async (file: AudioFile) =>
    file.status !== 'ready' || (await media.stat(mediaKeyOf(file.id, file.format))) !== null;

  /** The key that pays, sealed for the job; the builtin voice costs nothing and needs none. */
  const sealedKeyFor = (userId: string, order: SpeechOrder): string | null => {
    if (synthesizer.engine === 'builtin') return null;
    const key = order.apiKey ?? keyOf(userId);
    if (!key) throw errors.badRequest('The server does not have your key any more. Please log in again.');
    return secrets.seal(key);
  };

  const refuse = (order: SpeechOrder) => {
    if (order.text.trim() === '') {
      throw errors.validation('body/text must contain something to speak', { field: 'text' });
    }
    if (!synthesizer.formats.includes(order.format)) {
      throw errors.unsupportedFormat(
        `This server cannot write ${order.format}. On offer: ${synthesizer.formats.join(', ')}.`,
        { field: 'format' },
      );
    }
  };

  return {
    /**
     * Asks for audio. The same content of the same user is made once: a living file of it is returned as it is, and
     * its time is not extended.
     *
     * @throws AppError 400 for what cannot be spoken, 429 when the queue or the day's characters are used up
     */
    order: async (userId: string, order: SpeechOrder): Promise<AudioFile> => {
      refuse(order);
      const hash = contentHash(order);
      const current = await store.newest(userId, hash, clock.now());
      const isThere = current !== undefined && current.status !== 'failed' && (await hasAudio(current));
      if (isThere) return current;

      const sealedKey = sealedKeyFor(userId, order);
      const lostId = current?.status === 'ready' ? current.id : null;
      return database.transaction(async (tx) => {
        const now = clock.now();
        await store.expireLiving(tx, userId, hash, now, lostId);
        const row = newRow(userId, hash, order, now);
        if (!(await store.insert(tx, row))) {
          const winner = await store.newest(userId, hash, now, tx);
          if (winner) return winner;
          throw errors.conflict('The same text is being changed right now. Please try again.');
        }
        const characters = [...order.text].length;
        const waiting = await store.countGenerating(tx, userId);
        if (waiting > config.SPEECH_QUEUE_PER_USER) {
          throw errors.quotaExceeded('Too many of your texts are waiting. Please wait until some are done.', {
            retryAfterSeconds: 30,
          });
        }
        const today = startOfUtcDay(now);
        const used = await totalUsage(tx, { owner: userId, meter: CHARACTERS_METER, since: today });
        if (used + characters > config.SPEECH_CHARACTERS_PER_DAY) {
          throw errors.quotaExceeded('The characters for today are used up. They are back at midnight UTC.', {
            retryAfterSeconds: (today + 86_400_000 - now) / 1_000,
          });
        }
        await recordUsage(tx, { owner: userId, meter: CHARACTERS_METER, amount: characters, at: now });
        const payload: GenerationPayload = { fileId: row.id, sealedKey };
        await jobs.enqueue(tx, {
          name: GENERATE_JOB,
          owner: userId,
          uniqueKey: generationKey(row.id),
          payload,
        });
        return row;
      });
    },

    /** The newest living file of a content hash, or null; whose it is otherwise is not told. */
    byHash: async (userId: string, hash: string): Promise<AudioFile | null> =>
      (await store.newest(userId, hash.toLowerCase(), clock.now())) ?? null,

    list: async (userId: string, page: { limit?: number | undefined; cursor?: string | undefined }) => {
      const after = page.cursor ? await store.owned(userId, page.cursor) : undefined;
      if (page.cursor && !after) {
        throw errors.validation('querystring/cursor must be the id of one of your files', {
          field: 'cursor',
        });
      }
      return store.list(userId, clock.now(), { limit: page.limit, after });
    },

    listVersion: (userId: string): Promise<string> => store.listVersion(userId, clock.now()),

    /** Files created, finished or failed since an instant, newest first. */
    changedSince: (userId: string, since: number): Promise<AudioFile[]> =>
      store.changedSince(userId, since - SKEW_MS, clock.now()),

    /** Ids of files that were deleted or ran out since an instant; of the last 30 days without one. */
    goneSince: (userId: string, since: number | null): Promise<string[]> => {
      const now = clock.now();
      return store.goneSince(userId, since === null ? now - TOMBSTONES_KEPT_MS : since - SKEW_MS, now);
    },

    /**
     * @throws AppError 404 when it is not the user's, not ready, past its time, or missing on disk
     */
    download: async (userId: string, fileId: string): Promise<Download> => {
      const file = await store.owned(userId, fileId);
      if (!file) throw errors.notFound('File not found');
      const { file_name, file_size, file_sha256 } = file;
      const isReady = file.status === 'ready' && file.expires_at > clock.now();
      if (!isReady || file_name === null || file_size === null) {
        const isComing = file.status === 'generating';
        throw errors.notFound('File not ready for download', isComing ? { retryAfterSeconds: 1 } : {});
      }
      return {
        file: { ...file, file_name, file_size },
        entityTag: `"${file_sha256}"`,
        open: async (range) => {
          const bytes = await media.read(mediaKeyOf(file.id, file.format), range ?? undefined);
          if (!bytes) throw errors.notFound('File not found on disk');
          return bytes;
        },
      };
    },

    /**
     * Deletes a file at once: its row becomes a tombstone, a running job is cancelled, its bytes leave the disk.
     * Repeating it is no error.
     *
     * @throws AppError 404 when it is not the user's
     */
    remove: async (userId: string, fileId: string): Promise<void> => {
      const file = await store.owned(userId, fileId);
      if (!file) throw errors.notFound('File not found');
      await database.transaction(async (tx) => {
        await store.becomeExpired(tx, file.id, clock.now());
        await jobs.cancel(tx, generationKey(file.id));
      });
      await media.delete(mediaKeyOf(file.id, file.format));
    },
  };

  function newRow(userId: string, hash: string, order: SpeechOrder, now: number): AudioFileRow {
    return {
      id: uuidV7(now),
      user_id: userId,
      content_hash: hash,
      text_content: order.text,
      title: order.title || null,
      voice: order.voice,
      model: order.model,
      format: order.format,
      speed: order.speed,
      instructions: order.instructions || null,
      file_name: null,
      file_size: null,
      file_sha256: null,
      duration_ms: null,
      status: 'generating',
      failure: null,
      chunks_done: 0,
      chunks_total: splitText(order.text, synthesizer.charactersPerCall).length,
      created_at: now,
      updated_at: now,
      expires_at: now + retentionMs(config),
      expired_at: null,
    };
  }
}

export type FileService = ReturnType<typeof createFileService>;
