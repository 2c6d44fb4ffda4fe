import type { GenerationIntent, Hero, Illustration, Local, Story } from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { Button, ButtonLink } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Field, Select } from '../../../design/field.tsx';
import { Icon } from '../../../design/icon.tsx';
import { NightScene } from '../account/night-scene.tsx';
import { useLive, useSyncStatus } from '../client.tsx';
import { Heading } from '../shell/heading.tsx';
import { Tellings } from '../telling/tellings-list.tsx';
import { counted } from '../words.ts';
import { StoryCard } from './story-card.tsx';
import { Wishes } from './wishes.tsx';

interface Shelf {
  readonly stories: readonly Local<Story>[];
  readonly heroes: readonly Local<Hero>[];
  /** The first picture of each story that has one. */
  readonly covers: ReadonlyMap<string, Local<Illustration>>;
  readonly wishes: readonly GenerationIntent[];
}

/** All stories, to search, filter and open. */
export function Library() {
  const { data } = useLive<Shelf>('shelf', async (client) => {
    const policy = 'cacheOnly' as const;
    const [stories, heroes, illustrations, wishes] = await Promise.all([
      client.stories.list({ policy }),
      client.heroes.list({ policy }),
      client.illustrations.list({ policy }),
      client.generation.waiting(),
    ]);
    const covers = new Map<string, Local<Illustration>>();
    for (const illustration of illustrations.items) {
      if (illustration.generationStatus === 'completed' && !covers.has(illustration.storyId))
        covers.set(illustration.storyId, illustration);
    }
    return { stories: stories.items, heroes: heroes.items, covers, wishes };
  });
  const { lastSyncedAt, syncing } = useSyncStatus();
  if (!data) return <Shelves />;
  if (data.heroes.length === 0 && lastSyncedAt === null && syncing)
    return <Shelves words="Fetching your stories" />;
  return data.heroes.length === 0 ? <Welcome /> : <Filled shelf={data} />;
}

function Filled({ shelf }: { shelf: Shelf }) {
  const { stories, heroes, covers, wishes } = shelf;
  const [search, setSearch] = useState('');
  const [heroId, setHeroId] = useState('');
  const [isFavorite, setFavorite] = useState(false);
  const words = useDeferredValue(search).toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const heroOf = new Map(heroes.map((hero) => [hero.id, hero]));
  const shown = stories.filter(
    (story) =>
      (!isFavorite || story.isFavorite) &&
      (heroId === '' || story.heroId === heroId) &&
      words.every((word) =>
        `${story.title}\n${heroOf.get(story.heroId)?.name ?? ''}\n${story.content}`
          .toLocaleLowerCase()
          .includes(word),
      ),
  );
  const isFiltered = words.length > 0 || heroId !== '' || isFavorite;
  const showAll = (): void => {
    setSearch('');
    setHeroId('');
    setFavorite(false);
  };
  return (
    <>
      <Heading
        title="Library"
        actions={
          <ButtonLink
            to="/stories"
            search={{ view: 'tell' }}
            tone="primary"
            icon="sparkle"
            className="min-h-12"
          >
            New story
          </ButtonLink>
        }
      >
        Library
      </Heading>
      <Tellings />
      <Wishes wishes={wishes} heroes={heroes} />
      {stories.length === 0 ? (
        <FirstStory heroes={heroes} />
      ) : (
        <>
          {stories.length > 1 ? (
            <search className="mb-6 grid grid-cols-[minmax(0,1fr)_auto] items-end gap-3 sm:grid-cols-[minmax(0,1fr)_auto_auto]">
              <div className="max-sm:col-span-2">
                <Field
                  label="Search titles and texts"
                  type="search"
                  icon="search"
                  value={search}
                  onChange={(event) => setSearch(event.currentTarget.value)}
                />
              </div>
              {heroes.length > 1 ? (
                <Select
                  label="Hero"
                  value={heroId}
                  onChange={(event) => setHeroId(event.currentTarget.value)}
                  choices={[
                    { value: '', label: 'All heroes' },
                    ...heroes.map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                />
              ) : null}
              <Button
                icon="heart"
                aria-pressed={isFavorite}
                onClick={() => setFavorite(!isFavorite)}
                className={`${heroes.length > 1 ? '' : 'max-sm:col-span-2'} ${isFavorite ? 'border-accent bg-accent-soft text-accent' : ''}`}
              >
                Favourites
              </Button>
            </search>
          ) : null}
          <p role="status" className={isFiltered ? 'pb-4 text-sm text-muted' : 'sr-only'}>
            {isFiltered ? `${counted(shown.length, 'story', 'stories')} of ${stories.length}` : ''}
          </p>
          {shown.length === 0 ? (
            <EmptyState
              title="No story is like that"
              action={<Button onClick={showAll}>Show all stories</Button>}
            >
              {isFavorite && words.length === 0
                ? 'Mark stories with the heart to find them here.'
                : 'Try other words, or fewer of them.'}
            </EmptyState>
          ) : (
            <ul className="grid grid-cols-2 gap-x-4 gap-y-7 sm:gap-x-6 md:grid-cols-3 lg:grid-cols-4">
              {shown.map((story) => (
                <li key={story.id}>
                  <StoryCard story={story} hero={heroOf.get(story.heroId)} cover={covers.get(story.id)} />
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </>
  );
}

function Welcome() {
  return (
    <div className="flex flex-col gap-8 pt-2 sm:pt-6">
      <div className="grid gap-x-12 gap-y-2 lg:grid-cols-2 lg:items-center">
        <NightScene className="max-h-56 w-full rounded-card object-cover shadow-raised sm:max-h-80" />
        <div>
          <Heading title="Welcome" className="lg:text-5xl">
            Every story needs a hero
          </Heading>
          <ButtonLink
            to="/stories"
            search={{ view: 'heroes', hero: 'new' }}
            tone="primary"
            icon="arrow"
            className="min-h-13 px-6 text-lg"
          >
            Make a hero
          </ButtonLink>
        </div>
      </div>
      <ol className="grid gap-4 sm:grid-cols-3">
        <Step count={1} title="Make a hero">
          Name, character, looks. It takes a minute, best together with the child.
        </Step>
        <Step count={2} title="Choose the day">
          A rainy day, a birthday, or something you thought up.
        </Step>
        <Step count={3} title="Listen">
          A new story with pictures that change while it is read aloud.
        </Step>
      </ol>
      <p className="text-muted">
        You have stories already?{' '}
        <Link
          to="/stories"
          search={{ view: 'settings' }}
          className="font-medium text-ink underline underline-offset-4"
        >
          Bring them along
        </Link>{' '}
        from an exported file.
      </p>
    </div>
  );
}

function Step({ count, title, children }: { count: number; title: string; children: string }) {
  return (
    <li className="flex flex-col gap-1 rounded-card border border-line bg-surface p-5">
      <span aria-hidden="true" className="font-serif text-2xl text-accent">
        {count}
      </span>
      <span className="font-semibold">{title}</span>
      <span className="text-muted">{children}</span>
    </li>
  );
}

function FirstStory({ heroes }: { heroes: readonly Local<Hero>[] }) {
  const [hero] = heroes;
  return (
    <EmptyState
      picture={<Icon name="book" className="size-10 text-accent" />}
      title="The shelf is still empty"
      action={
        <ButtonLink to="/stories" search={{ view: 'tell' }} tone="primary" icon="sparkle">
          Tell the first story
        </ButtonLink>
      }
    >
      {hero ? `${hero.name} is ready. Choose what the day is about, and listen.` : null}
    </EmptyState>
  );
}

function Shelves({ words = 'Loading' }: { words?: string }) {
  return (
    <div aria-busy="true">
      <p role="status" className="sr-only">
        {words}
      </p>
      <div className="mt-5 mb-8 h-10 w-40 animate-pulse rounded-control bg-sunken" />
      <div className="grid grid-cols-2 gap-4 sm:gap-6 md:grid-cols-3 lg:grid-cols-4">
        {[1, 2, 3, 4].map((place) => (
          <div key={place} className="aspect-square animate-pulse rounded-card bg-sunken" />
        ))}
      </div>
    </div>
  );
}
