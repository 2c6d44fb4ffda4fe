import type {
  EarshotClient,
  JourneyActivity,
  JourneyHeroes,
  JourneyInsights,
  JourneyMilestones,
  JourneyRange,
  JourneySummary,
} from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { useEffect, useId, useState } from 'react';
import { Button, Spinner } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { Progress } from '../../../design/progress.tsx';
import { useClient } from '../client.tsx';
import { Failure } from '../shell/failure.tsx';
import { Heading } from '../shell/heading.tsx';
import { useReach } from '../syncing/standing.ts';
import { counted } from '../words.ts';
import { ActivityChart } from './activity-chart.tsx';

interface Told {
  readonly summary: JourneySummary;
  readonly milestones: JourneyMilestones;
  readonly heroes: JourneyHeroes;
  readonly insights: JourneyInsights;
}

const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone;

async function ask({ journey }: EarshotClient): Promise<Told> {
  const [summary, milestones, heroes, insights] = await Promise.all([
    journey.summary(timezone),
    journey.milestones(),
    journey.heroes(),
    journey.insights(),
  ]);
  return { summary, milestones, heroes, insights };
}

type Answer<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'told'; readonly told: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** Asks the server when the view opens, and again when the network is back. */
function useAsked<T>(question: (client: EarshotClient) => Promise<T>, key: string): [Answer<T>, () => void] {
  const client = useClient();
  const isOnline = useReach() === 'online';
  const [times, setTimes] = useState(0);
  const [answer, setAnswer] = useState<Answer<T> & { readonly key: string }>({ state: 'asking', key });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is asked; what is told stays while asking again
  useEffect(() => {
    let isLeft = false;
    question(client).then(
      (told) => {
        if (!isLeft) setAnswer({ state: 'told', told, key });
      },
      (error: unknown) => {
        if (!isLeft)
          setAnswer((former) =>
            former.state === 'told' && former.key === key ? former : { state: 'failed', error, key },
          );
      },
    );
    return () => {
      isLeft = true;
    };
  }, [client, key, isOnline, times]);
  return [answer.key === key ? answer : { state: 'asking' }, () => setTimes(times + 1)];
}

/** How much was listened, on which days, and what was reached. */
export default function Journey() {
  const [answer, again] = useAsked(ask, 'journey');
  const reach = useReach();
  return (
    <>
      <Heading title="Journey">Your reading journey</Heading>
      {answer.state === 'told' ? (
        <Whole {...answer.told} />
      ) : reach !== 'online' ? (
        <EmptyState
          picture={<Icon name="offline" className="size-10 text-muted" />}
          title="The journey is added up on the server"
        >
          It is here again with the network. What you hear until then is noted on this device and counted
          later.
        </EmptyState>
      ) : answer.state === 'failed' ? (
        <Failure error={answer.error} onRetry={again} />
      ) : (
        <p role="status" className="flex items-center gap-3 py-16 text-muted">
          <Spinner />
          Adding it all up
        </p>
      )}
    </>
  );
}

function Whole({ summary, milestones, heroes, insights: { insights } }: Told) {
  const hasBegun = summary.totalListeningTimeMinutes > 0 || summary.totalStoriesListened > 0;
  return (
    <div className="flex flex-col gap-10">
      <dl className="grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <Figure icon="book" name="Stories heard" value={summary.totalStoriesListened} />
        <Figure icon="clock" name="Minutes" value={summary.totalListeningTimeMinutes} />
        <Figure
          icon="sparkle"
          name={
            summary.longestStreak > summary.currentStreak
              ? `Days in a row, ${summary.longestStreak} at most`
              : 'Days in a row'
          }
          value={summary.currentStreak}
        />
        <Figure icon="heart" name="Favourites" value={summary.favoriteStoriesCount} />
      </dl>
      {hasBegun ? (
        <Activity />
      ) : (
        <Card>
          <EmptyState title="The journey begins with the first story">
            Hear one to its end, and days, minutes and milestones appear here.
          </EmptyState>
        </Card>
      )}
      <Milestones {...milestones} />
      <div className="grid gap-10 lg:grid-cols-2">
        {heroes.heroes.length > 0 ? <Companions heroes={heroes.heroes} /> : null}
        {insights.totalUniqueStoriesListened > 0 ? <Insights insights={insights} /> : null}
      </div>
    </div>
  );
}

function Figure({ icon, name, value }: { icon: IconName; name: string; value: number }) {
  return (
    <div className="flex flex-col gap-1 rounded-card border border-line bg-surface p-4 sm:p-5">
      <dt className="flex items-center gap-2 text-sm text-muted">
        <Icon name={icon} className="size-4" />
        {name}
      </dt>
      <dd className="order-first font-serif text-4xl tabular-nums">{value.toLocaleString()}</dd>
    </div>
  );
}

const ranges: readonly { readonly range: JourneyRange; readonly label: string }[] = [
  { range: 'week', label: 'Week' },
  { range: 'month', label: 'Month' },
  { range: 'year', label: 'Year' },
  { range: 'all', label: 'All' },
];

function Activity() {
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

const categoryIcons: Readonly<Record<string, IconName>> = {
  stories: 'book',
  listening_time: 'clock',
  streak: 'sparkle',
};

function Milestones({ milestones, summary }: JourneyMilestones) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const sorted = [...milestones].sort(
    (a, b) => Number(b.unlocked) - Number(a.unlocked) || (b.percentage ?? 0) - (a.percentage ?? 0),
  );
  const shown = isOpen ? sorted : sorted.slice(0, 6);
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h2 id={id} className="text-xl font-semibold tracking-tight">
          Milestones
        </h2>
        <p className="text-sm text-muted">
          {summary.unlockedCount} of {summary.totalMilestones} reached
        </p>
      </div>
      <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {shown.map((milestone) => {
          const { id: key, category, title, description, unlocked, unlockedAt, percentage = 0 } = milestone;
          return (
            <li
              key={key}
              className={`flex items-center gap-4 rounded-card border p-4 ${unlocked ? 'border-accent bg-accent-soft' : 'border-line bg-surface'}`}
            >
              <span
                className={`grid size-11 shrink-0 place-items-center rounded-full ${unlocked ? 'bg-accent text-on-accent' : 'bg-sunken text-muted'}`}
              >
                <Icon name={unlocked ? 'check' : (categoryIcons[category] ?? 'sparkle')} />
              </span>
              <div className="flex min-w-0 flex-1 flex-col gap-1">
                <p className="font-medium">{title}</p>
                <p className="text-sm text-muted">
                  {unlocked && unlockedAt
                    ? `Reached on ${new Date(unlockedAt).toLocaleDateString(undefined, { day: 'numeric', month: 'long' })}`
                    : description}
                </p>
                {unlocked ? null : (
                  <Progress label={title} value={percentage / 100} words={`${percentage} %`} />
                )}
              </div>
            </li>
          );
        })}
      </ul>
      {milestones.length > 6 ? (
        <Button onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} className="self-start">
          {isOpen ? 'Show fewer' : `Show all ${milestones.length}`}
        </Button>
      ) : null}
    </section>
  );
}

function Companions({ heroes }: JourneyHeroes) {
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

function Insights({ insights }: JourneyInsights) {
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
