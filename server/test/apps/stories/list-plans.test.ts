import { describe, expect, it } from 'vitest';
import { createCustomEventStore } from '../../../src/apps/stories/custom-events/store.js';
import { createHeroStore } from '../../../src/apps/stories/heroes/store.js';
import { createIllustrationStore } from '../../../src/apps/stories/illustrations/store.js';
import { storiesMigrations } from '../../../src/apps/stories/migrations.js';
import { createStoryStore } from '../../../src/apps/stories/stories/store.js';
import { createChanges } from '../../../src/platform/changes/changes.js';
import { changeMigrations } from '../../../src/platform/changes/migrations.js';
import { memoryEvents } from '../../../src/platform/events/memory/index.js';
import { createLog } from '../../../src/platform/telemetry/log.js';
import { watchedDatabase } from '../../support/query-plans.js';

const page = { limit: 50, offset: 0 };
const all = { heroId: null, languages: null, favoritesOnly: false, updatedAfter: null };

describe('the lists of the stories, as SQLite plans them', () => {
  const watched = watchedDatabase([...changeMigrations, ...storiesMigrations]);

  const stores = () => {
    const { database } = watched;
    const changes = createChanges({ database, events: memoryEvents({ log: createLog('silent') }) });
    return {
      heroes: createHeroStore(database, changes),
      stories: createStoryStore(database, changes),
      illustrations: createIllustrationStore(database, changes),
      customEvents: createCustomEventStore(database, changes),
    };
  };

  it.each([
    ['heroes', 'stories_heroes_newest', () => stores().heroes.list('u', { ...page, updatedAfter: null })],
    [
      'changed heroes',
      'stories_heroes_updated',
      () => stores().heroes.list('u', { ...page, updatedAfter: 1 }),
    ],
    ['stories', 'stories_stories_newest', () => stores().stories.list('u', { ...page, ...all })],
    [
      'changed stories',
      'stories_stories_updated',
      () => stores().stories.list('u', { ...page, ...all, updatedAfter: 1 }),
    ],
    [
      'favourite stories',
      'stories_stories_favorite',
      () => stores().stories.list('u', { ...page, ...all, favoritesOnly: true }),
    ],
    [
      'stories of a hero',
      'stories_stories_by_hero',
      () => stores().stories.list('u', { ...page, ...all, heroId: 'h' }),
    ],
    [
      'custom events',
      'stories_custom_events_order',
      () =>
        stores().customEvents.list('u', {
          ...page,
          category: null,
          favoritesOnly: false,
          updatedAfter: null,
        }),
    ],
    [
      'changed custom events',
      'stories_custom_events_updated',
      () =>
        stores().customEvents.list('u', { ...page, category: null, favoritesOnly: false, updatedAfter: 1 }),
    ],
  ])('reads %s by %s, in two statements, without sorting or scanning', async (_list, index, ask) => {
    const steps = await watched.plansOf(ask());
    expect(watched.seen).toHaveLength(2);
    expect(steps.filter((step) => step.includes(index)).length, steps.join('\n')).toBeGreaterThanOrEqual(1);
    expect(steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it('brings the stories of many heroes, and the pictures of many stories, in one statement each', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `id-${n}`);
    const steps = await watched.plansOf(
      Promise.all([stores().stories.newestOf(ids, 5), stores().illustrations.ofStories(ids)]),
    );
    expect(watched.seen).toHaveLength(2);
    const scanned = steps.filter((step) => /^SCAN (stories|illustrations|hero)/.test(step));
    expect(scanned, steps.join('\n')).toEqual([]);
  });
});
