import { dayWords } from './words.ts';

interface BarsProps {
  /** What is counted, in the plural. */
  readonly unit: string;
  /** UTC days, oldest first, and the count of each. */
  readonly days: readonly string[];
  readonly counts: readonly number[];
}

/** How tall the smallest bar is, in percent, so that one of a thousand is seen. */
const LEAST = 6;

/** A small chart, and the same figures as a table for whoever does not see it. */
export function Bars({ unit, days, counts }: BarsProps) {
  const highest = Math.max(...counts);
  return (
    <>
      <svg
        aria-hidden="true"
        viewBox={`0 0 ${days.length} 100`}
        preserveAspectRatio="none"
        className="h-14 w-full border-b border-edge"
      >
        {days.map((day, place) => {
          const count = counts[place] ?? 0;
          const height = count === 0 ? 2 : Math.max(LEAST, (count / highest) * 100);
          return (
            <rect
              key={day}
              x={place + 0.15}
              width={0.7}
              y={100 - height}
              height={height}
              className={count === 0 ? 'fill-line' : 'fill-accent'}
            >
              <title>{`${dayWords(day)}: ${count.toLocaleString()} ${unit}`}</title>
            </rect>
          );
        })}
      </svg>
      <p aria-hidden="true" className="flex justify-between text-xs text-muted">
        <span>{dayWords(days[0] ?? '')}</span>
        <span>today</span>
      </p>
      <table className="sr-only">
        <caption>{unit} by day</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">{unit}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((day, place) => (
            <tr key={day}>
              <th scope="row">{dayWords(day)}</th>
              <td>{counts[place] ?? 0}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
