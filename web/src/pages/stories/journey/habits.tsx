import type { JourneyHeroes, JourneyInsights } from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { Progress } from '../../../design/progress.tsx';
import { counted } from '../words.ts';

/** With whom the time was spent. */
export function Companions({ heroes }: JourneyHeroes) {
  const most = Math.max(1, ...heroes.map(({ totalListeningMinutes }) => totalListeningMinutes));
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <h2 id={id} className="text-xl font-semibold tracking-tight">
        Companions
      </h2>
      <ul className="flex flex-col gap-4">
        {heroes.map((hero) => (
          <li key={hero.heroId} className="flex flex-col gap-1.5">
            <p className="flex flex-wrap justify-between gap-x-3">
              <span className="font-medium">{hero.heroName}</span>
              <span className="text-sm text-muted">
                {counted(hero.storiesCount, 'story', 'stories')} · {hero.totalListeningMinutes} min
              </span>
            </p>
            <Progress
              label={`${hero.heroName}, minutes`}
              value={hero.totalListeningMinutes / most}
              words={`${hero.totalListeningMinutes} minutes`}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What can be told from all the listening. */
export function Insights({ insights }: JourneyInsights) {
  const id = useId();
  const { mostListenedStory: most, preferredListeningPeriod: period } = insights;
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <h2 id={id} className="text-xl font-semibold tracking-tight">
        Habits
      </h2>
      <ul className="flex flex-col gap-2.5">
        {most ? (
          <li>
            Heard most often:{' '}
            <Link
              to="/stories"
              search={{ story: most.storyId }}
              className="font-medium underline underline-offset-4"
            >
              {most.title}
            </Link>
            , {counted(most.playCount, 'time')}.
          </li>
        ) : null}
        {period ? <li>Most often in the {period}.</li> : null}
        {insights.averageStoryLengthMinutes ? (
          <li>A story takes {Math.round(insights.averageStoryLengthMinutes)} min on average.</li>
        ) : null}
        {insights.averageListensPerStory && insights.totalUniqueStoriesListened > 1 ? (
          <li>
            Each of {insights.totalUniqueStoriesListened} stories was heard{' '}
            {insights.averageListensPerStory.toLocaleString(undefined, { maximumFractionDigits: 1 })} times on
            average.
          </li>
        ) : null}
      </ul>
    </section>
  );
}
