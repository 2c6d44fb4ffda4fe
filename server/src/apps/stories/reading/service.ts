import { errors } from '../../../platform/http/errors.js';
import { uuidV7 } from '../../../platform/ids.js';
import type { Platform } from '../../../platform/platform.js';
import { owned } from '../ownership.js';
import type { ReadingService } from '../services.js';
import type { StoryStore } from '../stories/store.js';
import type { ReadingStore } from './store.js';

/** How far the clocks of a device and this server may differ for a play and a listening to be recognised as one. */
const CLOCK_TOLERANCE_MS = 30_000;
/** A listening counts at most so many times the length of its narration: players are left running (contract §3.5). */
const LONGEST_LISTENING = 1.5;

/** Plays and listening sessions (contract §3.5), each counted once (§9 row 17). */
export function createReadingService(
  { changes, clock }: Pick<Platform, 'changes' | 'clock'>,
  { reading, stories }: { readonly reading: ReadingStore; readonly stories: StoryStore },
): ReadingService {
  return {
    play: async (tx, userId, storyId, at, id) => {
      const version = await changes.next(tx, userId);
      const story = owned(await stories.byId(storyId, tx), userId, 'Story');
      const now = clock.now();
      const playedAt = Math.min(at, now);
      const isNew = await reading.addPlay(tx, {
        id: id ?? uuidV7(now),
        user_id: userId,
        story_id: storyId,
        played_at: playedAt,
        session_id: null,
      });
      if (!isNew) return { row: story, version: story.version };
      const row = await stories.update(
        tx,
        story,
        { version, now },
        {
          play_count: story.play_count + 1,
          last_played_at: Math.max(story.last_played_at ?? 0, playedAt),
        },
      );
      return { row, version };
    },

    listen: async (tx, userId, session, id = uuidV7(clock.now())) => {
      const latest = (await changes.next(tx, userId, 0)) - 1;
      const story = owned(await stories.byId(session.storyId, tx), userId, 'Story');
      const now = clock.now();
      const span = spanOf(session, now);
      const duration = cappedDuration(span.duration, story.audio_duration);
      const isNew = await reading.addSession(tx, {
        id,
        user_id: userId,
        story_id: story.id,
        started_at: span.startedAt,
        ended_at: session.endedAt ?? null,
        duration,
        completed: session.completed ? 1 : 0,
        created_at: now,
        updated_at: now,
      });
      if (!isNew) return { sessionId: id, story: { row: story, version: latest } };
      const until = Math.min(span.until, now);
      const told = await reading.untoldPlay(
        tx,
        story.id,
        span.startedAt - CLOCK_TOLERANCE_MS,
        span.until + CLOCK_TOLERANCE_MS,
      );
      if (told !== null) {
        await reading.tellPlay(tx, told, id);
        if ((story.last_played_at ?? 0) >= until) {
          return { sessionId: id, story: { row: story, version: latest } };
        }
      }
      const version = await changes.next(tx, userId);
      const row = await stories.update(
        tx,
        story,
        { version, now },
        {
          play_count: story.play_count + (told === null ? 1 : 0),
          last_played_at: Math.max(story.last_played_at ?? 0, until),
        },
      );
      return { sessionId: id, story: { row, version } };
    },
  };
}

interface Span {
  readonly startedAt: number;
  /** Until when it lasted, as far as is known. */
  readonly until: number;
  /** Whole seconds. */
  readonly duration: number | null;
}

/** @throws AppError 400 for an end that is not after the beginning, or a negative duration */
function spanOf(
  session: { readonly startedAt?: number; readonly endedAt?: number; readonly duration?: number },
  now: number,
): Span {
  const { startedAt, endedAt } = session;
  const given = session.duration === undefined ? null : Math.floor(session.duration);
  if (given !== null && given < 0) throw errors.validation('must not be negative', { field: 'duration' });
  if (startedAt !== undefined && endedAt !== undefined && endedAt <= startedAt) {
    throw errors.validation('must be after startedAt', { field: 'endedAt' });
  }
  const from = startedAt ?? (endedAt ?? now) - (given ?? 0) * 1_000;
  const measured = endedAt === undefined ? null : Math.floor((endedAt - from) / 1_000);
  const duration = given ?? measured;
  return { startedAt: from, until: endedAt ?? from + (duration ?? 0) * 1_000, duration };
}

const cappedDuration = (seconds: number | null, audioDuration: number | null): number | null =>
  seconds === null || audioDuration === null
    ? seconds
    : Math.min(seconds, Math.ceil(LONGEST_LISTENING * audioDuration));
