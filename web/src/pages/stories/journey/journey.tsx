import type {
  EarshotClient,
  JourneyHeroes,
  JourneyInsights,
  JourneyMilestones,
  JourneySummary,
} from '@earshot/client';
import { Spinner } from '../../../design/button.tsx';
import { Card } from '../../../design/card.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon, type IconName } from '../../../design/icon.tsx';
import { Failure } from '../shell/failure.tsx';
import { Heading } from '../shell/heading.tsx';
import { useReach } from '../syncing/standing.ts';
import { Activity } from './activity.tsx';
import { Companions, Insights } from './habits.tsx';
import { Milestones } from './milestones.tsx';
import { timezone } from './timezone.ts';
import { useAsked } from './use-asked.ts';

interface Told {
  readonly summary: JourneySummary;
  readonly milestones: JourneyMilestones;
  readonly heroes: JourneyHeroes;
  readonly insights: JourneyInsights;
}

async function ask({ journey }: EarshotClient): Promise<Told> {
  const [summary, milestones, heroes, insights] = await Promise.all([
    journey.summary(timezone),
    journey.milestones(),
    journey.heroes(),
    journey.insights(),
  ]);
  return { summary, milestones, heroes, insights };
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
