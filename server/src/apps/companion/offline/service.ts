import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TranscriptSpan } from '../../../platform/ai/transcriber.js';
import type { Platform } from '../../../platform/platform.js';
import { createSlots, type Slots } from '../../../platform/slots.js';
import type { Recordings } from '../listening/recordings.js';
import { NEAR_MS, wordsOf } from '../listening/words-later.js';
import type { Rooms } from '../rooms.js';
import type { Upload } from '../wire/uploads.js';
import { recordedAt } from './file-name.js';
import type { OfflineStore } from './store.js';

/** Longer pauses part conversations; less speech than this is none (contract §7.3). */
const PAUSE_SECONDS = 120;
const LEAST_SPEECH_SECONDS = 1;
/** How long an answer waits for the summaries: the app fetches the conversations right away. */
const SUMMARY_MS = 15_000;
const LOOK_AGAIN_MS = 250;

interface Taken {
  readonly created: readonly string[];
  readonly updated: readonly string[];
}

/** Recordings that a device made while it had no network: contract §7. */
export function createOfflineService(
  { clock, database }: Pick<Platform, 'clock' | 'database'>,
  { conversations, stores, users }: Rooms,
  recordings: Recordings,
  store: OfflineStore,
) {
  /** One recording of a user after the other, so that neighbours find each other. */
  const turns = new Map<string, { readonly slots: Slots; users: number }>();
  const inTurn = async <T>(userId: string, work: () => Promise<T>): Promise<T> => {
    const turn = turns.get(userId) ?? { slots: createSlots(1), users: 0 };
    turns.set(userId, turn);
    turn.users += 1;
    try {
      return await turn.slots.run(work);
    } finally {
      turn.users -= 1;
      if (turn.users === 0) turns.delete(userId);
    }
  };

  const take = async (userId: string, { name, bytes }: Upload, language: string | null): Promise<Taken> => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = { user_id: userId, file_name: name, sha256 };
    const before = await store.result(key);
    if (before !== null) return JSON.parse(before) as Taken;
    const began = recordedAt(name, clock.now());
    const { segments, duration } = await recordings.transcribe({ name, bytes }, { language });
    const pieces = piecesOf(segments);
    const taken = await database.transaction(async (tx): Promise<Taken | null> => {
      if (!(await store.claim(tx, key, clock.now()))) return null;
      const created: string[] = [];
      const updated: string[] = [];
      for (const piece of pieces) {
        const { origin, segments: words } = wordsOf(piece, [[0, began]]);
        const until = began + (piece.at(-1)?.end ?? 0) * 1_000;
        const near = await stores.conversations.touching(tx, userId, origin - NEAR_MS, until + NEAR_MS);
        if (near) {
          await conversations.mergeRecording(tx, userId, near.id, origin, words);
          if (!created.includes(near.id)) updated.push(near.id);
        } else {
          const recording = { startedAt: origin, language, source: 'omi', segments: words };
          created.push(await conversations.createFromRecording(tx, userId, recording));
        }
      }
      const result: Taken = { created, updated: [...new Set(updated)] };
      await store.complete(tx, key, JSON.stringify(result));
      await stores.profiles.addUsage(tx, userId, new Date(clock.now()).toISOString().slice(0, 10), {
        transcription_seconds: duration,
      });
      return result;
    });
    return taken ?? (JSON.parse((await store.result(key)) ?? '{"created":[],"updated":[]}') as Taken);
  };

  const summarised = async (userId: string, ids: readonly string[]): Promise<void> => {
    const until = clock.now() + SUMMARY_MS;
    while (clock.now() < until) {
      const rows = await conversations.headers(userId, ids);
      if (rows.every(({ status }) => status !== 'processing')) return;
      await sleep(LOOK_AGAIN_MS);
    }
  };

  return {
    /**
     * @throws AppError 400 for a name that does not say when it was recorded; nothing is taken in then
     */
    sync: async (userId: string, files: readonly Upload[]): Promise<Taken> => {
      for (const { name } of files) recordedAt(name, clock.now());
      const language = (await users.profile(userId))?.language ?? null;
      const created = new Set<string>();
      const updated = new Set<string>();
      for (const file of files) {
        const taken = await inTurn(userId, () => take(userId, file, language));
        for (const id of taken.created) created.add(id);
        for (const id of taken.updated) if (!created.has(id)) updated.add(id);
      }
      await summarised(userId, [...created, ...updated]);
      return { created: [...created], updated: [...updated] };
    },
  };
}

export type OfflineService = ReturnType<typeof createOfflineService>;

/** Speech parted at long pauses, without what is too short to be any. */
export function piecesOf(segments: readonly TranscriptSpan[]): TranscriptSpan[][] {
  const pieces: TranscriptSpan[][] = [];
  for (const segment of segments) {
    const piece = pieces.at(-1);
    if (piece && segment.start - (piece.at(-1)?.end ?? 0) < PAUSE_SECONDS) piece.push(segment);
    else pieces.push([segment]);
  }
  return pieces.filter(
    (piece) => piece.reduce((sum, { start, end }) => sum + end - start, 0) >= LEAST_SPEECH_SECONDS,
  );
}
