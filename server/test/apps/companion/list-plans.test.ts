import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createActionItemStore } from '../../../src/apps/companion/action-items/store.js';
import {
  type ConversationFilter,
  createConversationStore,
} from '../../../src/apps/companion/conversations/store.js';
import { createMemoryStore } from '../../../src/apps/companion/memories/store.js';
import { companionMigrations } from '../../../src/apps/companion/migrations.js';
import { createPeopleStore } from '../../../src/apps/companion/people/store.js';
import type { ConversationRow } from '../../../src/apps/companion/tables.js';
import { createProfileStore } from '../../../src/apps/companion/users/store.js';
import { createWebhookStore } from '../../../src/apps/companion/webhooks/store.js';
import type { Database } from '../../../src/platform/database/database.js';
import { kyselyOver } from '../../../src/platform/database/sqlite/dialect.js';
import { type TestDatabase, testDatabase } from '../../support/databases.js';

const page = { limit: 50, offset: 0 };
const finished: ConversationFilter = { statuses: ['processing', 'completed'], includeDiscarded: false };

describe('the lists of the companion, as SQLite plans them', () => {
  let made: TestDatabase;
  let database: Database;
  let seen: CompiledQuery[] = [];
  beforeAll(async () => {
    made = await testDatabase('sqlite', companionMigrations);
    const { read } = made.database;
    database = {
      ...made.database,
      read: kyselyOver({
        executeQuery: <Row>(query: CompiledQuery) => {
          seen.push(query);
          return read.executeQuery(query as CompiledQuery<Row>);
        },
        streamQuery: () => {
          throw new Error('No list is streamed.');
        },
      }),
    };
  });
  afterAll(() => made.remove());
  beforeEach(() => {
    seen = [];
  });

  /** What SQLite says that it will do, one line a step. */
  const plansOf = async (ask: Promise<unknown>): Promise<string[]> => {
    await ask;
    const steps: string[] = [];
    for (const query of seen) {
      const { rows } = await made.database.read.executeQuery<{ detail: string }>({
        ...query,
        sql: `explain query plan ${query.sql}`,
      });
      steps.push(...rows.map(({ detail }) => detail));
    }
    return steps;
  };

  it.each([
    [
      'conversations',
      'companion_conversations_newest',
      () => createConversationStore(database).list('u', finished, page),
    ],
    [
      'conversations of a time',
      'companion_conversations_newest',
      () => createConversationStore(database).list('u', { ...finished, from: 1, to: 2 }, page),
    ],
    [
      'the conversation in progress',
      'companion_conversations_live',
      () => createConversationStore(database).live(null, 'u'),
    ],
    [
      'the newest conversation',
      'companion_conversations_newest',
      () => createConversationStore(database).newestCompleted('u'),
    ],
    [
      'action items',
      'companion_action_items_in_order',
      () => createActionItemStore(database).list('u', {}, page),
    ],
    [
      'open action items',
      'companion_action_items_in_order',
      () => createActionItemStore(database).list('u', { completed: false }, page),
    ],
    ['memories', 'companion_memories_by_score', () => createMemoryStore(database).list('u', page)],
  ])('reads %s by %s, in one statement, without sorting or scanning', async (_list, index, ask) => {
    const steps = await plansOf(ask());
    expect(seen).toHaveLength(1);
    expect(steps.filter((step) => step.includes(index)).length, steps.join('\n')).toBeGreaterThanOrEqual(1);
    expect(steps.filter((step) => /^SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it.each([
    ['people', () => createPeopleStore(database).list(null, 'u')],
    ['webhooks', () => createWebhookStore(database).list('u')],
    ['devices', () => createProfileStore(database).deviceTokens('u')],
    ['usage', () => createProfileStore(database).usage('u', '2026-01-01')],
    ['action items of a conversation', () => createActionItemStore(database).ofConversation(null, 'u', 'c')],
  ])('finds a user’s %s without scanning', async (_list, ask) => {
    const steps = await plansOf(ask());
    expect(seen).toHaveLength(1);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });

  it('brings the contents of many conversations in three statements', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => ({ id: `id-${n}` }) as ConversationRow);
    const steps = await plansOf(createConversationStore(database).whole(null, rows));
    expect(seen).toHaveLength(3);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
  });
});
