import type { CustomEvent, CustomEventCreate, CustomEventUpdate } from '../wire/entities.js';
import type { Repository, RepositoryParts } from './repository.js';
import { createRepository } from './repository.js';

export type CustomEventRepository = Repository<'customEvent', CustomEventCreate, CustomEventUpdate>;

/** Favourites first, then what is used most, then the newest (contract §1.1). */
function compare(a: CustomEvent, b: CustomEvent): number {
  return (
    Number(b.isFavorite) - Number(a.isFavorite) ||
    b.usageCount - a.usageCount ||
    (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0)
  );
}

export const createCustomEventRepository = (parts: RepositoryParts): CustomEventRepository =>
  createRepository<'customEvent', CustomEventCreate, CustomEventUpdate>(parts, {
    type: 'customEvent',
    policy: 'cacheFirst',
    compare,
  });
