/** What can be reached by listening, in the order in which it is shown (contract §3.5). */
export interface Milestone {
  readonly id: string;
  readonly category: 'stories' | 'listening_time' | 'streaks';
  readonly title: string;
  readonly description: string;
  readonly emoji: string;
  /** Stories, seconds or days, by category. */
  readonly target: number;
}

/** What somebody has reached, in the units of the targets. */
export interface Reached {
  readonly stories: number;
  readonly listening_time: number;
  readonly streaks: number;
}

const HOUR = 3_600;

const stories = (id: string, title: string, target: number, emoji: string): Milestone => ({
  id,
  category: 'stories',
  title,
  description: target === 1 ? 'Hear your first story to its end' : `Hear ${target} stories to their end`,
  emoji,
  target,
});
const hours = (title: string, count: number, emoji: string): Milestone => ({
  id: `LISTENING_${count}H`,
  category: 'listening_time',
  title,
  description: `Listen for ${count} ${count === 1 ? 'hour' : 'hours'} in all`,
  emoji,
  target: count * HOUR,
});
const days = (title: string, count: number, emoji: string): Milestone => ({
  id: `STREAK_${count}`,
  category: 'streaks',
  title,
  description: `Listen on ${count} days in a row`,
  emoji,
  target: count,
});

export const milestones: readonly Milestone[] = [
  stories('FIRST_STORY', 'First story', 1, '📖'),
  stories('STORIES_5', 'Five stories', 5, '🌟'),
  stories('STORIES_10', 'Ten stories', 10, '🎈'),
  stories('STORIES_25', 'Twenty-five stories', 25, '🏅'),
  stories('STORIES_50', 'Fifty stories', 50, '👑'),
  hours('One hour of stories', 1, '⏰'),
  hours('Five hours of stories', 5, '🌙'),
  hours('Ten hours of stories', 10, '🌌'),
  days('A week of stories', 7, '🔥'),
  days('A month of stories', 30, '🌈'),
];

export const isReached = ({ category, target }: Milestone, reached: Reached): boolean =>
  reached[category] >= target;

/** How far somebody is on the way to a milestone: whole numbers, for it is not reached yet. */
export function progressTo({ category, target }: Milestone, reached: Reached) {
  const progress = Math.min(Math.floor(reached[category]), target);
  return { progress, target, percentage: Math.floor((progress / target) * 100) };
}
