import type { Clock } from '../../../platform/clock.js';
import type { Database } from '../../../platform/database/database.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { PlaybackState, PlaybackStore } from './store.js';

/** What a player reports about one document. */
export interface PlaybackReport {
  readonly documentId: string;
  readonly title: string;
  readonly text: string;
  readonly languageCode: string | null;
  readonly resumeKey: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly isPlaying: boolean;
  readonly isPaused: boolean;
  readonly isLoading: boolean;
  readonly currentTitle: string;
  /** When this was the case, in epoch milliseconds; arrival counts when unset. */
  readonly at: number | null;
}

const asNumber = (flag: boolean): number => (flag ? 1 : 0);

/** Where somebody stopped listening, shared between their devices: the last writer wins. */
export function createPlaybackService(database: Database, clock: Clock, store: PlaybackStore) {
  return {
    report: (userId: string, report: PlaybackReport): Promise<PlaybackState> => {
      const now = clock.now();
      // A clock that runs ahead must not lock the other devices out.
      const at = Math.min(report.at ?? now, now);
      return database.transaction((tx) =>
        store.put(tx, {
          id: uuidV7(now),
          user_id: userId,
          document_id: report.documentId,
          title: report.title,
          text_content: report.text,
          language_code: report.languageCode,
          resume_key: report.resumeKey,
          progress: report.progress,
          is_playing: asNumber(report.isPlaying),
          is_paused: asNumber(report.isPaused),
          is_loading: asNumber(report.isLoading),
          current_title: report.currentTitle,
          created_at: now,
          updated_at: at,
        }),
      );
    },

    /** Most recently updated first. */
    list: (userId: string): Promise<PlaybackState[]> => store.list(userId),

    one: async (userId: string, documentId: string): Promise<PlaybackState | null> =>
      (await store.one(userId, documentId)) ?? null,

    /** It is no error when there is none. */
    remove: (userId: string, documentId: string): Promise<void> =>
      database.transaction((tx) => store.remove(tx, userId, documentId)),
  };
}

export type PlaybackService = ReturnType<typeof createPlaybackService>;
