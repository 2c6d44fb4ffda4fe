// @ts-check
import { hero, makeHeroes, newFamily, story } from '../stories-devices.js';
import { ask } from './asking.js';
import { appGrowth } from './kinds.js';
import { insert } from './tables.js';

const STORIES_AT_ONCE = 200;
const LISTENING_EVERY_MS = 8 * 3_600_000;

/** @param {readonly object[]} mutations */
const pushed = (mutations) => ({ deviceId: 'bench', mutations });

export const stories = appGrowth({
  app: 'stories',
  rows: 'as many stories of 2.3 kB of one hero (through the API: sync push), and as many listenings (rows)',
  settle: async (port, size) => {
    const { authorization } = await newFamily(port);
    const headers = { authorization };
    const [heroId = ''] = await makeHeroes(port, authorization, 1);
    /** @type {string[]} */
    const ids = [];
    let latest = 0;
    for (let from = 0; from < size; from += STORIES_AT_ONCE) {
      const mutations = Array.from({ length: Math.min(STORIES_AT_ONCE, size - from) }, (_, n) => ({
        mutationId: crypto.randomUUID(),
        type: 'story',
        op: 'create',
        fields: { ...story(heroId, from + n), isFavorite: from + n < 20 },
      }));
      const { json } = await ask(port, {
        method: 'POST',
        path: '/api/sync/push',
        headers,
        body: pushed(mutations),
      });
      for (const { id } of json.data.results) ids.push(id);
      latest = json.data.latest;
    }
    return { headers, heroId, ids, middle: ids[size >> 1] ?? '', latest };
  },
  fill: async (database, { ids, middle }, size) => {
    const { user_id } = await database.read
      .selectFrom('stories_stories')
      .select('user_id')
      .where('id', '=', middle)
      .executeTakeFirstOrThrow();
    const now = Date.now();
    const rows = Array.from({ length: size }, (_, n) => ({
      id: crypto.randomUUID(),
      user_id,
      story_id: ids[n] ?? middle,
      started_at: now - n * LISTENING_EVERY_MS,
      ended_at: now - n * LISTENING_EVERY_MS + 300_000,
      duration: 300,
      completed: 1,
      created_at: now,
      updated_at: now,
    }));
    await insert(database, 'stories_listening_sessions', rows);
  },
  operations: [
    {
      what: 'List of 50: `GET stories`',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/api/v1/stories', headers }),
    },
    {
      what: 'The page behind it: `GET stories?offset=50`',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/api/v1/stories?offset=50', headers }),
    },
    {
      what: 'Twenty favourites: `GET stories?isFavorite=true`',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/api/v1/stories?isFavorite=true', headers }),
    },
    {
      what: 'One story: `GET stories/{id}`',
      kind: 'one',
      ask: ({ headers, middle }) => ({ path: `/api/v1/stories/${middle}`, headers }),
    },
    {
      what: 'A favourite, yes and no: `PATCH stories/{id}`',
      kind: 'one',
      ask: ({ headers, middle }, n) => ({
        method: 'PATCH',
        path: `/api/v1/stories/${middle}`,
        headers,
        body: { isFavorite: n % 2 === 0 },
      }),
    },
    {
      what: 'One pushed mutation: `POST sync/push`',
      kind: 'one',
      ask: ({ headers, middle }, n) => ({
        method: 'POST',
        path: '/api/sync/push',
        headers,
        body: pushed([
          {
            mutationId: crypto.randomUUID(),
            type: 'story',
            op: 'update',
            id: middle,
            fields: { title: `Title ${n}` },
          },
        ]),
      }),
    },
    {
      what: 'Pull since the newest: `GET sync/changes?since={latest}`',
      kind: 'one',
      // What the two operations above have changed, at most one story.
      ask: ({ headers, latest }) => ({ path: `/api/sync/changes?since=${latest}`, headers }),
    },
    {
      what: 'Pull of 100 changes from the beginning',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/api/sync/changes?since=0&limit=100', headers }),
    },
    {
      what: 'A new hero: `POST heroes`',
      kind: 'one',
      ask: ({ headers }, n) => ({
        method: 'POST',
        path: '/api/v1/heroes',
        headers,
        body: hero(n),
        expect: 201,
      }),
    },
    {
      what: 'The hero with its ten newest stories: `GET heroes/{id}?includeStories=true`',
      kind: 'page',
      ask: ({ headers, heroId }) => ({ path: `/api/v1/heroes/${heroId}?includeStories=true`, headers }),
    },
    {
      what: 'The reading journey, counted over all listenings: `GET analytics/summary`',
      kind: 'all',
      ask: ({ headers }) => ({ path: '/api/v1/analytics/summary', headers }),
    },
  ],
});
