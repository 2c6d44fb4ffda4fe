// @ts-check
import { randomUUID } from 'node:crypto';
import { newFamily } from '../stories-devices.js';
import { ask, times } from './asking.js';
import { appGrowth } from './kinds.js';
import { insert, platform } from './tables.js';

const ITEMS_AT_ONCE = 500;
const MINUTE_MS = 60_000;
/** So many texts of each owner have the seldom word. */
const SELDOM = 10;

/** A word that only a few of an owner's texts have, or nothing. @param {number} n @param {number} size */
const seldom = (n, size) => (n % (size / SELDOM) === 0 ? ' The lighthouse keeper waved.' : '');

export const companion = appGrowth({
  app: 'companion',
  rows: 'as many memories and action items (through the API) and finished conversations of three segments, findable (rows)',
  settle: async (port, size) => {
    const { authorization } = await newFamily(port);
    const headers = { authorization };
    await times(size, (n) =>
      ask(port, {
        method: 'POST',
        path: '/v3/memories',
        headers,
        body: { content: `I walked to the harbour, time ${n}.${seldom(n, size)}` },
      }),
    );
    for (let from = 0; from < size; from += ITEMS_AT_ONCE) {
      await ask(port, {
        method: 'POST',
        path: '/v1/action-items/batch',
        headers,
        body: Array.from({ length: Math.min(ITEMS_AT_ONCE, size - from) }, (_, n) => ({
          description: `Call the harbour office, ${from + n}`,
          completed: n % 2 === 0,
          due_at: n % 3 === 0 ? new Date(Date.now() + (from + n) * MINUTE_MS).toISOString() : null,
        })),
      });
    }
    const memories = await ask(port, { path: '/v3/memories?limit=1&offset=1', headers });
    return { headers, userId: memories.json[0].uid, memory: memories.json[0].id, middle: '' };
  },
  fill: async (database, owner, size) => {
    const { searchDocuments } = await platform('search/documents.js');
    const now = Date.now();
    const conversations = Array.from({ length: size }, (_, n) => ({
      id: randomUUID(),
      user_id: owner.userId,
      status: 'completed',
      source: 'omi',
      language: 'en',
      created_at: now - n * 10 * MINUTE_MS,
      started_at: now - n * 10 * MINUTE_MS,
      finished_at: now - n * 10 * MINUTE_MS + MINUTE_MS,
      timeout_seconds: 120,
      title: `A talk at the harbour ${n}`,
      overview: `Boats, weather and lunch.${seldom(n, size)}`,
      emoji: '⛵',
      category: 'other',
      events: '[]',
      discarded: 0,
      visibility: 'private',
      geolocation: null,
      apps_results: '[]',
      external_data: null,
      revision: 1,
      updated_at: now,
    }));
    owner.middle = conversations[size >> 1]?.id ?? '';
    const said = [
      'The harbour was quiet this morning.',
      'Did you see the little boat?',
      'Yes, it reached the pier.',
    ];
    await insert(database, 'companion_conversations', conversations);
    await insert(
      database,
      'companion_segments',
      conversations.flatMap(({ id, created_at }) =>
        said.map((text, place) => ({
          id: randomUUID(),
          conversation_id: id,
          user_id: owner.userId,
          text,
          speaker: `SPEAKER_0${place % 2}`,
          is_user: place % 2,
          person_id: null,
          start_at: place * 5,
          end_at: place * 5 + 4,
          translations: '[]',
          source: null,
          asr_provider: null,
          created_at,
          updated_at: created_at,
        })),
      ),
    );
    for (let from = 0; from < size; from += ITEMS_AT_ONCE) {
      await database.transaction(async (tx) => {
        for (const { id, title, overview, created_at } of conversations.slice(from, from + ITEMS_AT_ONCE))
          await searchDocuments.put(tx, {
            owner: owner.userId,
            collection: 'companion.conversation',
            id,
            title,
            body: [overview, ...said].join('\n'),
            at: created_at,
          });
      });
    }
  },
  operations: [
    {
      what: 'Memories, a page of 50 behind the first',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/v3/memories?limit=50&offset=50', headers }),
    },
    {
      what: 'A memory written: `POST /v3/memories`',
      kind: 'one',
      ask: ({ headers }, n) => ({
        method: 'POST',
        path: '/v3/memories',
        headers,
        body: { content: `I like tea of kind ${n}.` },
      }),
    },
    {
      what: 'A memory rewritten: `PATCH /v3/memories/{id}`',
      kind: 'one',
      ask: ({ headers, memory }, n) => ({
        method: 'PATCH',
        path: `/v3/memories/${memory}?value=${encodeURIComponent(`I like tea of kind ${n}.`)}`,
        headers,
      }),
    },
    {
      what: 'Action items, a page of 50',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/v1/action-items?limit=50', headers }),
    },
    {
      what: 'Action items that are open, a page of 25',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/v1/action-items?limit=25&completed=false', headers }),
    },
    {
      what: 'Conversations, a page of 50',
      kind: 'page',
      ask: ({ headers }) => ({ path: '/v1/conversations?limit=50', headers }),
    },
    {
      what: 'One conversation: `GET /v1/conversations/{id}`',
      kind: 'one',
      ask: ({ headers, middle }) => ({ path: `/v1/conversations/${middle}`, headers }),
    },
    {
      what: `Search of a word that ${SELDOM} conversations have`,
      kind: 'page',
      ask: ({ headers }) => search(headers, 'lighthouse'),
    },
    {
      what: 'Search of a word that every conversation has',
      kind: 'page',
      because: 'up to 1,000 matches are counted into pages, and all are put in order',
      ask: ({ headers }) => search(headers, 'harbour'),
    },
    {
      what: 'A question that the rules answer, its words are seldom: `POST /v2/messages`',
      kind: 'one',
      ask: ({ headers }) => question(headers, 'Who is the lighthouse keeper?'),
    },
    {
      what: 'A question with a word that is everywhere',
      kind: 'one',
      because: 'every match is weighed for the best ones',
      ask: ({ headers }) => question(headers, 'How was the harbour?'),
    },
    {
      what: 'All memories (up to 5,000): `GET /v3/memories?limit=100`, as the app asks',
      kind: 'all',
      ask: ({ headers }) => ({ path: '/v3/memories?limit=100&offset=0', headers }),
    },
  ],
});

/** @typedef {import('./asking.js').Question} Question */

/** @param {Readonly<Record<string, string>>} headers @param {string} query @returns {Question} */
const search = (headers, query) => ({
  method: 'POST',
  path: '/v1/conversations/search',
  headers,
  body: { query, per_page: 10 },
});

/** @param {Readonly<Record<string, string>>} headers @param {string} text @returns {Question} */
const question = (headers, text) => ({ method: 'POST', path: '/v2/messages', headers, body: { text } });
