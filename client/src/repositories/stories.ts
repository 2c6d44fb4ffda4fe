import { playRecord } from '../records/edits.js';
import type { Story, StoryCreate, StoryUpdate } from '../wire/entities.js';
import type { Local } from './local-entity.js';
import { presentRecord } from './local-entity.js';
import type { Listing, ReadOptions, Repository, RepositoryParts } from './repository.js';
import { createRepository } from './repository.js';

/** What a library is searched by; all of it has to match. */
export interface StoryQuery extends ReadOptions {
  readonly heroId?: string;
  readonly language?: string;
  readonly isFavorite?: boolean;
  /** Words of the title or the content, in any case. */
  readonly search?: string;
}

export interface StoryRepository extends Repository<'story', StoryCreate, StoryUpdate> {
  find(query: StoryQuery): Promise<Listing<Local<Story>>>;
  /** Counts one more play, also offline. @throws EarshotError `notFound` */
  play(id: string): Promise<Local<Story>>;
}

export function createStoryRepository(parts: RepositoryParts): StoryRepository {
  const repository = createRepository<'story', StoryCreate, StoryUpdate>(parts, {
    type: 'story',
    policy: 'cacheFirst',
    alsoFollows: ['hero'],
    // A story goes with its hero, and waits for it.
    hidden: async (tx) => {
      const heroes = await tx.where('records', 'type', 'hero');
      const shown = new Set(heroes.filter(({ status }) => status !== 'pendingDelete').map(({ id }) => id));
      return (story) => !shown.has(String(story.value.heroId));
    },
  });
  return {
    ...repository,
    find: ({ heroId, language, isFavorite, search, ...options }) => {
      const words = (search ?? '').toLocaleLowerCase().split(/\s+/).filter(Boolean);
      const filter = (story: Story): boolean =>
        (heroId === undefined || story.heroId === heroId) &&
        (language === undefined || story.language === language) &&
        (isFavorite === undefined || story.isFavorite === isFavorite) &&
        words.every((word) => `${story.title}\n${story.content}`.toLocaleLowerCase().includes(word));
      return repository.list({ ...options, filter });
    },
    play: async (id) => {
      const played = await parts.store.write((tx) => playRecord(tx, parts.environment, id));
      parts.written();
      return presentRecord<'story'>(played);
    },
  };
}
