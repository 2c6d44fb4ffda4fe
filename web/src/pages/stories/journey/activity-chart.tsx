import type { JourneyActivity } from '@earshot/client';
import { counted } from '../words.ts';

type Day = JourneyActivity['activity'][number];

const dayWords = (date: string): string =>
  new Date(`${date}T12:00:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });

/** More bars than this are put together by weeks, or they would be too fine to see. */
const MOST_BARS = 60;

/** Days, or weeks when there are many. */
export function barsOf(days: readonly Day[]): readonly Day[] {
  if (days.length <= MOST_BARS) return days;
  const weeks: Day[] = [];
  for (let at = days.length; at > 0; at -= 7) {
    const week = days.slice(Math.max(0, at - 7), at);
    const [first] = week;
    if (first)
      weeks.unshift({ date: first.date, minutes: week.reduce((sum, { minutes }) => sum + minutes, 0) });
  }
  return weeks;
}

/** Bars, and the same figures as a table for whoever does not see them. */
export function ActivityChart({ days }: { days: readonly Day[] }) {
  const bars = barsOf(days);
  const highest = Math.max(1, ...bars.map(({ minutes }) => minutes));
  const total = days.reduce((sum, { minutes }) => sum + minutes, 0);
  const isWeekly = bars.length < days.length;
  if (total === 0) {
    return (
      <p className="grid h-48 place-items-center text-center text-muted">Nothing was heard in this time.</p>
    );
  }
  return (
    <figure className="flex flex-col gap-3">
      <figcaption className="text-sm text-muted">
        {counted(total, 'minute')} in all{isWeekly ? ', by weeks' : ''}; at most {highest} in a{' '}
        {isWeekly ? 'week' : 'day'}
      </figcaption>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${bars.length} 100`}
        preserveAspectRatio="none"
        className="h-44 w-full border-b border-edge"
      >
        {bars.map(({ date, minutes }, place) => {
          const height = minutes === 0 ? 1 : Math.max(3, (minutes / highest) * 100);
          return (
            <rect
              key={date}
              x={place + 0.2}
              width={0.6}
              y={100 - height}
              height={height}
              className={minutes === 0 ? 'fill-line' : 'fill-accent'}
            >
              <title>{`${dayWords(date)}: ${counted(minutes, 'minute')}`}</title>
            </rect>
          );
        })}
      </svg>
      <p aria-hidden="true" className="flex justify-between text-xs text-muted">
        <span>{dayWords(bars[0]?.date ?? '')}</span>
        <span>{dayWords(days.at(-1)?.date ?? '')}</span>
      </p>
      <table className="sr-only">
        <caption>Minutes heard</caption>
        <thead>
          <tr>
            <th scope="col">{isWeekly ? 'Week from' : 'Day'}</th>
            <th scope="col">Minutes</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ date, minutes }) => (
            <tr key={date}>
              <th scope="row">{dayWords(date)}</th>
              <td>{minutes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
