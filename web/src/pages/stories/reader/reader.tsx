import {
  type Hero,
  type Illustration,
  illustrationAt,
  isEarshotError,
  type Local,
  type Story,
} from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ButtonLink } from '../../../design/button.tsx';
import { EmptyState } from '../../../design/empty-state.tsx';
import { Icon } from '../../../design/icon.tsx';
import { useLive } from '../client.tsx';
import { Heading } from '../shell/heading.tsx';
import { SyncMark } from '../syncing/sync-mark.tsx';
import { dayWords, lengthOf, minutesWords, paragraphsOf } from '../words.ts';
import { Actions } from './actions.tsx';
import { EditForm } from './edit-form.tsx';
import { paragraphAt } from './pages.ts';
import { Pictures } from './pictures.tsx';
import { PlayerDock } from './player-dock.tsx';
import { Text } from './text.tsx';
import { useMaking } from './use-making.ts';
import { useNarrator } from './use-narrator.ts';

/** One story: its text, its pictures, its voice. */
export default function Reader({ id }: { id: string }) {
  const { data, error } = useLive(`story ${id}`, async (client) => {
    const policy = 'cacheOnly' as const;
    const story = await client.stories.get(id, { policy });
    const [hero, illustrations] = await Promise.all([
      client.heroes.get(story.heroId, { policy }).catch(() => null),
      client.illustrations.ofStory(id, { policy }),
    ]);
    return { story, hero, illustrations };
  });
  if (error && isEarshotError(error, 'notFound', 'notCached')) return <Gone />;
  return data ? <Open {...data} /> : null;
}

interface OpenProps {
  readonly story: Local<Story>;
  readonly hero: Local<Hero> | null;
  readonly illustrations: readonly Local<Illustration>[];
}

function Open({ story, hero, illustrations }: OpenProps) {
  const heroName = hero?.name ?? '';
  const playing = useNarrator(story, heroName);
  const making = useMaking(story);
  const { narrator, narration } = playing;
  const [turnedTo, setTurnedTo] = useState(0);
  const [isEditing, setEditing] = useState(false);
  const canPlay = playing.media.state === 'ready' && !narration.isBroken;
  const position = canPlay ? narration.position : turnedTo;
  const picture = illustrationAt(illustrations, position);
  const paragraphs = paragraphsOf(story.content);
  const hasBegun = narration.isPlaying || narration.position > 0;
  const current =
    hasBegun && narration.duration > 0
      ? paragraphAt(paragraphs, narration.position / narration.duration)
      : null;

  const turnTo = (seconds: number): void => {
    setTurnedTo(seconds);
    // A little past its beginning, so that rounding never shows the picture before.
    if (canPlay) narrator?.seek(seconds + 0.05);
  };

  return (
    <article className="pb-44">
      <Link
        to="/stories"
        search={{}}
        className="-ml-2 inline-flex min-h-11 items-center gap-1 rounded-control px-2 font-medium text-muted hover:text-ink"
      >
        <Icon name="left" />
        Library
      </Link>
      <div className="grid gap-x-12 gap-y-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.15fr)]">
        <div className="max-lg:contents">
          <div
            className={`sticky top-0 max-lg:z-10 max-lg:-mx-4 sm:max-lg:-mx-6 lg:top-6 ${isEditing ? 'max-lg:hidden' : ''}`}
          >
            <Pictures
              illustrations={illustrations}
              current={picture}
              hero={hero}
              isMoving={narration.isPlaying}
              onTurn={(illustration) => turnTo(illustration.audioTimestamp)}
            />
          </div>
        </div>
        <div className="min-w-0">
          {isEditing ? (
            <EditForm story={story} onDone={() => setEditing(false)} />
          ) : (
            <>
              <div className="-mt-4 -mb-3">
                <Heading title={story.title} className="text-balance">
                  {story.title}
                </Heading>
              </div>
              <p className="flex flex-wrap items-center gap-x-2 text-muted">
                {[heroName, story.eventType, minutesWords(lengthOf(story)), dayWords(story.createdAt)]
                  .filter(Boolean)
                  .join(' · ')}
                <SyncMark sync={story.sync} />
              </p>
              <Actions
                story={story}
                illustrations={illustrations}
                making={making}
                onEdit={() => setEditing(true)}
              />
              <Text paragraphs={paragraphs} current={current} isFollowing={narration.isPlaying} />
            </>
          )}
        </div>
      </div>
      {isEditing ? null : (
        <PlayerDock story={story} illustrations={illustrations} playing={playing} making={making} />
      )}
    </article>
  );
}

function Gone() {
  return (
    <>
      <Heading title="Gone">This story is gone</Heading>
      <EmptyState
        picture={<Icon name="book" className="size-10 text-muted" />}
        title="There is no such story"
        action={
          <ButtonLink to="/stories" search={{}}>
            To the library
          </ButtonLink>
        }
      >
        It was deleted, here or on another device, or it has not reached this one yet.
      </EmptyState>
    </>
  );
}
