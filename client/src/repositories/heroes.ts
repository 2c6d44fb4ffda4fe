import type { HeroCreate, HeroUpdate } from '../wire/entities.js';
import type { Repository, RepositoryParts } from './repository.js';
import { createRepository } from './repository.js';

/** Deleting a hero deletes its stories as well, here and on the server: ask before. */
export type HeroRepository = Repository<'hero', HeroCreate, HeroUpdate>;

export const createHeroRepository = (parts: RepositoryParts): HeroRepository =>
  createRepository<'hero', HeroCreate, HeroUpdate>(parts, { type: 'hero', policy: 'cacheFirst' });
