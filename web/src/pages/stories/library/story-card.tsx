import type { Hero, Illustration, Local, Story } from '@earshot/client';
import { Link } from '@tanstack/react-router';
import { Icon } from '../../../design/icon.tsx';
import { useClient } from '../client.tsx';
import { Picture } from '../media/picture.tsx';
import { SyncMark } from '../syncing/sync-mark.tsx';
import { lengthOf, minutesWords } from '../words.ts';

interface StoryCardProps {
  readonly story: Local<Story>;
  readonly hero: Local<Hero> | undefined;
  /** Its first picture; without one the hero's portrait has to do. */
  readonly cover: Local<Illustration> | undefined;
}

/** A story on the shelf. */
export function StoryCard({ story, hero, cover }: StoryCardProps) {
  const client = useClient();
  const { id, title, isFavorite, audioGenerationStatus } = story;
  return (
    <article className="group relative flex flex-col gap-2.5">
      <Picture
        {...(cover
          ? { kind: 'illustration', id: cover.id, address: cover.imageUrl }
          : { kind: 'avatar', id: hero?.id ?? id, address: hero?.avatarUrl })}
        alt=""
        className="aspect-square rounded-card shadow-raised transition-transform duration-200 ease-calm group-hover:-translate-y-0.5"
      >
        <Icon name="book" className="size-10 opacity-60" />
      </Picture>
      <div className="flex flex-col gap-0.5">
        <h2 className="font-serif text-lg leading-snug text-balance">
          <Link
            to="/stories"
            search={{ story: id }}
            className="after:absolute after:inset-0 after:rounded-card focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-offset-4 focus-visible:after:outline-accent"
          >
            {title}
          </Link>
        </h2>
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
          <span>{hero?.name}</span>
          <span aria-hidden="true">·</span>
          <span className="inline-flex items-center gap-1">
            {audioGenerationStatus === 'completed' ? <Icon name="wave" className="size-4" /> : null}
            {minutesWords(lengthOf(story))}
          </span>
          <SyncMark sync={story.sync} />
        </p>
      </div>
      <button
        type="button"
        aria-pressed={isFavorite}
        aria-label={`Favourite: ${title}`}
        onClick={() => void client.stories.update(id, { isFavorite: !isFavorite })}
        className="absolute top-2 right-2 grid size-11 place-items-center rounded-full bg-surface/85 text-accent backdrop-blur-sm hover:bg-surface"
      >
        <Icon name="heart" className={`size-5 ${isFavorite ? 'fill-current' : ''}`} />
      </button>
    </article>
  );
}
