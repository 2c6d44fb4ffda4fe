import type { Platform } from '../../platform/platform.js';
import { createCustomEventService } from './custom-events/service.js';
import { createCustomEventStore } from './custom-events/store.js';
import { createHeroService } from './heroes/service.js';
import { createHeroStore } from './heroes/store.js';
import { createIllustrationService } from './illustrations/service.js';
import { createIllustrationStore } from './illustrations/store.js';
import { createRemovals } from './removals.js';
import type { StoryMedia, SyncedRooms } from './services.js';
import { createStoryService } from './stories/service.js';
import { createStoryStore } from './stories/store.js';
import { createVisualProfileService } from './visual-profiles/service.js';

/** The rooms that keep what devices sync, and the stores under them for the rooms that write more. */
export function createRecords(
  { clock, database, changes }: Pick<Platform, 'clock' | 'database' | 'changes'>,
  media: StoryMedia,
) {
  const stores = {
    heroes: createHeroStore(database, changes),
    stories: createStoryStore(database, changes),
    illustrations: createIllustrationStore(database, changes),
    customEvents: createCustomEventStore(database, changes),
  };
  const removals = createRemovals({ changes, media, ...stores });
  const parts = { clock, database, changes, media, removals, ...stores };
  const heroes = createHeroService(parts);
  const stories = createStoryService(parts);
  const illustrations = createIllustrationService(parts);
  const customEvents = createCustomEventService(parts);
  const rooms: SyncedRooms = {
    hero: heroes.room,
    story: stories.room,
    customEvent: customEvents.room,
    illustration: illustrations.room,
  };
  return {
    stores,
    rooms,
    heroes,
    visualProfiles: createVisualProfileService(parts),
    stories,
    illustrations,
    customEvents,
  };
}

export type Records = ReturnType<typeof createRecords>;
