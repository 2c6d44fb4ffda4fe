import type { Hero, Local } from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon } from '../../../design/icon.tsx';
import { useLive } from '../client.tsx';
import { Heading } from '../shell/heading.tsx';
import { SyncMark } from '../syncing/sync-mark.tsx';
import { counted, heroWords } from '../words.ts';
import { Portrait } from './portrait.tsx';

/** Everybody that stories are told about. */
export default function Heroes() {
  const { data } = useLive('heroes', async (client) => {
    const [heroes, stories] = await Promise.all([
      client.heroes.list({ policy: 'cacheOnly' }),
      client.stories.list({ policy: 'cacheOnly' }),
    ]);
    const counts = new Map<string, number>();
    for (const { heroId } of stories.items) counts.set(heroId, (counts.get(heroId) ?? 0) + 1);
    return { heroes: heroes.items, counts };
  });
  return (
    <>
      <Heading
        title="Heroes"
        actions={
          <ButtonLink
            to="/stories"
            search={{ view: 'heroes', hero: 'new' }}
            tone="primary"
            icon="plus"
            className="min-h-12"
          >
            New hero
          </ButtonLink>
        }
      >
        Heroes
      </Heading>
      {data?.heroes.length === 0 ? (
        <EmptyState
          picture={<Icon name="person" className="size-10 text-accent" />}
          title="Nobody is here yet"
          action={
            <ButtonLink to="/stories" search={{ view: 'heroes', hero: 'new' }} tone="primary">
              Make the first hero
            </ButtonLink>
          }
        >
          A hero has a name, a character and a face, and is in all of their stories.
        </EmptyState>
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {data?.heroes.map((hero) => (
            <li key={hero.id}>
              <HeroCard hero={hero} stories={data.counts.get(hero.id) ?? 0} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function HeroCard({ hero, stories }: { hero: Local<Hero>; stories: number }) {
  return (
    <article className="relative flex h-full items-center gap-4 rounded-card border border-line bg-surface p-4 shadow-raised transition-colors hover:border-accent">
      <Portrait hero={hero} className="size-20" />
      <div className="flex min-w-0 flex-col gap-0.5">
        <h2 className="font-serif text-xl">
          <Link
            to="/stories"
            search={{ view: 'heroes', hero: hero.id }}
            className="after:absolute after:inset-0 after:rounded-card"
          >
            {hero.name}
          </Link>
        </h2>
        <p className="text-sm text-muted">{heroWords(hero)}</p>
        <p className="flex flex-wrap gap-2 text-sm text-muted">
          {stories === 0 ? 'No story yet' : counted(stories, 'story', 'stories')}
          <SyncMark sync={hero.sync} />
        </p>
      </div>
    </article>
  );
}
