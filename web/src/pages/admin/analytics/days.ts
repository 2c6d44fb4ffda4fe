import type { Period } from '../api.ts';

const dayMs = 86_400_000;

/** The UTC day of an instant, as `2026-01-31`. */
export const dayOf = (instant: string | number): string => new Date(instant).toISOString().slice(0, 10);

/** The last `days` UTC days, today included. */
export function lastDays(days: number, now: number): Period {
  return { startDate: dayOf(now - (days - 1) * dayMs), endDate: new Date(now).toISOString() };
}

/** Every day of a period in order, also those of which nothing is known. */
export function daysOf({ startDate, endDate }: Period): readonly string[] {
  const days: string[] = [];
  for (let at = Date.parse(dayOf(startDate)); at <= Date.parse(endDate); at += dayMs) days.push(dayOf(at));
  return days;
}

/** A duration for people: "45 s", "12 min", "3.5 h", "2 days". */
export function durationWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3_600) return `${(seconds / 3_600).toFixed(1).replace('.0', '')} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** The next round number at or above, for the top of a scale: 1, 2 or 5 times a power of ten. */
export function roundTop(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
