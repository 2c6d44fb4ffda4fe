import { dayOf } from '../../platform/limits/usage-ledger.js';
import type { ServedApp } from '../index.js';

const DAY_MS = 86_400_000;

/** What a user used of each app that counts it, on each of the last UTC days. */
export async function usageOf(apps: readonly ServedApp[], userId: string, days: number, now: number) {
  const today = Math.floor(now / DAY_MS);
  const first = today - days + 1;
  const names = Array.from({ length: days }, (_, place) => dayOf(first + place));
  const counted = await Promise.all(
    apps.map(async ({ name, title, accountUsage }) => {
      const usage = await accountUsage?.(userId, first * DAY_MS);
      if (!usage) return null;
      return {
        app: name,
        title,
        stored_bytes: usage.storedBytes ?? null,
        series: usage.series.map((series) => {
          const counts = names.map((day) => series.days.get(day) ?? 0);
          const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * 10) / 10;
          return { unit: series.unit, total, counts };
        }),
      };
    }),
  );
  return { days: names, apps: counted.filter((app) => app !== null) };
}
