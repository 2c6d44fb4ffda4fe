import type { CachePolicy } from '../cache-policies.js';
import { readThrough } from '../cache-policies.js';
import type { Illustration } from '../wire/entities.js';
import type { Local } from './local-entity.js';
import type { Repository, RepositoryParts } from './repository.js';
import { createRepository } from './repository.js';

type Base = Repository<'illustration', never, never>;

/** The server draws them, so they are only read and deleted here. */
export interface IllustrationRepository extends Omit<Base, 'create' | 'update'> {
  /**
   * The pictures of a story in their order.
   *
   * @param later told what the server has, when that comes after what was on the device
   */
  ofStory(
    storyId: string,
    options?: {
      readonly policy?: CachePolicy;
      readonly later?: (items: readonly Local<Illustration>[]) => void;
    },
  ): Promise<readonly Local<Illustration>[]>;
}

export function createIllustrationRepository(parts: RepositoryParts): IllustrationRepository {
  const {
    create: _,
    update: __,
    ...repository
  } = createRepository<'illustration', never, never>(parts, {
    type: 'illustration',
    policy: 'cacheAndNetwork',
    compare: (a, b) => a.displayOrder - b.displayOrder,
  });
  return {
    ...repository,
    ofStory: async (storyId, { policy = 'cacheAndNetwork', later } = {}) => {
      const filter = (item: Illustration): boolean => item.storyId === storyId;
      const cached = async (): Promise<readonly Local<Illustration>[]> =>
        (await repository.list({ policy: 'cacheOnly', filter })).items;
      const fetched = async (): Promise<readonly Local<Illustration>[]> => {
        await parts.refresh();
        return await cached();
      };
      return await readThrough(policy, { cached, fetched, later });
    },
  };
}

/** The picture to show at `seconds` of the narration: the newest that has begun, else the first (contract §5). */
export function illustrationAt<T extends Pick<Illustration, 'audioTimestamp' | 'generationStatus'>>(
  illustrations: readonly T[],
  seconds: number,
): T | undefined {
  const drawn = illustrations
    .filter(({ generationStatus }) => generationStatus === 'completed')
    .sort((a, b) => a.audioTimestamp - b.audioTimestamp);
  return drawn.findLast(({ audioTimestamp }) => audioTimestamp <= seconds) ?? drawn[0];
}
