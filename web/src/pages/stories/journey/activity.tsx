import type { JourneyActivity, JourneyRange } from '@earshot/client';
import { useId, useState } from 'react';
import { Card } from '../../../design/card.tsx';
import { Failure } from '../shell/failure.tsx';
import { ActivityChart } from './activity-chart.tsx';
import { timezone } from './timezone.ts';
import { useAsked } from './use-asked.ts';

const ranges: readonly { readonly range: JourneyRange; readonly label: string }[] = [
  { range: 'week', label: 'Week' },
  { range: 'month', label: 'Month' },
  { range: 'year', label: 'Year' },
  { range: 'all', label: 'All' },
];

/** The minutes of each day, over a week, a month, a year or all the time. */
export function Activity() {
  const [range, setRange] = useState<JourneyRange>('week');
  const [answer, again] = useAsked<JourneyActivity>(
    ({ journey }) => journey.activity(range, timezone),
    range,
  );
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id={id} className="text-xl font-semibold tracking-tight">
          Minutes a day
        </h2>
        <fieldset className="flex rounded-control border border-edge p-0.5">
          <legend className="sr-only">Range</legend>
          {ranges.map((each) => (
            <button
              key={each.range}
              type="button"
              aria-pressed={each.range === range}
              onClick={() => setRange(each.range)}
              className={`min-h-10 rounded-lg px-3.5 text-sm font-medium ${each.range === range ? 'bg-accent text-on-accent' : 'hover:bg-hover'}`}
            >
              {each.label}
            </button>
          ))}
        </fieldset>
      </div>
      <Card className="p-4 sm:p-6">
        {answer.state === 'told' ? (
          <ActivityChart days={answer.told.activity} />
        ) : answer.state === 'failed' ? (
          <Failure error={answer.error} onRetry={again} />
        ) : (
          <div className="h-48 animate-pulse rounded-control bg-sunken" />
        )}
      </Card>
    </section>
  );
}
