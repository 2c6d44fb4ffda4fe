import { errors } from '../../../platform/http/errors.js';
import type { Platform } from '../../../platform/platform.js';
import { dateOfDay, localDays, streaksOf } from './local-days.js';
import { isReached, milestones, progressTo } from './milestones.js';
import type { Heard, ReadingStore } from './store.js';

/** Days of the named ranges; `all` goes from the first listening, at most so many days back. */
const DAYS: Readonly<Record<string, number>> = { week: 7, month: 30, year: 365 };
const MOST_DAYS = 3_650;

const minutesOf = (seconds: number): number => Math.round(seconds / 60);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const rounded = (number: number): number => Math.round(number * 100) / 100;
const secondsOf = (heard: readonly Heard[]): number => sum(heard.map(({ duration }) => duration ?? 0));

/** What counts: heard to the end, and for how long is known (contract §3.5). */
const counted = (heard: readonly Heard[]): readonly Heard[] =>
  heard.filter(({ completed, duration }) => completed === 1 && duration !== null);

/**
 * The reading journey (contract §3.5), derived from the listening sessions at every question: nothing is stored twice,
 * so nothing can be out of date.
 */
export function createJourney(
  { clock, database }: Pick<Platform, 'clock' | 'database'>,
  store: ReadingStore,
) {
  const standingOf = (all: readonly Heard[], timezone: string) => {
    const dayOf = localDays(timezone);
    const heard = counted(all);
    const finished = all.filter(({ completed }) => completed === 1);
    const days = finished.map(({ started_at }) => dayOf(started_at));
    const { current, longest } = streaksOf(days, dayOf(clock.now()));
    return {
      stories: heard.length,
      seconds: secondsOf(heard),
      current,
      longest,
      lastDay: days.length === 0 ? null : dateOfDay(days.at(-1) ?? 0),
    };
  };

  return {
    totals: async (userId: string) => {
      const { stories, seconds, current, longest, lastDay } = standingOf(await store.heard(userId), 'UTC');
      return {
        userId,
        totalStoriesListened: stories,
        totalListeningTimeSeconds: seconds,
        currentStreak: current,
        longestStreak: longest,
        lastListeningDate: lastDay,
        updatedAt: clock.now(),
      };
    },

    /** @throws AppError 400 for an unknown time zone */
    summary: async (userId: string, timezone: string) => {
      const [heard, favorites] = await Promise.all([store.heard(userId), store.favorites(userId)]);
      const { stories, seconds, current, longest, lastDay } = standingOf(heard, timezone);
      return {
        totalStoriesListened: stories,
        totalListeningTimeMinutes: minutesOf(seconds),
        currentStreak: current,
        longestStreak: longest,
        favoriteStoriesCount: favorites,
        lastListeningDate: lastDay,
      };
    },

    /** @throws AppError 400 for an unknown time zone or range */
    activity: async (userId: string, range: string, timezone: string) => {
      const dayOf = localDays(timezone);
      const heard = counted(await store.heard(userId));
      const today = dayOf(clock.now());
      const first = heard[0] ? Math.min(dayOf(heard[0].started_at), today) : today;
      const days = range === 'all' ? Math.min(today - first + 1, MOST_DAYS) : DAYS[range];
      if (days === undefined) {
        throw errors.validation('must be week, month, year or all', { field: 'range' });
      }
      const seconds = new Map<number, number>();
      for (const { started_at, duration } of heard) {
        const day = dayOf(started_at);
        seconds.set(day, (seconds.get(day) ?? 0) + (duration ?? 0));
      }
      const start = today - days + 1;
      const activity = Array.from({ length: days }, (_, index) => ({
        date: dateOfDay(start + index),
        minutes: minutesOf(seconds.get(start + index) ?? 0),
      }));
      return { range, timezone, startDate: dateOfDay(start), endDate: dateOfDay(today), activity };
    },

    /** Most stories first. The most active one is the one that was listened to for longest. */
    heroes: async (userId: string) => {
      const [heroes, heard] = await Promise.all([store.heroes(userId), store.heard(userId)]);
      const seconds = new Map<string, number>();
      for (const { hero_id, duration } of counted(heard)) {
        seconds.set(hero_id, (seconds.get(hero_id) ?? 0) + (duration ?? 0));
      }
      const most = Math.max(0, ...seconds.values());
      const active = most > 0 ? heroes.find(({ id }) => seconds.get(id) === most)?.id : undefined;
      return heroes
        .map(({ id, name, avatar_key, stories }) => ({
          heroId: id,
          heroName: name,
          avatarKey: avatar_key,
          storiesCount: Number(stories ?? 0),
          totalListeningMinutes: minutesOf(seconds.get(id) ?? 0),
          isMostActive: id === active,
        }))
        .sort((one, other) => other.storiesCount - one.storiesCount);
    },

    /** Unlocks what has been reached since the last time. */
    milestones: async (userId: string, timezone: string) => {
      const [heard, before] = await Promise.all([store.heard(userId), store.unlocked(userId)]);
      const { stories, seconds, current, longest } = standingOf(heard, timezone);
      const reached = { stories, listening_time: seconds, streaks: Math.max(current, longest) };
      const due = milestones.filter(
        (milestone) => !before.has(milestone.id) && isReached(milestone, reached),
      );
      const now = clock.now();
      const newlyUnlocked =
        due.length === 0
          ? []
          : await database.transaction((tx) =>
              store.unlock(
                tx,
                userId,
                due.map(({ id }) => id),
                now,
              ),
            );
      const unlockedAt = (id: string) => before.get(id) ?? (due.some((one) => one.id === id) ? now : null);
      const told = milestones.map((milestone) => {
        const { target, ...shown } = milestone;
        const at = unlockedAt(milestone.id);
        return at === null
          ? { ...shown, unlocked: false, unlockedAt: null, ...progressTo(milestone, reached) }
          : { ...shown, unlocked: true, unlockedAt: at };
      });
      return {
        milestones: told,
        summary: {
          totalMilestones: told.length,
          unlockedCount: told.filter(({ unlocked }) => unlocked).length,
          ...(newlyUnlocked.length > 0 ? { newlyUnlocked: [...newlyUnlocked] } : {}),
        },
      };
    },

    insights: async (userId: string) => {
      const [heard, mostPlayed, lengths] = await Promise.all([
        store.heard(userId),
        store.mostPlayed(userId),
        store.narrationLengths(userId),
      ]);
      const unique = new Set(heard.map(({ story_id }) => story_id)).size;
      const hour = mostFrequent(heard.map(({ started_at }) => new Date(started_at).getUTCHours()));
      return {
        averageStoryLengthMinutes: lengths.length === 0 ? null : rounded(sum(lengths) / lengths.length / 60),
        averageListensPerStory: unique === 0 ? null : rounded(heard.length / unique),
        preferredListeningHour: hour,
        preferredListeningPeriod: hour === null ? null : periodOf(hour),
        mostListenedStory: mostPlayed
          ? { storyId: mostPlayed.id, title: mostPlayed.title, playCount: mostPlayed.play_count }
          : null,
        totalUniqueStoriesListened: unique,
      };
    },
  };
}

export type Journey = ReturnType<typeof createJourney>;

/** The earliest of the most frequent ones. */
function mostFrequent(hours: readonly number[]): number | null {
  const counts = new Map<number, number>();
  for (const hour of hours) counts.set(hour, (counts.get(hour) ?? 0) + 1);
  const [first] = [...counts].sort(([hour, count], [other, more]) => more - count || hour - other);
  return first ? first[0] : null;
}

function periodOf(hour: number): 'morning' | 'afternoon' | 'evening' | 'night' {
  if (hour >= 6 && hour < 12) return 'morning';
  if (hour >= 12 && hour < 17) return 'afternoon';
  return hour >= 17 && hour < 21 ? 'evening' : 'night';
}
