import { useId } from 'react';
import { roundTop } from './days.ts';

export interface Series {
  readonly name: string;
  /** Tailwind's `fill-…` and `bg-…` of the same color. */
  readonly fill: string;
  readonly dot: string;
  /** One per day; null where there is nothing to show. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** UTC days, as `2026-01-31`. */
  readonly days: readonly string[];
  /** Stacked on each other. */
  readonly series: readonly Series[];
  readonly words?: (value: number) => string;
  readonly empty: string;
}

const plain = (value: number): string => value.toLocaleString();
const dayWords = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });

/** Bars per day, drawn here, with the same figures as a table for whoever does not see them. */
export function Chart({ title, days, series, words = plain, empty }: ChartProps) {
  const id = useId();
  const totals = days.map((_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0));
  const highest = Math.max(0, ...totals);
  const top = roundTop(highest);
  const gap = days.length > 45 ? 0.1 : 0.25;
  return (
    <figure aria-labelledby={id} className="flex flex-col gap-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {series.length > 1 ? (
          <ul className="flex gap-4 text-sm text-muted">
            {series.map(({ name, dot }) => (
              <li key={name} className="flex items-center gap-1.5">
                <span aria-hidden="true" className={`size-2.5 rounded-sm ${dot}`} />
                {name}
              </li>
            ))}
          </ul>
        ) : null}
      </figcaption>
      {highest === 0 ? (
        <p className="grid h-44 place-items-center rounded-control bg-sunken px-6 text-center text-sm text-muted">
          {empty}
        </p>
      ) : (
        <>
          <div className="flex gap-2">
            <div
              aria-hidden="true"
              className="flex h-44 w-12 flex-col justify-between text-right text-xs text-muted tabular-nums"
            >
              <span>{words(top)}</span>
              <span>{words(0)}</span>
            </div>
            <svg
              aria-hidden="true"
              viewBox={`0 0 ${days.length} 100`}
              preserveAspectRatio="none"
              className="h-44 min-w-0 flex-1 overflow-visible border-b border-edge"
            >
              <path d={`M0 0H${days.length}M0 50H${days.length}`} className="stroke-line" strokeWidth="0.4" />
              {days.map((day, place) => (
                <Bars
                  key={day}
                  place={place}
                  top={top}
                  gap={gap}
                  series={series}
                  label={label(day, series, place, words)}
                />
              ))}
            </svg>
          </div>
          <p aria-hidden="true" className="-mt-1 flex justify-between pl-14 text-xs text-muted">
            <span>{dayWords(days[0] ?? '')}</span>
            <span>{dayWords(days.at(-1) ?? '')}</span>
          </p>
          <details className="text-sm">
            <summary className="inline-flex min-h-9 items-center text-muted underline underline-offset-4">
              Show as a table
            </summary>
            <div className="max-h-72 overflow-y-auto rounded-control border border-line">
              <table className="w-full text-left tabular-nums">
                <caption className="sr-only">{title}</caption>
                <thead>
                  <tr className="border-b border-line">
                    <th scope="col" className="px-3 py-1.5 font-medium">
                      Day
                    </th>
                    {series.map(({ name }) => (
                      <th key={name} scope="col" className="px-3 py-1.5 text-right font-medium">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {days.map((day, place) => (
                    <tr key={day} className="border-b border-line last:border-0">
                      <th scope="row" className="px-3 py-1.5 font-normal">
                        {dayWords(day)}
                      </th>
                      {series.map(({ name, values }) => {
                        const value = values[place];
                        return (
                          <td key={name} className="px-3 py-1.5 text-right">
                            {value === null || value === undefined ? '–' : words(value)}
                          </td>
                        );
                      })}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      )}
    </figure>
  );
}

function label(
  day: string,
  series: readonly Series[],
  place: number,
  words: (value: number) => string,
): string {
  const parts = series.map(({ name, values }) => `${name}: ${words(values[place] ?? 0)}`);
  return `${dayWords(day)}\n${parts.join('\n')}`;
}

function Bars(props: {
  readonly place: number;
  readonly top: number;
  readonly gap: number;
  readonly series: readonly Series[];
  readonly label: string;
}) {
  const { place, top, gap, series, label: said } = props;
  let base = 100;
  return (
    <g>
      <title>{said}</title>
      <rect x={place} y={0} width={1} height={100} className="fill-transparent hover:fill-hover" />
      {series.map(({ name, fill, values }) => {
        const height = ((values[place] ?? 0) / top) * 100;
        base -= height;
        return (
          <rect
            key={name}
            x={place + gap / 2}
            y={base}
            width={1 - gap}
            height={height}
            className={`pointer-events-none ${fill}`}
          />
        );
      })}
    </g>
  );
}
